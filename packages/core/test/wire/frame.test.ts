import fc from 'fast-check'
import { type Frame, frameOf, HEADER_BYTES, Kind, payloadOf, readUint32, writeUint32 } from '@troupe/core/internal'

describe('a frame', () => {
  test('is a header of 16 bytes, big-endian, and the payload: | length 4 | kind 1 | flags 1 | zero 2 | origin 4 | destination 4 |', () => {
    const bytes = frameOf(
      { kind: Kind.block, flags: 3, origin: 0x01020304, destination: 0xf1f2f3f4 },
      Uint8Array.of(0xaa, 0xbb),
    )
    expect([...bytes]).toEqual([
      ...[0, 0, 0, 2],
      Kind.block,
      3,
      ...[0, 0],
      ...[1, 2, 3, 4],
      ...[0xf1, 0xf2, 0xf3, 0xf4],
      ...[0xaa, 0xbb],
    ])
    expect(HEADER_BYTES).toBe(16)
  })

  test('has kinds that never change their number', () => {
    expect(Kind).toEqual({ hello: 1, block: 2, credit: 3, control: 4 })
  })

  test('gives its payload without copying', () => {
    const bytes = frameOf({ kind: 2, flags: 0, origin: 1, destination: 2 }, Uint8Array.of(1, 2, 3))
    const payload = payloadOf({ bytes } as Frame)
    expect([...payload]).toEqual([1, 2, 3])
    expect(payload.buffer).toBe(bytes.buffer)
  })

  test('numbers of 32 bits come back as they went', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 0xffff_ffff }), fc.nat(4), (value, at) => {
        const bytes = new Uint8Array(8).fill(0x77)
        writeUint32(bytes, at, value)
        expect(readUint32(bytes, at)).toBe(value)
        expect(new DataView(bytes.buffer).getUint32(at)).toBe(value)
        expect([...bytes].filter((_, index) => index < at || index > at + 3)).toEqual(new Array(4).fill(0x77))
      }),
    )
  })
})
