/** The contract of values: what structuredClone takes, cycles excepted, arrives as it was sent. */
import { isDeepStrictEqual } from 'node:util'
import { runInNewContext } from 'node:vm'
import fc from 'fast-check'
import { Pair, travel } from './blocks.js'

/** What is known to change on the way, and said so in the docs. */
function asItArrives(value: unknown): unknown {
  if (Object.is(value, -0)) return 0
  if (Array.isArray(value)) return value.map(asItArrives)
  if (value instanceof Map) return new Map([...value].map(([key, item]) => [asItArrives(key), asItArrives(item)]))
  if (value instanceof Set) return new Set([...value].map(asItArrives))
  if (typeof value === 'object' && value !== null && [Object.prototype, null].includes(Object.getPrototypeOf(value))) {
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, asItArrives(item)]))
  }
  return value
}

const key = fc.string({ unit: 'binary', maxLength: 12 }).filter((text) => text !== '__proto__')

const leaf = fc.oneof(
  fc.constantFrom(null, undefined, true, false, Number.NaN, Infinity, -Infinity, 0, ''),
  fc.integer(),
  fc.maxSafeInteger(),
  fc.double(),
  fc.bigInt(),
  fc.string({ unit: 'binary', maxLength: 300 }),
  fc.date({ noInvalidDate: true }),
  fc.constantFrom(/a+b/giu, /^[\\/"]$/m, /(?<x>.)\k<x>/s),
  fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes)),
  fc.uint8ClampedArray(),
  fc.int8Array(),
  fc.int16Array(),
  fc.uint16Array(),
  fc.int32Array(),
  fc.uint32Array(),
  fc.float32Array(),
  fc.float64Array(),
  fc.bigInt64Array(),
  fc.bigUint64Array(),
  fc.uint8Array({ maxLength: 40 }).map((bytes) => bytes.slice().buffer),
)

const { value } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 5, depthSize: 'small', withCrossShrink: true },
    leaf,
    fc.array(tie('value'), { maxLength: 6 }),
    fc.dictionary(key, tie('value'), { maxKeys: 6, noNullPrototype: false }),
    fc.record({ id: tie('value'), name: tie('value'), tags: tie('value') }),
    fc.array(fc.tuple(tie('value'), tie('value')), { maxLength: 4 }).map((entries) => new Map(entries)),
    fc.array(tie('value'), { maxLength: 4 }).map((items) => new Set(items)),
  ),
}))

function expectSame(arrived: unknown, sent: unknown): void {
  if (!isDeepStrictEqual(arrived, asItArrives(sent))) expect(arrived).toStrictEqual(asItArrives(sent))
}

test('any data arrives as it was sent, in one block and over many, packers and readers keeping their state', () => {
  const pair = new Pair()
  fc.assert(
    fc.property(fc.array(value, { maxLength: 20 }), (values) => {
      const arrived = pair.travel(values)
      expect(arrived).toHaveLength(values.length)
      arrived.forEach((each, index) => expectSame(each, values[index]))
    }),
    { numRuns: 150 },
  )
})

test('any data arrives as it was sent through a slab that is smaller than it', () => {
  const pair = new Pair({ slabBytes: 64 })
  fc.assert(
    fc.property(fc.array(value, { minLength: 1, maxLength: 5 }), (values) => {
      pair.travel(values).forEach((each, index) => expectSame(each, values[index]))
    }),
    { numRuns: 100 },
  )
})

test('a snapshot is what would have arrived, and later changes do not reach it', () => {
  const pair = new Pair()
  fc.assert(
    fc.property(value, (sent) => expectSame(pair.packer.snapshot(sent), sent)),
    { numRuns: 100 },
  )
  const list = [1, { deep: [2] }]
  const copy = pair.packer.snapshot(list)
  list.push(3)
  ;(list[1] as { deep: number[] }).deep.push(4)
  expect(copy).toEqual([1, { deep: [2] }])
  // And it left no shape behind that the other end would have to know.
  expect(pair.travel([{ deep: 1 }, { deep: 2 }])).toEqual([{ deep: 1 }, { deep: 2 }])
})

