import { expectNumber, expectOneOf, expectOptions } from '../errors/expect.js'

/** How many messages may wait, and what becomes of one too many. */
export interface MailboxOptions {
  /** Messages that may wait, the one in hand not counted. Default 10,000. */
  readonly capacity?: number | undefined
  /**
   * At the bound `tell` returns false under both. `wait`: asks wait for room (default). `reject`: asks reject with
   * MailboxFullError.
   */
  readonly overflow?: Overflow | undefined
}

/** What becomes of an ask when the mailbox is full: it waits for room, or rejects. */
export type Overflow = 'wait' | 'reject'

/** The options with their defaults. Throws TypeError or RangeError for what is wrong. */
export function mailboxOptions(given: MailboxOptions | undefined): { capacity: number; overflow: Overflow } {
  expectOptions('mailbox', given, ['capacity', 'overflow'])
  const capacity = given?.capacity ?? 10_000
  const overflow = given?.overflow ?? 'wait'
  expectNumber('mailbox.capacity', capacity, { min: 1, integer: true })
  expectOneOf('mailbox.overflow', overflow, ['wait', 'reject'])
  return { capacity, overflow }
}
