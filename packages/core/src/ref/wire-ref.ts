import { type Overflow, OVERFLOWS } from '../mailbox/options.js'
import type { Address } from '../message/address.js'
import type { Target } from './target.js'

/** What travels for a ref: where its actor lives, and how much its mailbox takes. */
export type WireRef = readonly [host: number, actor: number, incarnation: number, capacity: number, overflow: number]

export function toWireRef(target: Pick<Target, 'address' | 'capacity'> & { overflow?: Overflow }): WireRef {
  const { host, actor, incarnation } = target.address
  return [host, actor, incarnation, target.capacity, OVERFLOWS.indexOf(target.overflow ?? 'wait')]
}

/** @throws TypeError for what is no ref. */
export function readWireRef(fields: unknown): { address: Address; capacity: number; overflow: Overflow } {
  const numbers = Array.isArray(fields) && fields.length >= 5 && fields.slice(0, 5).every(isCount)
  const overflow = numbers ? OVERFLOWS[fields[4] as number] : undefined
  if (overflow === undefined) throw new TypeError('What came in the place of a ref is none')
  const [host, actor, incarnation, capacity] = fields as unknown as WireRef
  return { address: { host, actor, incarnation }, capacity, overflow }
}

export const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0