test('integers at every border of the format arrive exactly', () => {
  const borders = [5, 6, 7, 8, 15, 16, 31, 32, 33, 52, 53].flatMap((bits) =>
    [-1, 0, 1].flatMap((by) => [2 ** bits + by, -(2 ** bits) + by]),
  )
  const exact = borders.filter((number) => Math.abs(number) <= Number.MAX_SAFE_INTEGER)
  const big = [8n, 31n, 32n, 53n, 63n, 64n, 65n, 128n, 1_000n].flatMap((bits) =>
    [-1n, 0n, 1n].flatMap((by) => [2n ** bits + by, -(2n ** bits) + by]),
  )
  expect(travel(exact)).toEqual(exact)
  expect(travel(big)).toEqual(big)
  expect((travel(big) as unknown[]).every((each) => typeof each === 'bigint')).toBe(true)
})

test('the numbers of an envelope arrive exactly at every border, beside any value', () => {
  const borders = [0, 1, 31, 32, 63, 64, 127, 128, 255, 256, 65_535, 65_536, 2 ** 31, 2 ** 32 - 1]
  const pair = new Pair()
  const numbers = borders.flatMap((to) => borders.map((id) => [to, (to + id) % 2 ** 32, id] as const))
  const values = numbers.map((_, index) => ({ index }))
  const items = pair.block(values, numbers)
  expect(items.filter((_, at) => at % 5 < 3)).toEqual(numbers.flat())
  expect(items.filter((_, at) => at % 5 === 3)).toEqual(values)
})

test('the size of an envelope counts the bytes that it added to the block', () => {
  const pair = new Pair()
  const { slab, packer } = pair
  packer.begin(slab)
  const before = slab.length
  const size = packer.append(slab, 16, 1, 7, { text: 'x'.repeat(100) })
  const sizeOfSize = 2
  expect(slab.length - before).toBe(size + sizeOfSize)
  expect(size).toBeGreaterThan(100)
})

test('a value larger than the slab arrives, and so does what stands around it', () => {
  const pair = new Pair({ slabBytes: 4_096 })
  const big = Buffer.alloc(3_000_000, 'abcdefg')
  const text = 'äöü'.repeat(100_000)
  const [before, bytes, long, ...after] = pair.travel([{ before: 1 }, big, { text }, { after: 2 }, { before: 3 }])
  expect(Buffer.compare(bytes as Buffer, big)).toBe(0)
  expect((long as { text: string }).text === text).toBe(true)
  expect([before, ...after]).toEqual([{ before: 1 }, { after: 2 }, { before: 3 }])
})

test('a block of thousands of envelopes arrives complete and in order', () => {
  const values = Array.from({ length: 20_000 }, (_, index) => ({ index, name: `n${index % 7}` }))
  expect(new Pair().travel(values)).toEqual(values)
})

test('more shapes than the packer remembers arrive right, in many rounds and blocks', () => {
  const pair = new Pair()
  const shapes = Array.from({ length: 3_000 }, (_, index) => `key${index}`)
  for (let round = 0; round < 3; round += 1) {
    for (let from = 0; from < shapes.length; from += 500) {
      const values = shapes.slice(from, from + 500).map((name) => ({ [name]: round, same: { [name]: 1 } }))
      expect(pair.travel(values)).toEqual(values)
    }
  }
})

test('a view takes along its own bytes only', () => {
  const whole = Uint8Array.from({ length: 64 }, (_, index) => index)
  const arrived = travel([whole.subarray(3, 6), new Uint32Array(whole.buffer, 8, 2), new DataView(whole.buffer, 5, 3)])
  const [bytes, words, view] = arrived as [Uint8Array, Uint32Array, DataView]
  expect([...bytes]).toEqual([3, 4, 5])
  expect(words).toBeInstanceOf(Uint32Array)
  expect([...words]).toEqual([...new Uint32Array(whole.buffer, 8, 2)])
  expect(Object.prototype.toString.call(view)).toBe('[object DataView]')
  expect([view.byteLength, view.getUint8(0), view.getUint8(2)]).toEqual([3, 5, 7])
})

test('a Buffer arrives as one, a Uint8Array with its bytes', () => {
  const [buffer, bytes] = travel([Buffer.from('abc'), Uint8Array.of(1, 2)]) as [Buffer, Uint8Array]
  expect(buffer.toString()).toBe('abc')
  expect([...bytes]).toEqual([1, 2])
  expect(ArrayBuffer.isView(bytes)).toBe(true)
})

