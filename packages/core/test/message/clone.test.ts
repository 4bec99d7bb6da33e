/** The contract of values within one thread: what the codec gives in another process. */
import { isDeepStrictEqual } from 'node:util'
import { runInNewContext } from 'node:vm'
import fc from 'fast-check'
import { MAX_DEPTH, PORTABLE, clone as cloneAs } from '@troupe/core/internal'

const clone = <T>(value: T): any => cloneAs(value, 'The argument')
const ref = Object.freeze({ [PORTABLE]: () => 0, send: () => 0 })

const leaf = fc.oneof(
  fc.constantFrom(null, undefined, true, Number.NaN, Infinity, 0, -0, '', 'a\ud800b', 'äöü', '🎈'),
  fc.double(),
  fc.bigInt(),
  fc.string(),
  fc.date({ noInvalidDate: false }),
  fc.constantFrom(/a+b/giu, /(?<x>.)\k<x>/s).map((regex) => new RegExp(regex.source, regex.flags)),
  fc.uint8Array({ maxLength: 20 }).map((bytes) => Buffer.from(bytes)),
  fc.uint8Array({ maxLength: 20 }),
  fc.uint8ClampedArray(),
  fc.int16Array(),
  fc.float32Array(),
  fc.float64Array(),
  fc.bigInt64Array(),
  fc.uint8Array({ maxLength: 20 }).map((bytes) => bytes.slice().buffer),
  fc.uint8Array({ maxLength: 20 }).map((bytes) => new DataView(bytes.slice().buffer, bytes.length >> 1)),
  fc.constant(ref),
)

const { value } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 5, depthSize: 'small', withCrossShrink: true },
    leaf,
    fc.array(tie('value'), { maxLength: 6 }),
    fc.dictionary(fc.string({ maxLength: 12 }), tie('value'), { maxKeys: 6, noNullPrototype: true }),
    fc.array(fc.tuple(tie('value'), tie('value')), { maxLength: 4 }).map((entries) => new Map(entries)),
    fc.array(tie('value'), { maxLength: 4 }).map((items) => new Set(items)),
    fc
      .tuple(fc.constantFrom(Error, RangeError), fc.string(), tie('value'))
      .map(([Class, message, field]) => Object.assign(new Class(message), { field })),
  ),
}))

/** Every object that can be changed, within `value` and below its views. */
function mutable(value: unknown, found = new Set<object>()): Set<object> {
  if (typeof value !== 'object' || value === null || PORTABLE in value || found.has(value)) return found
  found.add(value)
  if (ArrayBuffer.isView(value)) return mutable(value.buffer, found)
  if (value instanceof Map) for (const pair of value) mutable([...pair], found)
  else if (value instanceof Set) for (const item of value) mutable(item, found)
  else for (const key of Reflect.ownKeys(value)) mutable(Reflect.get(value, key), found)
  return found
}

test('a clone equals what it was made of, and shares nothing with it that can be changed', () => {
  fc.assert(
    fc.property(value, (original) => {
      const copy = clone(original)
      if (!isDeepStrictEqual(copy, original)) expect(copy).toStrictEqual(original)
      const before = mutable(original)
      for (const each of mutable(copy)) expect(before.has(each)).toBe(false)
    }),
    { numRuns: 150 },
  )
})

test('refs, and what else carries itself, pass as they are', () => {
  expect(clone({ list: [ref] }).list[0]).toBe(ref)
})

test('what stands in two places is copied for each', () => {
  const shared = { n: 1 }
  const copy = clone({ a: shared, b: shared })
  expect(copy).toEqual({ a: { n: 1 }, b: { n: 1 } })
  expect(copy.a).not.toBe(copy.b)
})

test('an instance of a class becomes a plain object of its own fields', () => {
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
  expect(clone(new Point())).toStrictEqual({ x: 1, y: { z: 2 } })
  expect(clone(Object.assign(Object.create(null), { a: 1 }))).toStrictEqual({ a: 1 })
})

test('subclasses of Map, Set and typed arrays become what they extend, holes undefined', () => {
  class OwnMap extends Map<string, number> {}
  class OwnSet extends Set<number> {}
  class OwnFloats extends Float64Array {}
  const copy = clone([new OwnMap([['a', 1]]), new OwnSet([1]), OwnFloats.of(1.5), Array(2)])
  expect(copy).toStrictEqual([new Map([['a', 1]]), new Set([1]), Float64Array.of(1.5), [undefined, undefined]])
  expect(copy[2].constructor).toBe(Float64Array)
})

