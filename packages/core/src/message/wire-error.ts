/**
 * Errors travel as data and arrive as errors: same class where it is known (built-ins, Troupe's own, registered ones),
 * same message, own fields, cause and errors, and the stack of the process that threw as `remoteStack`.
 */
import { ActorDownError, RemoteError } from '../errors/kinds.js'
import * as kinds from '../errors/kinds.js'
import type { Reason } from '../errors/reason.js'
import { errorTable } from '../errors/table.js'
import { isTroupeError, TroupeError } from '../errors/troupe-error.js'
import { processRecord } from '../process/record.js'
import { findBadMember } from './data.js'

export interface WireError {
  readonly name: string
  readonly message: string
  readonly stack: string
  /** Own enumerable fields that are data. */
  readonly fields: Record<string, unknown>
  /** Names of the fields that were not data and stayed behind. */
  readonly dropped: readonly string[]
  readonly cause?: unknown
  readonly errors?: readonly unknown[]
  /** Set when a non-error was thrown: it is `cause`, and a RemoteError stands for it. */
  readonly thrown?: true
}

/** How deep causes are followed: a chain that long tells nothing more. */
const MAX_CAUSES = 8

/**
 * Turns whatever was thrown into data. Never throws itself, whatever getters and proxies the error has.
 *
 * @param above the errors whose cause, or one of whose errors, this one is.
 */
export function toWireError(thrown: unknown, above: readonly unknown[] = []): WireError {
  if (!isErrorLike(thrown)) return wrapThrown(thrown)
  const within = [...above, thrown]
  const fields: Record<string, unknown> = {}
  const dropped: string[] = []
  for (const key of ownKeys(thrown)) {
    const value = attempt(() => (thrown as unknown as Record<string, unknown>)[key])
    if ((isErrorLike(value) || isData(value)) && !leadsBack(value, within)) fields[key] = value
    else dropped.push(key)
  }
  if (attempt(() => isTroupeError(thrown)) === true) {
    fields['details'] = dataOnly(attempt(() => (thrown as unknown as TroupeError).details))
  }
  const wire = {
    name: registeredName(thrown) ?? text(() => thrown.name, 'Error'),
    message: text(() => thrown.message, ''),
    stack: text(() => (thrown as { remoteStack?: unknown }).remoteStack ?? thrown.stack, ''),
    fields,
    dropped,
  }
  const cause = attempt(() => thrown.cause)
  const errors = attempt(() => errorsOf(thrown))
  const follows = (next: unknown): boolean => within.length <= MAX_CAUSES && !within.includes(next)
  return {
    ...wire,
    ...(cause === undefined || !follows(cause) ? {} : { cause: causeOf(cause, within) }),
    ...(errors === undefined ? {} : { errors: errors.filter(follows).map((each) => causeOf(each, within)) }),
  }
}

/** The error that `wire` tells of, with `remoteStack`. What a foreign peer put in the wrong shape becomes a string. */
export function fromWireError(wire: WireError): Error {
  const error = build(wire)
  for (const [key, value] of Object.entries(wire.fields ?? {})) {
    if (!PROTECTED.has(key)) define(error, key, value, true)
  }
  if (wire.cause !== undefined) define(error, 'cause', revive(wire.cause), false)
  if (Array.isArray(wire.errors)) define(error, 'errors', wire.errors.map(revive), false)
  // The stack of the reader tells nothing; what is printed is where it was thrown.
  const stack = String(wire.stack ?? '')
  if (stack !== '') define(error, 'stack', stack, false)
  define(error, 'remoteStack', stack, false)
  return error
}

/** What was thrown as others are to see it: what is no error becomes the cause of a RemoteError. */
export function portableError(thrown: unknown): unknown {
  return isErrorLike(thrown) ? thrown : fromWireError(toWireError(thrown))
}

/** A reason as others are to see it. */
export function portableReason(reason: Reason): Reason {
  return reason.type === 'error' ? { ...reason, error: portableError(reason.error) } : reason
}

/** The error of a reply, whatever was thrown; an actor's end keeps its class. */
export function portableFailure(error: unknown): unknown {
  if (!isTroupeError(error) || error.code !== 'ERR_ACTOR_DOWN') return portableError(error)
  const { reason, details } = error as ActorDownError
  return reason?.type !== 'error' || isErrorLike(reason.error)
    ? error
    : new ActorDownError(portableReason(reason), details)
}

/** By shape, never by `instanceof`: errors come from other realms and other copies. */
export function isErrorLike(value: unknown): value is Error {
  if (typeof value !== 'object' || value === null) return false
  const texts = (): boolean => {
    const { message, name } = value as { message?: unknown; name?: unknown }
    return typeof message === 'string' && typeof name === 'string'
  }
  return attempt(texts) === true
}