test('bytes that arrived do not share memory with what is read after them', () => {
  const pair = new Pair()
  const [first] = pair.travel([Buffer.from('first')]) as [Buffer]
  pair.travel([Buffer.from('xxxxxxxxxxxxxxxx')])
  expect(first.toString()).toBe('first')
  expect(first.buffer.byteLength).toBeLessThan(100)
})

test('an instance of a class arrives as a plain object of its own fields', () => {
  class Point {
    readonly x = 1
    readonly y = { z: 2 }
    get sum(): number {
      return 3
    }
    toJSON(): string {
      return 'not this'
    }
  }
  const arrived = travel(new Point())
  expect(arrived).toStrictEqual({ x: 1, y: { z: 2 } })
  expect(Object.getPrototypeOf(arrived)).toBe(Object.prototype)
})

test('subclasses of Map, Set and typed arrays arrive as what they extend', () => {
  class OwnMap extends Map<string, number> {}
  class OwnSet extends Set<number> {}
  class OwnFloats extends Float64Array {}
  const sent = [new OwnMap([['a', 1]]), new OwnSet([1, 2]), OwnFloats.of(1.5, 2.5), { after: 1 }]
  expect(travel(sent)).toEqual([new Map([['a', 1]]), new Set([1, 2]), Float64Array.of(1.5, 2.5), { after: 1 }])
})

test('values of another realm keep their kind', () => {
  const foreign = runInNewContext(
    `({ map: new Map([['a', new Date(5)]]), set: new Set([1]), regex: /a/g, floats: Float32Array.of(1.5),
       bytes: Uint8Array.of(1, 2), buffer: Uint8Array.of(3).buffer, view: new DataView(new ArrayBuffer(2)),
       error: new RangeError('out') })`,
  )
  const arrived = travel(foreign) as Record<string, any>
  expect(arrived['map'].get('a').getTime()).toBe(5)
  expect([...arrived['set']]).toEqual([1])
  expect([arrived['regex'].source, arrived['regex'].flags]).toEqual(['a', 'g'])
  expect(arrived['floats']).toEqual(Float32Array.of(1.5))
  expect([...arrived['bytes']]).toEqual([1, 2])
  expect([...new Uint8Array(arrived['buffer'])]).toEqual([3])
  expect(arrived['view'].byteLength).toBe(2)
  expect(arrived['error']).toBeInstanceOf(RangeError)
})

test('an object without a prototype arrives with its fields', () => {
  expect(travel(Object.assign(Object.create(null), { a: 1 }))).toEqual({ a: 1 })
})

test('keys that mean something elsewhere are only keys', () => {
  const odd = { constructor: 'c', toString: 't', length: 3, hasOwnProperty: 1, name: 'n', message: 'm', '': 0 }
  expect(travel(odd)).toEqual(odd)
  const polluted = travel(JSON.parse('{"__proto__": {"polluted": true}}')) as Record<string, unknown>
  expect(polluted['polluted']).toBeUndefined()
  expect(({} as Record<string, unknown>)['polluted']).toBeUndefined()
})

test('holes arrive as undefined, lone surrogates as U+FFFD, minus zero as zero', () => {
  expect(travel(Array(3))).toEqual([undefined, undefined, undefined])
  expect(travel('a\ud800b')).toBe('a\ufffdb')
  expect(Object.is(travel(-0), 0)).toBe(true)
})

test('an invalid date arrives invalid, dates far away and before 1970 arrive exactly', () => {
  const dates = [
    new Date(0),
    new Date(-1),
    new Date(-62_135_596_800_001),
    new Date(8.64e15),
    new Date(1_234_567_890_123),
  ]
  expect(travel(dates)).toEqual(dates)
  expect(Number.isNaN((travel(new Date(Number.NaN)) as Date).getTime())).toBe(true)
})

test('a value that stands in two places arrives in both', () => {
  const shared = { n: 1 }
  expect(travel({ a: shared, b: [shared, shared] })).toEqual({ a: { n: 1 }, b: [{ n: 1 }, { n: 1 }] })
})
