import { findBadMember, holdsStream, MAX_DEPTH, PORTABLE } from '@troupe/core/internal'

function nested(levels: number, leaf: unknown): unknown {
  let value = leaf
  for (let level = 0; level < levels; level += 1) value = [value]
  return value
}

const cycle: Record<string, unknown> = { list: [] }
;(cycle['list'] as unknown[]).push(cycle)

/** What an `await` would take for a promise. */
const thenable = new Proxy({}, { get: (_, key) => (key === 'then' ? () => 0 : undefined) })

/** As a socket or a stream: methods on the prototype are no matter, a function among its own fields is. */
class Socketlike {
  readonly fd = 3
  readonly handlers = { close: () => undefined }
  write(): void {}
}

describe('the member that is not data is named by its path', () => {
  test.each<[unknown, string, string]>([
    [() => 0, 'arg', 'a function'],
    [{ f: function work() {} }, 'arg.f', 'a function'],
    [class Thing {}, 'arg', 'a function'],
    [[1, Symbol('s')], 'arg[1]', 'a symbol'],
    [{ items: [0, { close: () => 0 }] }, 'arg.items[1].close', 'a function'],
    [{ 'a b': { 1: Symbol('s') } }, 'arg["a b"].1', 'a symbol'],
    [{ p: Promise.resolve() }, 'arg.p', 'a Promise'],
    [{ p: thenable }, 'arg.p', 'a thenable'],
    [new WeakMap(), 'arg', 'a WeakMap'],
    [[new WeakSet()], 'arg[0]', 'a WeakSet'],
    [{ r: new WeakRef({}) }, 'arg.r', 'a WeakRef'],
    [(function* () {})(), 'arg', 'a Generator'],
    [new Map([['k', () => 0]]), 'arg.get("k")', 'a function'],
    [new Map([[1, { f: () => 0 }]]), 'arg.get(1).f', 'a function'],
    [new Map([[Symbol('k'), 1]]), 'arg.keys()', 'a symbol'],
    [new Set([1, () => 0]), 'arg.values()', 'a function'],
    [cycle, 'arg.list[0]', 'a cycle back to its own owner'],
    [new Socketlike(), 'arg.handlers.close', 'a function'],
    [nested(MAX_DEPTH + 1, 1), `arg${'[0]'.repeat(MAX_DEPTH)}`, `nested deeper than ${MAX_DEPTH} levels`],
  ])('%p', (value, path, kind) => {
    expect(findBadMember(value)).toMatchObject({ path, kind })
    expect(findBadMember(value)?.cure).toMatch(/\w/)
  })

  test('the path starts with the name of the whole', () => {
    expect(findBadMember({ a: () => 0 }, 'result')?.path).toBe('result.a')
  })
})

describe('data passes', () => {
  const shared = { a: 1 }
  test.each<[string, unknown]>([
    ['nothing', undefined],
    ['null', null],
    ['scalars', ['', 0, -0, Number.NaN, Infinity, 1n, true]],
    ['a sparse array', new Array(3)],
    ['dates, patterns and errors', [new Date(0), /x/g, new RangeError('x')]],
    ['Map and Set', new Map<unknown, unknown>([[{ k: 1 }, new Set([new Map()])]])],
    ['bytes and views', [new ArrayBuffer(8), new Uint8Array(8), new DataView(new ArrayBuffer(8)), Buffer.from('x')]],
    ['what carries itself', { ref: Object.assign(() => 0, {}) && { [PORTABLE]: () => 0, f: () => 0 } }],
    ['one object twice', [shared, shared, { shared }]],
    ['an object without a prototype', Object.assign(Object.create(null), { a: 1 })],
    ['as deep as allowed', nested(MAX_DEPTH, 1)],
  ])('%s', (_, value) => {
    expect(findBadMember(value)).toBeUndefined()
  })

  test('what looks at its members alone is never changed', () => {
    const value = { list: [1, { a: new Map([['k', 1]]) }] }
    const before = structuredClone(value)
    findBadMember(value)
    expect(value).toEqual(before)
  })
})

describe('a stream is found', () => {
  const stream = { [Symbol.asyncIterator]: () => ({}) }

  test.each<[unknown]>([
    [stream],
    [[1, { a: { b: [stream] } }]],
    [new Map([['k', stream]])],
    [new Map([[stream, 1]])],
    [new Set([1, [stream]])],
  ])('%#', (value) => {
    expect(holdsStream(value)).toBe(true)
  })

  test('and nothing else is taken for one', () => {
    const portable = { [PORTABLE]: 1, inside: stream }
    for (const value of [
      undefined,
      null,
      1,
      'x',
      {},
      [[]],
      new Map([[1, new Set([2])]]),
      new Uint8Array(9),
      portable,
    ]) {
      expect(holdsStream(value)).toBe(false)
    }
  })
})
