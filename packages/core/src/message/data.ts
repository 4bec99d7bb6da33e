import { SerializationError } from '../errors/kinds.js'

/**
 * Messages are data: what `structuredClone` takes, cycles excepted. The codec finds out while it packs; only after it
 * has thrown does this second walk look for the member to blame, so the fast path pays nothing.
 */
export interface BadMember {
  /** Where it stands, from the name of the whole: `arg.items[3].close`. */
  readonly path: string
  readonly kind: string
  readonly cure: string
}

/**
 * Values nested deeper than this are refused: the reader's stack must hold them too. Packing runs out of stack at 500
 * levels of errors, 700 of sets, 1,200 of objects; but once its code is warm it may pack what a cold reader cannot read.
 */
export const MAX_DEPTH = 500

/** One message may not be larger: it could not be put together again. */
export const MAX_MESSAGE: number = 1024 * 1024 * 1024

/**
 * For codecs, once `value` has been packed into `size` bytes: what could be packed cannot always be read.
 *
 * @throws RangeError when it is larger than MAX_MESSAGE, or nested deeper than MAX_DEPTH.
 */
export function expectReadable(size: number, value: unknown): void {
  if (size > MAX_MESSAGE) throw new RangeError(`it takes ${size} bytes, more than ${MAX_MESSAGE}`)
  // A level takes a byte at least: small messages need no second look.
  if (size > MAX_DEPTH && isDeeperThan(MAX_DEPTH, value)) {
    throw new RangeError(`it is nested deeper than ${MAX_DEPTH} levels`)
  }
}

/** The first member of `value` that is not data, or undefined when all of it is. `name` starts the path. */
export function findBadMember(value: unknown, name = 'arg'): BadMember | undefined {
  return search(value, name, [])
}

/** What to tell the sender of a value that could not be packed. `name` starts the path. */
export function notData(value: unknown, error: unknown, what: string, name = 'arg'): SerializationError {
  const bad = findBadMember(value, name) ?? {
    path: name,
    kind: String((error as { message?: unknown } | undefined)?.message ?? error),
    cure: 'what structuredClone takes, cycles excepted',
  }
  return new SerializationError({ what, ...bad }, { cause: error })
}

/** Values that know how to travel by themselves (refs) carry this brand, and are data. */
export const PORTABLE: unique symbol = Symbol.for('@troupe/portable') as never

/** Whether the codec leaves `value` to the `Portables` of its pair of hosts. */
export function isPortable(value: object): boolean {
  return PORTABLE in value || isStream(value)
}

/** What a consumer elsewhere takes item by item. A sync generator is none: make it `async`. */
export function isStream(value: object): value is AsyncIterable<unknown> {
  return typeof (value as Partial<AsyncIterable<unknown>>)[Symbol.asyncIterator] === 'function'
}

/** Whether `value`, which has no cycles, is a stream or has one within. */
export function holdsStream(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || isBytes(value) || PORTABLE in value) return false
  if (isStream(value)) return true
  const tag = Object.prototype.toString.call(value)
  if (tag === '[object Map]') return [...(value as Map<unknown, unknown>)].some(holdsStream)
  return Object.values(tag === '[object Set]' ? [...(value as Set<unknown>)] : value).some(holdsStream)
}

function search(value: unknown, path: string, above: object[]): BadMember | undefined {
  if (typeof value === 'function') return bad(path, 'a function', 'name code with remote(), or send plain values')
  if (typeof value === 'symbol') return bad(path, 'a symbol', 'send a string in its place')
  if (typeof value !== 'object' || value === null || isPortable(value) || isBytes(value)) return undefined
  if (above.includes(value)) return bad(path, 'a cycle back to its own owner', 'send a tree, with ids for references')
  if (above.length >= MAX_DEPTH) return bad(path, `nested deeper than ${MAX_DEPTH} levels`, 'flatten it')
  const tag = Object.prototype.toString.call(value).slice(8, -1)
  if (NEVER_DATA.has(tag) || typeof (value as { then?: unknown }).then === 'function') {
    return bad(path, `a ${tag === 'Object' ? 'thenable' : tag}`, NEVER_DATA.get(tag) ?? PLAIN)
  }
  above.push(value)
  const found = searchMembers(value, tag, path, above)
  above.pop()
  return found
}

/**
 * Without the path, and so without allocating; for what has no cycle, but through errors: fields that lead back to one
 * of the `errors` above are not sent.
 */
function isDeeperThan(levels: number, value: unknown, errors?: readonly object[]): boolean {
  if (typeof value !== 'object' || value === null || isPortable(value) || isBytes(value)) return false
  if (levels === 0) return true
  if (Array.isArray(value)) return value.some((item) => isDeeperThan(levels - 1, item, errors))
  const tag = Object.prototype.toString.call(value)
  if (tag === '[object Map]') {
    for (const [key, item] of value as Map<unknown, unknown>) {
      if (isDeeperThan(levels - 1, key, errors) || isDeeperThan(levels - 1, item, errors)) return true
    }
    return false
  }
  if (tag === '[object Set]') {
    for (const item of value as Set<unknown>) if (isDeeperThan(levels - 1, item, errors)) return true
    return false
  }
  if (tag === '[object Error]') {
    if (errors?.includes(value) === true) return false
    errors = [...(errors ?? []), value]
  }
  for (const key in value) {
    if (isDeeperThan(levels - 1, (value as Record<string, unknown>)[key], errors)) return true
  }
  return false
}

function searchMembers(value: object, tag: string, path: string, above: object[]): BadMember | undefined {
  if (tag === 'Map') {
    for (const [key, item] of value as Map<unknown, unknown>) {
      const found = search(key, `${path}.keys()`, above) ?? search(item, `${path}.get(${show(key)})`, above)
      if (found !== undefined) return found
    }
  } else if (tag === 'Set') {
    for (const item of value as Set<unknown>) {
      const found = search(item, `${path}.values()`, above)
      if (found !== undefined) return found
    }
  } else {
    for (const [key, item] of Object.entries(value)) {
      const found = search(item, Array.isArray(value) ? `${path}[${key}]` : `${path}${member(key)}`, above)
      if (found !== undefined) return found
    }
  }
  return undefined
}

/** What the handle of a launched host is tagged as. */
export const LAUNCHED_HOST = 'LaunchedHost'
/** The tag of a supervisor as users hold it. */
export const SUPERVISOR = 'Supervisor'

const PLAIN = 'send plain values'

/** Kinds of objects that never travel, each with its cure: what they stand for lives in their own process. */
export const NEVER_DATA: ReadonlyMap<string, string> = new Map([
  ['Promise', 'await it first'],
  ['WeakMap', PLAIN],
  ['WeakSet', PLAIN],
  ['WeakRef', PLAIN],
  ['Generator', PLAIN],
  ['SharedArrayBuffer', PLAIN],
  [LAUNCHED_HOST, 'spawn where it was launched, and send the refs of its actors'],
  ['StartedProcess', 'send its pid, or the queue that it works for'],
  [SUPERVISOR, 'ask it where it was started, and send the refs of its children'],
])

const isBytes = (value: object): boolean => ArrayBuffer.isView(value) || value instanceof ArrayBuffer

const bad = (path: string, kind: string, cure: string): BadMember => ({ path, kind, cure })

const member = (key: string): string => (/^[\w$]+$/.test(key) ? `.${key}` : `[${JSON.stringify(key)}]`)

const show = (key: unknown): string => (typeof key === 'string' ? JSON.stringify(key) : String(key))
