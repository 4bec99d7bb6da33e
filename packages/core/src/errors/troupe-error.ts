import { type ErrorCode, errorTable } from './table.js'

/** What fills the braces of the table's sentences, and stays readable as `error.details`. */
export type Details = Readonly<Record<string, unknown>>

export interface TroupeErrorOptions {
  readonly cause?: unknown
  readonly details?: Details
  /** Replaces the table's sentence; used when an error is rebuilt from the wire. */
  readonly message?: string
}

const BRAND: unique symbol = Symbol.for('@troupe/error') as never

/**
 * The base of all errors that Troupe itself raises. Match on `code`: it is stable, and survives where classes do not
 * (two copies of the package, another realm, another process).
 */
export class TroupeError extends Error {
  /** Stable; `errorTable` has the sentence and the cure of each. */
  readonly code: ErrorCode
  /** What the sentence names: sizes, names, times. For people and logs; its keys may change. */
  readonly details: Details
  /** The stack in the process where it was thrown, when that was another one. */
  declare remoteStack?: string

  constructor(code: ErrorCode, options: TroupeErrorOptions = {}) {
    const details = options.details ?? {}
    super(
      options.message ?? sentenceOf(code, details),
      options.cause === undefined ? undefined : { cause: options.cause },
    )
    this.code = code
    Object.defineProperty(this, 'details', { value: details, enumerable: false })
    this.details = details
    Object.defineProperty(this, BRAND, { value: code })
    Object.defineProperty(this, 'name', { value: new.target.name, configurable: true, writable: true })
  }

  /** By brand, so that it holds between copies of the package and between realms. */
  static [Symbol.hasInstance](value: unknown): boolean {
    if (!isTroupeError(value)) return false
    return this === TroupeError || isNamed(value, this.name) || ordinaryHasInstance(this, value)
  }
}

/** Whether it is an error that Troupe raised, in any copy of this package and any realm. */
export function isTroupeError(value: unknown): value is TroupeError {
  return typeof value === 'object' && value !== null && BRAND in value
}

/** After the class, or one that it extends, which another copy of this package may have made. */
function isNamed(value: object, name: string): boolean {
  if ((value as Error).name === name) return true
  for (let type = Object.getPrototypeOf(value) as object | null; type !== null; type = Object.getPrototypeOf(type)) {
    if ((type.constructor as { name?: unknown } | undefined)?.name === name) return true
  }
  return false
}

const ordinaryHasInstance = (constructor: unknown, value: unknown): boolean =>
  Function.prototype[Symbol.hasInstance].call(constructor as never, value)

function sentenceOf(code: ErrorCode, details: Details): string {
  const [sentence, cure] = errorTable[code]
  return `${withoutStop(fill(sentence, details))}. ${capital(withoutStop(fill(cure, details)))}.`
}

function fill(sentence: string, details: Details): string {
  return sentence.replace(/\{(\w+)\}/g, (_, key: string) => String(details[key] ?? ''))
}

/** A detail may be a sentence of its own. */
const withoutStop = (text: string): string => text.replace(/\.+$/, '')

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)
