import { PORTABLE, transferOf, withMoved } from '@troupe/core/internal'

const isPlaceholder = (value: unknown): boolean => typeof value === 'object' && value !== null && PORTABLE in value

describe('placeholders', () => {
  test('stand for all that lies in the buffers named, in lists and plain objects, and for nothing else', () => {
    const [gone, stays] = [new ArrayBuffer(8), new ArrayBuffer(8)]
    const kept = new Map([['view', new Uint8Array(gone)]])
    const value = {
      a: new Uint8Array(gone, 1),
      b: [gone, { c: new DataView(gone) }],
      d: new Uint8Array(stays),
      kept,
      n: 1,
    }
    const moved = withMoved(value, [gone]) as any
    expect([moved.a, moved.b[0], moved.b[1].c].every(isPlaceholder)).toBe(true)
    expect([moved.d, moved.kept, moved.n]).toEqual([value.d, kept, 1])
    // The sender's own value is as it was.
    expect(value.a).toBeInstanceOf(Uint8Array)
    expect(withMoved(moved, [gone])).toEqual(moved)
  })
})

describe('what is to be handed over', () => {
  test('is a list of buffers, each once, none gone already', () => {
    const buffer = new ArrayBuffer(4)
    expect(transferOf(undefined)).toBeUndefined()
    expect(transferOf({})).toBeUndefined()
    expect(transferOf({ transfer: [buffer] })).toEqual([buffer])
    expect(() => transferOf({ transfer: buffer })).toThrow(/Expected `transfer` to be a list of ArrayBuffers/)
    expect(() => transferOf({ transfer: [new Uint8Array(buffer)] })).toThrow(/a list of ArrayBuffers/)
    expect(() => transferOf({ transfer: [buffer, buffer] })).toThrow(/names a buffer twice/)
    structuredClone(buffer, { transfer: [buffer] })
    expect(() => transferOf({ transfer: [buffer] })).toThrow(/handed over already/)
  })
})
