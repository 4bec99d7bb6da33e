import { expectNumber, expectOneOf, expectOptions } from '../errors/expect.js'

/** How many messages may wait, and what becomes of one too many. */
export interface MailboxOptions {
  /** Messages that may wait, the one in hand not counted. Default 10,000. */
  readonly capacity?: number | undefined
  /** What becomes of a message too many. Default `wait`. */
  readonly overflow?: Overflow | undefined
}

/**
 * At the bound:
 * - `wait`: `tell` returns false, an ask waits for room.
 * - `reject`: `tell` returns false, an ask rejects with MailboxFullError.
 * - `dropNewest`: as `reject`; the dead letter says so.
 * - `dropOldest`: the message is taken, and the oldest that waits is dropped: a tell becomes a dead letter, an ask
 *   rejects with MailboxFullError. It was not handled, although its `tell` had returned true.
 */
export type Overflow = 'wait' | 'reject' | 'dropOldest' | 'dropNewest'

/** All policies, in the order of their numbers in refs that travel. */
export const OVERFLOWS: readonly Overflow[] = ['wait', 'reject', 'dropOldest', 'dropNewest']

/** Why a message that finds no room is a dead letter. */
export type Overflowed = 'full' | 'dropOldest' | 'dropNewest'

/** What the dead letter of a message says that found no room under that policy. */
export function overflowed(overflow: Overflow): Overflowed {
  return overflow === 'dropOldest' || overflow === 'dropNewest' ? overflow : 'full'
}

/** The options with their defaults. Throws TypeError or RangeError for what is wrong. */
export function mailboxOptions(given: MailboxOptions | undefined): { capacity: number; overflow: Overflow } {
  expectOptions('mailbox', given, ['capacity', 'overflow'])
  const capacity = given?.capacity ?? 10_000
  const overflow = given?.overflow ?? 'wait'
  expectNumber('mailbox.capacity', capacity, { min: 1, integer: true })
  expectOneOf('mailbox.overflow', overflow, OVERFLOWS)
  return { capacity, overflow }
}
