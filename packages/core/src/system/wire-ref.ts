import type { Overflow } from '../mailbox/options.js'
import type { Address } from '../message/address.js'
import type { Target } from '../ref/target.js'

/** What travels for a ref: where its actor lives, and how much its mailbox takes. */
export type WireRef = readonly [host: number, actor: number, incarnation: number, capacity: number, wait: boolean]

export function toWireRef(target: Target & { overflow?: Overflow }): WireRef {
  const { host, actor, incarnation } = target.address
  return [host, actor, incarnation, target.capacity, target.overflow !== 'reject']
}

/** @throws TypeError for what is no ref. */
export function readWireRef(fields: unknown): { address: Address; capacity: number; overflow: Overflow } {
  if (!Array.isArray(fields) || fields.length < 5 || !fields.slice(0, 4).every((each) => Number.isInteger(each))) {
    throw new TypeError('What came in the place of a ref is none')
  }
  const [host, actor, incarnation, capacity, wait] = fields as unknown as WireRef
  return { address: { host, actor, incarnation }, capacity, overflow: wait ? 'wait' : 'reject' }
}