/** Under which its class is found again, whatever its errors call themselves. */
function registeredName(thrown: Error): string | undefined {
  const Class = attempt(() => thrown.constructor)
  const name = attempt(() => Class?.name)
  return name !== undefined && processRecord().errors.get(name) === Class ? name : undefined
}

function build(wire: WireError): Error {
  const message = String(wire.message ?? '')
  const code = (wire.fields ?? {})['code']
  if (wire.thrown === true) return new RemoteError({ message })
  if (typeof code === 'string' && Object.hasOwn(errorTable, code)) return rebuildOwn(wire, message)
  const Class = processRecord().errors.get(wire.name) ?? BUILT_IN.get(wire.name)
  if (Class !== undefined) {
    const error = new Error(message)
    Object.setPrototypeOf(error, Class.prototype as object)
    // Most classes name their errors in the constructor, which does not run here.
    if (error.name !== wire.name) define(error, 'name', wire.name, false)
    return error
  }
  const error = new Error(message)
  define(error, 'name', String(wire.name ?? 'Error'), false)
  return error
}

/** Troupe's own errors are rebuilt without their constructors, whose arguments did not travel. */
function rebuildOwn(wire: WireError, message: string): Error {
  const Class = OWN.get(wire.name) ?? processRecord().errors.get(wire.name) ?? TroupeError
  const error = new TroupeError(wire.fields['code'] as TroupeError['code'], {
    message,
    details: (wire.fields['details'] ?? {}) as TroupeError['details'],
  })
  Object.setPrototypeOf(error, Class.prototype as object)
  define(error, 'name', wire.name, false)
  return error
}

const BUILT_IN = new Map(
  [Error, EvalError, RangeError, ReferenceError, SyntaxError, TypeError, URIError, AggregateError].map(
    (Class) => [Class.name, Class as unknown as new () => Error] as const,
  ),
)

const OWN = new Map<string, new (...args: never[]) => Error>(
  Object.values(kinds)
    .filter((each) => typeof each === 'function' && each.name.endsWith('Error'))
    .map((Class) => [Class.name, Class as unknown as new (...args: never[]) => Error] as const),
)

/** Fields that an error's own properties may not overwrite. */
const PROTECTED = new Set(['message', 'name', 'stack', 'cause', 'errors', 'remoteStack', 'details', '__proto__'])

function causeOf(cause: unknown, above: readonly unknown[]): unknown {
  if (isErrorLike(cause)) return { error: toWireError(cause, above) }
  return { value: dataOnly(cause) }
}

/** The errors of a group, as an AggregateError has them. */
function errorsOf(error: object): unknown[] | undefined {
  const { errors } = error as { errors?: unknown }
  return Array.isArray(errors) ? [...errors] : undefined
}

/**
 * Whether `value` comes back to one of `above`, over causes too: such a field stays behind. The codec turns errors in
 * fields into data one by one, and would go round for ever.
 */
function leadsBack(value: unknown, above: readonly unknown[]): boolean {
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return false
  if (above.includes(value)) return true
  let members: unknown[] = attempt(() => Object.values(value)) ?? []
  if (isErrorLike(value)) {
    members = members.filter((each) => isErrorLike(each) || isData(each))
    members.push(
      attempt(() => value.cause),
      ...(attempt(() => errorsOf(value)) ?? []),
    )
  }
  return members.some((each) => leadsBack(each, [...above, value]))
}

function revive(cause: unknown): unknown {
  const { error, value } = (cause ?? {}) as { error?: WireError; value?: unknown }
  return error === undefined ? value : fromWireError(error)
}

function wrapThrown(thrown: unknown): WireError {
  const message = `Thrown elsewhere, and not an error: ${attempt(() => String(thrown)) ?? typeof thrown}`
  return {
    name: 'RemoteError',
    message,
    stack: '',
    fields: {},
    dropped: [],
    cause: { value: dataOnly(thrown) },
    thrown: true,
  }
}

const dataOnly = (value: unknown): unknown => (isData(value) ? value : attempt(() => String(value)))

/** What throws when it is looked at is none. */
const isData = (value: unknown): boolean => attempt(() => findBadMember(value) === undefined) === true

const text = (get: () => unknown, otherwise: string): string => attempt(() => String(get() ?? otherwise)) ?? otherwise

const ownKeys = (error: object): string[] =>
  (attempt(() => Object.keys(error)) ?? []).filter((key) => !PROTECTED.has(key))

function attempt<T>(get: () => T): T | undefined {
  try {
    return get()
  } catch {
    return undefined
  }
}

function define(target: object, key: string, value: unknown, enumerable: boolean): void {
  Object.defineProperty(target, key, { value, enumerable, writable: true, configurable: true })
}
