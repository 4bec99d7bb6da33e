/** The codec for peers that we did not start: a block means what it says, whatever came before it. */
import fc from 'fast-check'
import { untrustingCodec } from '@troupe/transport-node/internal'
import { Pair, STRIDE } from './blocks.js'

const shape = fc.record({ id: fc.integer(), name: fc.string(), tags: fc.array(fc.string()) }, { requiredKeys: ['id'] })
const value = fc.oneof(
  shape,
  fc.array(shape, { maxLength: 5 }),
  fc.dictionary(
    fc.string().filter((key) => key !== '__proto__'),
    shape,
    { maxKeys: 4, noNullPrototype: true },
  ),
  fc.array(fc.tuple(fc.string(), shape), { maxLength: 4 }).map((entries) => new Map(entries)),
  fc.uint8Array({ maxLength: 20 }).map((bytes) => Buffer.from(bytes)),
  fc.constantFrom(null, undefined, true, 7n, 'text', 1.5),
)
const plain = (given: unknown): unknown => structuredClone(given)
const valuesOf = (block: readonly unknown[]): unknown[] => block.filter((_, index) => index % STRIDE === 3)

test('values arrive as they were sent, in one block and over many', () => {
  fc.assert(
    fc.property(fc.array(fc.array(value, { maxLength: 8 }), { maxLength: 5 }), (blocks) => {
      const pair = new Pair({ codec: untrustingCodec() })
      for (const values of blocks) expect(plain(pair.travel(values))).toEqual(plain(values))
    }),
  )
})

test('each block is read alike after any others, and after none', () => {
  fc.assert(
    fc.property(fc.array(fc.array(value, { maxLength: 6 }), { minLength: 2, maxLength: 5 }), (blocks) => {
      const { packer, slab, unpacker } = new Pair({ codec: untrustingCodec() })
      const packed = blocks.map((values) => {
        slab.length = 0
        packer.begin(slab)
        for (const each of values) packer.append(slab, 16, 1, 0, each)
        packer.end(slab)
        return Uint8Array.prototype.slice.call(slab.bytes, 0, slab.length)
      })
      packed.reverse().forEach((block, index) => {
        const sent = plain(blocks[blocks.length - 1 - index])
        expect(plain(valuesOf(unpacker.read(block)))).toEqual(sent)
      })
    }),
  )
})

test('bytes that are no block throw, and harm no later block', () => {
  const pair = new Pair({ codec: untrustingCodec() })
  const said = [{ id: 1, name: 'a' }]
  expect(pair.travel(said)).toEqual(said)
  const nested = (levels: number) => Buffer.concat([Buffer.alloc(levels, 0x91), Buffer.from([0xc0])])
  const envelope = (value: Buffer) =>
    Buffer.concat([Buffer.from([0xdd, 0, 0, 0, 5, 16, 1, 0]), value, Buffer.from([0])])
  const bytes = [
    nested(100_000),
    envelope(nested(502)),
    Buffer.from([0xdd, 0xff, 0xff, 0xff, 0xff]),
    Buffer.from([0x93, 1, 2, 3]),
    Buffer.from([0xc1]),
    Buffer.alloc(0),
  ]
  expect(pair.unpacker.read(envelope(nested(500)))).toHaveLength(STRIDE)
  for (const each of bytes) expect(() => pair.unpacker.read(each)).toThrow()
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (rubbish) => {
      try {
        pair.unpacker.read(rubbish)
      } catch {
        // As it should, mostly.
      }
      expect(pair.travel(said)).toEqual(said)
    }),
    { numRuns: 500 },
  )
})
