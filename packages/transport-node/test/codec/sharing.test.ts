/** Others in the process may use msgpackr too: neither they nor we notice. Refs travel, and two readers do not mix. */
import { createSystem, defineActor } from '@troupe/core'
import { msgpackCodec } from '@troupe/transport-node/internal'
import { addExtension, Packr, Unpackr } from 'msgpackr'
import { Pair, travel } from './blocks.js'

/** msgpackr as another library would use it. */
const foreign = (): ((value: unknown) => unknown) => {
  const packr = new Packr({ moreTypes: true })
  const unpackr = new Unpackr({ moreTypes: true })
  return (value) => unpackr.unpack(packr.pack(value))
}

test('what others pack is packed as if we were not there', () => {
  const there = foreign()
  // A class that is ours to refuse, an error, a promise: theirs to decide.
  const error = there(new RangeError('theirs')) as Error & { remoteStack?: string }
  expect([error.message, 'remoteStack' in error]).toEqual(['theirs', false])
  expect(there({ when: Promise.resolve(1) })).toEqual({ when: {} })
  expect(there({ map: new WeakMap() })).toEqual({ map: {} })
  class Own extends Map<string, number> {}
  expect(there(new Own([['a', 1]]))).toEqual({})
})

test('what others pack between our messages disturbs neither', () => {
  const pair = new Pair()
  const there = foreign()
  const { slab, packer } = pair
  packer.begin(slab)
  for (let index = 0; index < 500; index += 1) {
    packer.append(slab, 16, 0, 0, { index, text: `ours ${index}` })
    expect(there({ index, text: `theirs ${index}`, list: [index] })).toMatchObject({ text: `theirs ${index}` })
  }
  packer.end(slab)
  const items = pair.unpacker.read(Buffer.from(slab.bytes.subarray(0, slab.length)))
  expect(items.filter((_, at) => at % 5 === 3)).toEqual(
    Array.from({ length: 500 }, (_, index) => ({ index, text: `ours ${index}` })),
  )
})

test('a snapshot between our messages disturbs neither', () => {
  const pair = new Pair()
  const { slab, packer } = pair
  packer.begin(slab)
  const snapshots: unknown[] = []
  for (let index = 0; index < 500; index += 1) {
    packer.append(slab, 16, 0, 0, { index, text: `ours ${index}` })
    snapshots.push(packer.snapshot({ list: [index, index], text: `kept ${index}` }))
  }
  packer.end(slab)
  const items = pair.unpacker.read(Buffer.from(slab.bytes.subarray(0, slab.length)))
  expect(items.filter((_, at) => at % 5 === 3)).toEqual(snapshots.map((_, index) => ({ index, text: `ours ${index}` })))
  expect(snapshots).toEqual(snapshots.map((_, index) => ({ list: [index, index], text: `kept ${index}` })))
})

test('what others have packed stays as it was while we go on', () => {
  const packr = new Packr()
  const kept: Buffer[] = []
  const pair = new Pair()
  for (let index = 0; index < 200; index += 1) {
    kept.push(packr.pack({ index }))
    pair.travel([{ ours: 'x'.repeat(200) }])
    kept.push(packr.pack({ index, more: true }))
  }
  const unpackr = new Unpackr()
  expect(kept.map((bytes) => unpackr.unpack(bytes))).toEqual(
    kept.map((_, at) => (at % 2 === 0 ? { index: at / 2 } : { index: (at - 1) / 2, more: true })),
  )
})

test('a getter that packs while we pack disturbs neither', () => {
  const there = foreign()
  const seen: unknown[] = []
  const sly = {
    before: 1,
    get inner(): string {
      seen.push(there({ theirs: [1, 2, 3] }))
      return 'x'.repeat(100)
    },
    after: 2,
  }
  expect(new Pair().travel([{ first: 1 }, sly, { last: 1 }])).toEqual([
    { first: 1 },
    { before: 1, inner: 'x'.repeat(100), after: 2 },
    { last: 1 },
  ])
  expect(seen).toEqual([{ theirs: [1, 2, 3] }])
})

test('an extension of others, of any number, is theirs before and after our messages', () => {
  class Money {
    readonly cents: number

    constructor(cents: number) {
      this.cents = cents
    }
  }
  for (const type of [1, 2, 3, 4, 50, 100]) {
    addExtension({
      Class: Money,
      type,
      write: (money: Money) => money.cents,
      read: (cents: number) => new Money(cents),
    } as never)
    const there = foreign()
    expect([type, there(new Money(5))]).toEqual([type, new Money(5)])
    expect(travel([new RangeError('ours'), new (class Own extends Map<number, number> {})([[1, 2]])])).toEqual([
      expect.objectContaining({ message: 'ours' }),
      new Map([[1, 2]]),
    ])
    expect([type, there(new Money(6))]).toEqual([type, new Money(6)])
  }
})

test('a ref travels as what its reader makes of it, wherever it stands', async () => {
  const system = createSystem()
  const ref = await system.spawn(defineActor({ init: () => undefined, on: {} }))
  const fields = [1, Number(ref.id.split('.')[1]), 0, 10_000, 0, 0]
  const read = (value: unknown): unknown => ({ ref: value })
  const pair = new Pair({ refs: read })
  expect(pair.travel([ref, { deep: [new Map([['key', ref]])] }])).toEqual([
    { ref: fields },
    { deep: [new Map([['key', { ref: fields }]])] },
  ])
  await system.stop()
})

test('two readers in one process give refs each to its own', async () => {
  const system = createSystem()
  const ref = await system.spawn(defineActor({ init: () => undefined, on: {} }))
  const [a, b] = ['a', 'b'].map((name) => new Pair({ refs: () => name }))
  for (let round = 0; round < 3; round += 1) {
    expect(a!.travel([{ ref }])).toEqual([{ ref: 'a' }])
    expect(b!.travel([{ ref }])).toEqual([{ ref: 'b' }])
  }
  await system.stop()
})

test('each packer has its own shapes', () => {
  const [one, two] = [new Pair(), new Pair()]
  for (let round = 0; round < 3; round += 1) {
    expect(
      one.travel([
        { id: 1, name: 'a' },
        { x: 1, y: 2 },
      ]),
    ).toEqual([
      { id: 1, name: 'a' },
      { x: 1, y: 2 },
    ])
    expect(
      two.travel([
        { x: 3, y: 4 },
        { id: 2, name: 'b' },
      ]),
    ).toEqual([
      { x: 3, y: 4 },
      { id: 2, name: 'b' },
    ])
  }
})

test('bytes that are no block are an error of the reader, and never a hang', () => {
  const unpacker = msgpackCodec().unpacker({ read: (fields) => fields })
  expect(() => unpacker.read(Uint8Array.of(0xdd, 0, 0, 0, 5, 1, 2))).toThrow()
  expect(() => unpacker.read(Buffer.alloc(0))).toThrow()
})
