/** A question with more than its argument, as it travels: `[actor, chain, items, bytes, argument]`. */
import { ProtocolError } from '../errors/kinds.js'
import type { Chain } from '../message/chain.js'
import type { Asker, Window } from '../message/envelope.js'
import { isCount } from '../ref/wire-ref.js'
import { FIRST_ACTOR } from './reserved.js'

export interface Call {
  readonly actor: number
  readonly chain: Chain | undefined
  /** Of a stream. */
  readonly window: Window | undefined
  readonly arg: unknown
}

export function writeCall(actor: number, arg: unknown, { chain, window }: Asker): unknown[] {
  return [actor, chain ?? null, window?.items ?? 0, window?.bytes ?? 0, arg]
}

/** @throws ProtocolError for what is none. */
export function readCall(fields: unknown): Call {
  if (!Array.isArray(fields) || fields.length !== 5) throw broken('a call without its parts')
  const [actor, chain, items, bytes, arg] = fields as unknown[]
  if (!isCount(actor) || actor < FIRST_ACTOR || !isCount(items) || !isCount(bytes)) throw broken('a call of no actor')
  if (chain !== null && !isChain(chain)) throw broken('a call whose chain is none')
  return { actor, arg, chain: chain ?? undefined, window: items === 0 ? undefined : { items, bytes } }
}

/** A list of so many counts. Throws ProtocolError for anything else. */
export function readCounts(fields: unknown, length: number): number[] {
  if (Array.isArray(fields) && fields.length === length && fields.every(isCount)) return fields
  throw broken(`something else in the place of ${length} counts`)
}

const isChain = (value: unknown): value is Chain =>
  Array.isArray(value) && value.every((each) => typeof each === 'string')

const broken = (problem: string): ProtocolError => new ProtocolError({ peer: 'at the other end', problem })
