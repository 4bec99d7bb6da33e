/**
 * What msgpackr must learn to hold our contract of values: portables and errors travel, promises and their like are refused.
 * Its table of extensions is global to the module, which the user's own code may share: each of ours claims a value
 * only while one of our packers is at work.
 */
import type { Portables } from '@troupe/core'
import { fromWireError, isErrorLike, isPortable, NEVER_DATA, toWireError, type WireError } from '@troupe/core/internal'
import { addExtension } from 'msgpackr'
import { isDate, isMap, isRegExp, isSet } from 'node:util/types'

// The numbers to 100 are for users of msgpackr, and of those above it uses none of these.
const PORTABLE = 0x6b
const ERROR = 0x6c
const REFUSAL = 0x6d
const FOREIGN = 0x6e

type Writer = Pick<Portables, 'write'>

/** Packing is synchronous, so one note for the module tells whose call it is; undefined while none of ours packs. */
const work: { writer: Writer | undefined } = { writer: undefined }

export function whilePacking<T>(writer: Writer, pack: () => T): T {
  const before = work.writer
  work.writer = writer
  try {
    return pack()
  } finally {
    work.writer = before
  }
}

/** The reader of portables for one unpacker, to be entered before it reads. */
export function portableReader(portables: Pick<Portables, 'read'>): Parameters<typeof addExtension>[0] {
  return { type: PORTABLE, read: (fields: unknown) => portables.read(fields) } as unknown as Parameters<
    typeof addExtension
  >[0]
}

/** A class whose instances are told by `claims`, while our packer works. */
function claiming(claims: (value: object) => boolean): new () => object {
  return class {
    static [Symbol.hasInstance](value: unknown): boolean {
      return work.writer !== undefined && typeof value === 'object' && value !== null && claims(value)
    }
  }
}

const tagOf = (value: object): string => Object.prototype.toString.call(value).slice(8, -1)

const TypedArray = Object.getPrototypeOf(Uint8Array) as new () => NodeJS.TypedArray
const READABLE = /^(Buffer|(Int|Uint)(8|16|32)Array|Uint8ClampedArray|Float(32|64)Array|Big(Int|Uint)64Array)$/

/** No other global is to be made by its name. */
const VIEW = /^(DataView|(Int|Uint|Float|BigInt|BigUint)\d+Array|Uint8ClampedArray)$/

function isForeign(value: object): boolean {
  if (ArrayBuffer.isView(value)) {
    if (tagOf(value) === 'DataView') return !(value instanceof DataView)
    return !(value instanceof TypedArray) || !READABLE.test(value.constructor.name)
  }
  if (isMap(value)) return true
  return (
    (isSet(value) && !(value instanceof Set)) ||
    (isDate(value) && !(value instanceof Date)) ||
    (isRegExp(value) && !(value instanceof RegExp)) ||
    (tagOf(value) === 'ArrayBuffer' && !(value instanceof ArrayBuffer))
  )
}

/** The same as msgpackr knows it; a view as its name and its bytes. */
function familiar(value: object): unknown {
  if (ArrayBuffer.isView(value)) {
    return [tagOf(value), new Uint8Array(value.buffer, value.byteOffset, value.byteLength)]
  }
  if (isMap(value)) return new Map(value)
  if (isSet(value)) return new Set(value)
  if (isDate(value)) return new Date(value.getTime())
  if (isRegExp(value)) return new RegExp(value.source, value.flags)
  return new Uint8Array(value as ArrayBuffer).slice().buffer
}

function register(
  type: number,
  Class: new () => object,
  write: (value: never) => unknown,
  read: (data: never) => unknown,
): void {
  addExtension({ type, Class, write, read } as unknown as Parameters<typeof addExtension>[0])
}

// msgpackr knows classes by `instanceof` and by name; what it would not know, or not rebuild, it writes as an empty
// object or not readably: subclasses of Map and of typed arrays, and all of them from another realm (tests run in one).
register(FOREIGN, claiming(isForeign), familiar, (data: unknown) => {
  if (!Array.isArray(data)) return data
  const [name, bytes] = data as [unknown, unknown]
  if (!VIEW.test(String(name)) || !ArrayBuffer.isView(bytes)) throw new TypeError('a view without its bytes')
  const View = (globalThis as unknown as Record<string, new (buffer: ArrayBufferLike) => unknown>)[String(name)]
  // A younger Node may have sent a kind that this one does not have.
  return View === undefined ? bytes : new View(new Uint8Array(bytes as Uint8Array).buffer)
})

register(
  REFUSAL,
  claiming((value) => NEVER_DATA.has(tagOf(value)) || typeof (value as { then?: unknown }).then === 'function'),
  (value: object) => {
    throw new TypeError(`a ${tagOf(value)} is no data`)
  },
  () => undefined,
)

register(
  ERROR,
  claiming((value) => /(Error|Exception)$/.test(tagOf(value)) && isErrorLike(value)),
  (error: Error) => toWireError(error),
  (wire: WireError) => fromWireError(wire),
)

register(
  PORTABLE,
  claiming(isPortable),
  (value: object) => work.writer?.write(value),
  () => undefined,
)
