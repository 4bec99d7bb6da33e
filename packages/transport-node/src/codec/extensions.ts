/**
 * What msgpackr must learn to hold our contract of values: refs and errors travel, promises and their like are refused.
 * Its table of extensions is global to the module, which the user's own code may share: each of ours claims a value
 * only while one of our packers is at work.
 */
import type { RefReader } from '@troupe/core'
import {
  fromWireError,
  isErrorLike,
  PORTABLE,
  targetOf,
  toWireError,
  toWireRef,
  type WireError,
} from '@troupe/core/internal'
import { addExtension } from 'msgpackr'

const REF = 0x01
const ERROR = 0x02

/** Packing is synchronous, so one note for the module tells whose call it is. */
const work = { ours: false }

export function whilePacking<T>(pack: () => T): T {
  const before = work.ours
  work.ours = true
  try {
    return pack()
  } finally {
    work.ours = before
  }
}

/** The reader of refs for one unpacker, to be entered before it reads. */
export function refReaderExtension(refs: RefReader): Parameters<typeof addExtension>[0] {
  return { type: REF, read: refs } as unknown as Parameters<typeof addExtension>[0]
}

/** A class whose instances are told by `claims`, while our packer works. */
function claiming(claims: (value: object) => boolean): new () => object {
  return class {
    static [Symbol.hasInstance](value: unknown): boolean {
      return work.ours && typeof value === 'object' && value !== null && claims(value)
    }
  }
}

const tagOf = (value: object): string => Object.prototype.toString.call(value).slice(8, -1)

const REFUSED = new Set(['Promise', 'WeakMap', 'WeakSet', 'WeakRef', 'Generator', 'AsyncGenerator'])

function register(
  type: number,
  Class: new () => object,
  write: (value: never) => unknown,
  read: (data: never) => unknown,
): void {
  addExtension({ type, Class, write, read } as unknown as Parameters<typeof addExtension>[0])
}

register(
  0x03,
  claiming((value) => REFUSED.has(tagOf(value)) || typeof (value as { then?: unknown }).then === 'function'),
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
  REF,
  claiming((value) => PORTABLE in value),
  (ref: object) => {
    const target = targetOf(ref)
    return target === undefined ? null : toWireRef(target)
  },
  () => undefined,
)
