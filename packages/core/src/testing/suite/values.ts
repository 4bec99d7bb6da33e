/** What is data, kind by kind, and what is none. */

const bytes = (...list: number[]): ArrayBuffer => Uint8Array.from(list).buffer

/** Made anew for each case. */
export const KINDS: Readonly<Record<string, () => unknown[]>> = {
  'null, undefined and booleans': () => [null, undefined, true, false],
  numbers: () => [
    0,
    1,
    -1,
    0.5,
    -1e300,
    5e-324,
    127,
    128,
    255,
    256,
    65_536,
    2 ** 31,
    2 ** 32,
    2 ** 53 - 1,
    -(2 ** 53) + 1,
  ],
  'numbers that are none': () => [Number.NaN, Infinity, -Infinity],
  bigints: () => [0n, -1n, 2n ** 53n, 2n ** 63n, 2n ** 64n - 1n, -(2n ** 64n), 2n ** 200n],
  strings: () => ['', 'a', 'äöü€', '🂡🂢', 'x'.repeat(31), 'x'.repeat(32), 'x'.repeat(70_000), '\u0000\u2028"\\'],
  lists: () => [[], [1, [2, [3]]], Array.from({ length: 20 }, (_, n) => n), [undefined, null]],
  objects: () => [{}, { a: 1, b: { c: [null] } }, { a: undefined }, { a: 2, b: 1 }, { b: 2, a: 1 }],
  'dictionaries of many keys': () => [Object.fromEntries(Array.from({ length: 300 }, (_, n) => [`key ${n}`, n]))],
  maps: () => [
    new Map(),
    new Map<unknown, unknown>([
      [1, 'one'],
      ['1', new Map([[null, undefined]])],
    ]),
  ],
  sets: () => [new Set(), new Set<unknown>([1, '1', new Set([2n])])],
  dates: () => [new Date(0), new Date(-1), new Date(8.64e15), new Date(1_234_567_890_123), new Date(Number.NaN)],
  'regular expressions': () => [/a+b/giu, /^[\\/"]$/m, /(?<x>.)\k<x>/s],
  'array buffers': () => [new ArrayBuffer(0), bytes(1, 2, 3)],
  bytes: () => [new Uint8Array(0), Uint8Array.of(0, 255), new Uint8Array(70_000).fill(3)],
  'typed arrays': () => [
    Int8Array.of(-1),
    Uint8ClampedArray.of(255),
    Int16Array.of(-300),
    Uint16Array.of(65_535),
    Int32Array.of(-70_000),
    Uint32Array.of(2 ** 32 - 1),
    Float32Array.of(1.5),
    Float64Array.of(1e300, Number.NaN),
    BigInt64Array.of(-1n),
    BigUint64Array.of(2n ** 64n - 1n),
  ],
  'data views': () => [new DataView(bytes(1, 2, 3, 4), 1, 2)],
}

function* generator(): Generator<number> {
  yield 1
}

function cyclic(): unknown {
  const ring: Record<string, unknown> = { name: 'ring' }
  ring['self'] = [ring]
  return ring
}

/** Made anew for each case. */
export const BAD: Readonly<Record<string, () => unknown>> = {
  'a function': () => () => 1,
  'a class': () => class Own {},
  'a symbol': () => Symbol('s'),
  'a promise': () => Promise.resolve(1),
  // oxlint-disable-next-line no-thenable -- what is refused
  'a thenable': () => ({ then: () => 1 }),
  'a WeakMap': () => new WeakMap(),
  'a WeakSet': () => new WeakSet(),
  'a WeakRef': () => new WeakRef({}),
  'a generator': () => generator(),
  'shared memory': () => new SharedArrayBuffer(4),
  'a cycle': cyclic,
}

export function nested(levels: number, kind: 'arrays' | 'objects'): unknown {
  let value: unknown = 1
  for (let level = 0; level < levels; level += 1) value = kind === 'arrays' ? [value] : { a: value }
  return value
}
