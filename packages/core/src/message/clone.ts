/** Data copied as it would arrive in another process, without leaving this one. The contract is the codec's. */
import { isPortable, MAX_DEPTH, NEVER_DATA, notData } from './data.js'
import { fromWireError, isErrorLike, toWireError } from './wire-error.js'

/**
 * A copy that shares nothing with `value` but refs, and what else carries itself. Class instances become plain objects
 * of their own fields, subclasses of Map, Set and typed arrays what they extend, holes undefined.
 *
 * @param what names the value in an error: `The argument of 'add'`.
 * @throws SerializationError, with the path of the bad member, for what is not data.
 */
export function clone(value: unknown, what: string): unknown {
  try {
    return copyOf(value, MAX_DEPTH)
  } catch (error) {
    throw notData(value, error, what)
  }
}

/** A cycle ends by running out of `levels`; which member is to blame is found out afterwards. */
function copyOf(value: unknown, levels: number): unknown {
  if (typeof value === 'function' || typeof value === 'symbol') throw new TypeError(`a ${typeof value} is no data`)
  if (typeof value !== 'object' || value === null || isPortable(value)) return value
  if (ArrayBuffer.isView(value)) return copyOfView(value)
  const tag = tagOf(value)
  if (tag === 'ArrayBuffer') return (value as ArrayBuffer).slice(0)
  if (levels === 0) throw new RangeError(`it is nested deeper than ${MAX_DEPTH} levels`)
  if (NEVER_DATA.has(tag) || typeof (value as { then?: unknown }).then === 'function') {
    throw new TypeError(`a ${tag} is no data`)
  }
  return copyOfMembers(value, tag, levels - 1)
}

function copyOfMembers(value: object, tag: string, levels: number): unknown {
  const copy = (member: unknown): unknown => copyOf(member, levels)
  if (Array.isArray(value)) return Array.from(value, copy)
  if (tag === 'Map')
    return new Map(Array.from(value as Map<unknown, unknown>, ([key, item]) => [copy(key), copy(item)]))
  if (tag === 'Set') return new Set(Array.from(value as Set<unknown>, copy))
  if (tag === 'Date') return new Date((value as Date).getTime())
  if (tag === 'RegExp') return new RegExp((value as RegExp).source, (value as RegExp).flags)
  if (/(Error|Exception)$/.test(tag) && isErrorLike(value)) return fromWireError(copy(toWireError(value)) as never)
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, copy(member)]))
}

/** Its own bytes only. Node's Buffer stays one, as it does on the way to another process. */
function copyOfView(view: ArrayBufferView): unknown {
  if (view.constructor.name === 'Buffer') return Uint8Array.prototype.slice.call(view)
  const bytes = new Uint8Array(view.buffer, view.byteOffset, view.byteLength).slice()
  const View = (globalThis as unknown as Record<string, new (buffer: ArrayBufferLike) => ArrayBufferView>)[tagOf(view)]
  if (View === undefined) throw new TypeError(`a ${tagOf(view)} is no data`)
  return new View(bytes.buffer)
}

const tagOf = (value: object): string => Object.prototype.toString.call(value).slice(8, -1)