test('a view takes along its own bytes only', () => {
  const whole = Uint8Array.from({ length: 64 }, (_, index) => index)
  const [bytes, words, view] = clone([
    whole.subarray(3, 6),
    new Uint32Array(whole.buffer, 8, 2),
    new DataView(whole.buffer, 5, 3),
  ])
  expect([...bytes]).toEqual([3, 4, 5])
  expect([...words]).toEqual([...new Uint32Array(whole.buffer, 8, 2)])
  expect([view.getUint8(0), view.byteLength]).toEqual([5, 3])
  expect([bytes.buffer.byteLength, words.buffer.byteLength, view.buffer.byteLength]).toEqual([3, 8, 3])
})

test('an error keeps class, fields, cause and where it was thrown', () => {
  const cause = new TypeError('below')
  const error = Object.assign(new RangeError('out', { cause }), { at: 3, socket: () => 0 })
  const copy = clone(error)
  expect(copy).toBeInstanceOf(RangeError)
  expect(copy).toMatchObject({ message: 'out', at: 3, remoteStack: error.stack, cause: { message: 'below' } })
  expect(copy.cause).toBeInstanceOf(TypeError)
  expect('socket' in copy).toBe(false)
  expect(copy.cause).not.toBe(cause)
})

test('values of another realm keep their kind', () => {
  const foreign = runInNewContext(
    `({ map: new Map([['a', new Date(5)]]), set: new Set([1]), regex: /a/g, floats: Float32Array.of(1.5),
       buffer: Uint8Array.of(3).buffer, view: new DataView(new ArrayBuffer(2)), error: new RangeError('out') })`,
  )
  const copy = clone(foreign)
  expect(copy.map).toStrictEqual(new Map([['a', new Date(5)]]))
  expect([copy.set, copy.regex]).toStrictEqual([new Set([1]), /a/g])
  expect(copy.floats).toEqual(Float32Array.of(1.5))
  expect([...new Uint8Array(copy.buffer)]).toEqual([3])
  expect([copy.view.byteLength, copy.error.message]).toEqual([2, 'out'])
  expect(copy.error).toBeInstanceOf(RangeError)
})

test('keys that mean something elsewhere are only keys', () => {
  const odd = { constructor: 'c', toString: 't', length: 3, hasOwnProperty: 1, name: 'n', message: 'm', '': 0 }
  expect(clone(odd)).toEqual(odd)
  expect(clone(JSON.parse('{"__proto__": {"polluted": true}}')).polluted).toBeUndefined()
})

const cycle: Record<string, unknown> = { list: [] }
;(cycle['list'] as unknown[]).push(cycle, cycle)

/** What an `await` would take for a promise. */
const thenable = new Proxy({}, { get: (_, key) => (key === 'then' ? () => 0 : undefined) })

function nested(levels: number): unknown {
  let inner: unknown = 1
  for (let level = 0; level < levels; level += 1) inner = [inner]
  return inner
}

test.each<[unknown, string, RegExp]>([
  [{ items: [0, { close: () => 0 }] }, 'arg.items[1].close', /^The argument cannot be sent: .*is a function/],
  [[Symbol('s')], 'arg[0]', /a symbol/],
  [{ p: Promise.resolve() }, 'arg.p', /a Promise/],
  [{ p: thenable }, 'arg.p', /a thenable/],
  [new Map([['k', new WeakMap()]]), 'arg.get("k")', /a WeakMap/],
  [[new SharedArrayBuffer(1)], 'arg[0]', /a SharedArrayBuffer/],
  [cycle, 'arg.list[0]', /a cycle/],
  [nested(MAX_DEPTH + 1), `arg${'[0]'.repeat(MAX_DEPTH)}`, /nested deeper than 500 levels/],
])('%p is refused with its path', (bad, path, problem) => {
  expect(() => clone(bad)).toThrow(expect.objectContaining({ code: 'ERR_SERIALIZATION', path }))
  expect(() => clone(bad)).toThrow(problem)
})

test('values as deep as allowed are copied', () => {
  expect(isDeepStrictEqual(clone(nested(MAX_DEPTH)), nested(MAX_DEPTH))).toBe(true)
})
