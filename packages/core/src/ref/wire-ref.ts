import { type Overflow, OVERFLOWS } from '../mailbox/options.js'
import type { Address } from '../message/address.js'
import type { Target } from './target.js'

/** What travels for a ref: where its actor lives, and how much its mailbox takes. */
export type WireRef = readonly [
  host: number,
  actor: number,
  incarnation: number,
  capacity: number,
  overflow: number,
  lasting: 0 | 1,
]

export function toWireRef(target: Pick<Target, 'address' | 'capacity' | 'lasting'> & { overflow?: Overflow }): WireRef {
  const { host, actor, incarnation } = target.address
  const lasting = target.lasting === true ? 1 : 0
  return [host, actor, incarnation, target.capacity, OVERFLOWS.indexOf(target.overflow ?? 'wait'), lasting]
}

/** @throws TypeError for what is no ref. */
export function readWireRef(fields: unknown): {
  address: Address
  capacity: number
  overflow: Overflow
  lasting: boolean
} {
  const numbers = Array.isArray(fields) && fields.length >= 5 && fields.slice(0, 5).every(isCount)
  const overflow = numbers ? OVERFLOWS[fields[4] as number] : undefined
  if (overflow === undefined) throw new TypeError('What came in the place of a ref is none')
  const [host, actor, incarnation, capacity, , lasting] = fields as unknown as WireRef
  return { address: { host, actor, incarnation }, capacity, overflow, lasting: lasting === 1 }
}

/** What a host answers that has started an actor: its ref, and what its mailbox takes, of which others see a part. */
export function toStarted(
  cell: Parameters<typeof toWireRef>[0] & { mailbox: { capacity: number } },
): readonly number[] {
  return [...toWireRef(cell), cell.mailbox.capacity]
}

/** @throws TypeError for an answer without it. */
export function readMailbox(answer: unknown): { mailboxCapacity: number } {
  const mailboxCapacity = (answer as readonly unknown[])[6]
  if (!isCount(mailboxCapacity)) throw new TypeError('What came in the place of a started actor is none')
  return { mailboxCapacity }
}

export const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0
