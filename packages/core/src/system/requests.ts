/**
 * What hosts ask of each other and tell each other, as it must look: the other may be nobody's that we know. All throw
 * ProtocolError for what no host of ours sends; the request then fails alone.
 */
import type { SystemEvent } from '../definition/system.js'
import { ProtocolError } from '../errors/kinds.js'
import type { Reason, ReasonType } from '../errors/reason.js'
import { type Ref, targetOf } from '../ref/ref.js'
import type { Target } from '../ref/target.js'
import { isCount } from '../ref/wire-ref.js'
import type { HostDown } from '../host/hosts.js'

export interface SpawnRequest {
  readonly url: string
  readonly export: string
  readonly input: unknown
  readonly name?: string | undefined
  readonly parent?: Ref | undefined
  /** The host lives for this actor alone, and ends with it. */
  readonly sole?: boolean | undefined
  /** Of one life of a supervised child: the child's id, lives before, messages that may be with it unhandled. */
  readonly child?: string | undefined
  readonly incarnation?: number | undefined
  readonly handover?: number | undefined
  /** Milliseconds that it may be at one message; it reports to us how it gets on. */
  readonly maxRunTime?: number | undefined
}

export function readSpawn(value: unknown): SpawnRequest {
  const { url, export: exported, input, name, parent, sole, maxRunTime } = fieldsOf(value)
  const { child, incarnation, handover } = fieldsOf(value)
  if (!isText(url) || !isText(exported) || !isTextOrNone(name)) throw broken('a spawn of nothing')
  if (parent !== undefined && targetOf(parent) === undefined) throw broken('a spawn by no actor')
  if (!isMsOrNone(maxRunTime)) throw broken('a spawn with a time that is none')
  if (!isTextOrNone(child) || !isCountOrNone(incarnation) || !isCountOrNone(handover))
    throw broken('a life of no child')
  const life = { child, incarnation, handover, maxRunTime }
  return { url, export: exported, input, name, parent: parent as Ref | undefined, sole: sole === true, ...life }
}

export function readText(value: unknown): string {
  if (isText(value)) return value
  throw broken('something else in the place of a name')
}

/** The number of a host or an actor. */
export function readNumber(value: unknown): number {
  if (isCount(value)) return value
  throw broken('something else in the place of a number')
}

export function readReason(value: unknown): Reason {
  const { type, code, signal } = fieldsOf(value)
  const fits = Object.hasOwn(REASONS, String(isText(type) && type)) && isCodeOrNone(code)
  if (fits && (signal === null || isTextOrNone(signal))) return value as Reason
  throw broken('a reason that is none')
}

export function readDown(value: unknown): { actor: number; reason: Reason } {
  const { actor, reason } = fieldsOf(value)
  return { actor: readNumber(actor), reason: readReason(reason) }
}

/** `actor` lives in the host that is asked; `by` links itself to it, or takes the link back. */
export interface LinkRequest {
  readonly actor: number
  readonly by: Target
}

export function readLink(value: unknown): LinkRequest {
  const { actor, by } = fieldsOf(value)
  const target = targetOf(by)
  if (target !== undefined) return { actor: readNumber(actor), by: target }
  throw broken('a link by no actor')
}

/** `timeout` in milliseconds. */
export function readDrain(value: unknown): { actor: number; timeout: number } {
  const { actor, timeout } = fieldsOf(value)
  if (typeof timeout !== 'number' || !(timeout >= -1)) throw broken('a stop without its time')
  return { actor: readNumber(actor), timeout: timeout === -1 ? Infinity : timeout }
}

export function readHostDown(value: unknown): HostDown {
  const { host, reason, silent, reported, shared } = fieldsOf(value)
  return {
    host: readNumber(host),
    reason: readReason(reason),
    silent: silent === true,
    reported: reported === true,
    shared: shared === true,
  }
}

export function readNamed(value: unknown): { name: string; ref: Ref; life: Ref } {
  const { name, ref, life } = fieldsOf(value)
  if (isText(name) && targetOf(ref) !== undefined && targetOf(life) !== undefined)
    return { name, ref: ref as Ref, life: life as Ref }
  throw broken('a name for no actor')
}

export function readMembership(value: unknown): { group: string; ref: Ref } {
  const { group, ref } = fieldsOf(value)
  if (isText(group) && targetOf(ref) !== undefined) return { group, ref: ref as Ref }
  throw broken('a membership without a group or a ref')
}

/** An event of that host: the lives and crashes that it tells of are its own. */
export function readEvent(value: unknown, teller: number): SystemEvent {
  const event = fieldsOf(value)
  const { type, at, id, name, child } = event
  const named = isTextOrNone(name) && isTextOrNone(child)
  if (!isText(type) || !isText(id) || !named || !Number.isFinite(at)) throw broken('an event that is none')
  const fits = Object.hasOwn(EVENTS, type) && EVENTS[type as SystemEvent['type']](event, String(teller))
  if (fits) return value as SystemEvent
  throw broken(`an event '${type}' that is none of its own`)
}

type Fields = Readonly<Record<string, unknown>>

const EVENTS: Record<SystemEvent['type'], (event: Fields, teller: string) => boolean> = {
  spawned: ({ id, host, parent, pid, threadId }, teller) =>
    isOf(teller, id) && host === Number(teller) && isTextOrNone(parent) && isCodeOrNone(pid) && isCodeOrNone(threadId),
  down: ({ id, reason }, teller) => isOf(teller, id) && readReason(reason) !== undefined,
  crashed: ({ id }, teller) => isOf(teller, id) || id === teller,
  restarted: ({ id, restarts }) => isText(id) && typeof restarts === 'number',
  escalated: ({ id }, teller) => isOf(teller, id),
  deadLetter: ({ to, message, count, policy }) =>
    isText(to) &&
    (message === undefined || isText(fieldsOf(message)['name'])) &&
    isCodeOrNone(count) &&
    isTextOrNone(policy),
  refused: ({ from }) => isText(from),
  overload: ({ to, capacity }) => isText(to) && typeof capacity === 'number',
  overrun: ({ ran, maxRunTime }) => Number.isFinite(ran) && Number.isFinite(maxRunTime),
  hostUp: ({ host, pid, threadId }) => isCount(host) && isCodeOrNone(pid) && isCodeOrNone(threadId),
  hostDown: ({ host, code, signal, pid, threadId }) =>
    isCount(host) && [code, pid, threadId].every(isCodeOrNone) && (signal === null || isTextOrNone(signal)),
}

const REASONS: Record<ReasonType, true> = {
  normal: true,
  shutdown: true,
  killed: true,
  noproc: true,
  noconnection: true,
  error: true,
  exit: true,
  oom: true,
}

const fieldsOf = (value: unknown): Fields => Object(value) as Fields

const isText = (value: unknown): value is string => typeof value === 'string'

const isTextOrNone = (value: unknown): value is string | undefined => value === undefined || isText(value)

const isCountOrNone = (value: unknown): value is number | undefined => value === undefined || isCount(value)

const isCodeOrNone = (value: unknown): boolean => value === undefined || value === null || typeof value === 'number'

const isMsOrNone = (value: unknown): value is number | undefined =>
  value === undefined || (typeof value === 'number' && value >= 1 && value <= 2_147_483_647)

/** Whether an actor lives in that host. */
const isOf = (host: string, id: unknown): boolean => isText(id) && id.startsWith(`${host}.`)

const broken = (problem: string): ProtocolError => new ProtocolError({ peer: 'at the other end', problem })
