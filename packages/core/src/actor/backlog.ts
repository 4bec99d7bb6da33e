/**
 * What waits for one actor: first what it has stashed and replays, then its mailbox. What it keeps stashed waits too, but
 * is not handled before it is replayed.
 */
import { MailboxFullError } from '../errors/kinds.js'
import type { Reason } from '../errors/reason.js'
import { Mailbox } from '../mailbox/mailbox.js'
import { Ring } from '../mailbox/ring.js'
import type { Asker, Envelope } from '../message/envelope.js'
import { refuse, refuseFull, type Refuser } from './refusing.js'

export class Backlog {
  readonly #actor: Refuser
  readonly #onArrival: () => void
  readonly #mailbox: Mailbox
  #kept = new Ring<Envelope>()
  #replayed = new Ring<Envelope>()

  /** `onArrival` is told whenever there may be something to handle. */
  constructor(actor: Refuser, onArrival: () => void) {
    this.#actor = actor
    this.#onArrival = onArrival
    this.#mailbox = new Mailbox(actor.mailbox)
  }

  /** Messages and notes that wait, stashed ones included. */
  get length(): number {
    return this.#kept.length + this.handleable
  }

  /** Those that are handled next, if nothing else comes. */
  get handleable(): number {
    return this.#replayed.length + this.#mailbox.length
  }

  get full(): boolean {
    return this.#mailbox.full
  }

  room(): Promise<void> {
    return this.#mailbox.room()
  }

  /** Takes a message of this thread. What is dropped for want of room is refused: this one (then false), or another. */
  offer(envelope: Envelope): boolean {
    const dropped = this.#mailbox.offer(envelope)
    if (dropped !== undefined) refuseFull(this.#actor, dropped)
    this.#onArrival()
    return dropped !== envelope
  }

  /** Takes a message for which its peer has reserved the room. */
  admit(envelope: Envelope): void {
    const dropped = this.#mailbox.admit(envelope)
    if (dropped !== undefined) refuseFull(this.#actor, dropped)
    this.#onArrival()
  }

  /** Takes a note that must not be refused. */
  note(envelope: Envelope): void {
    this.#mailbox.note(envelope)
    this.#onArrival()
  }

  take(): Envelope | undefined {
    return this.#replayed.shift() ?? this.#mailbox.take()
  }

  /** Takes an ask back that nobody waits for any more. */
  withdraw(asker: Asker): Envelope | undefined {
    const asked = (each: Envelope): boolean => each.asker === asker
    return this.#mailbox.withdraw(asked) ?? this.#kept.remove(asked) ?? this.#replayed.remove(asked)
  }

  /**
   * Keeps a message until `release`. It waits outside of the mailbox: its room is its sender's again.
   *
   * @throws MailboxFullError when as many are kept as the mailbox takes; the message stays where it was.
   */
  keep({ name, arg, asker, sender, bytes }: Envelope): void {
    const { capacity } = this.#mailbox
    if (this.#kept.length >= capacity) {
      const { label: actor } = this.#actor
      const message = `${actor} has stashed ${capacity} messages, as many as its mailbox takes. Unstash them, or raise \`mailbox.capacity\`.`
      throw new MailboxFullError({ actor, capacity }, { message })
    }
    this.#kept.push({ name, arg, asker, sender: undefined, bytes: 0 })
    sender?.handled(bytes)
  }

  /** What is kept comes next, in order; before what was released earlier and kept no more, as it is older. */
  release(): void {
    this.#unstash()
    this.#onArrival()
  }

  /** Refuses all of it: the actor is down, or about to be. */
  refuse(reason: Reason): void {
    this.#unstash()
    for (let next = this.#replayed.shift(); next !== undefined; next = this.#replayed.shift()) {
      refuse(this.#actor, next, reason)
    }
    for (const envelope of this.#mailbox.drain()) refuse(this.#actor, envelope, reason)
  }

  #unstash(): void {
    const later = this.#replayed
    this.#replayed = this.#kept
    this.#kept = new Ring()
    for (let next = later.shift(); next !== undefined; next = later.shift()) this.#replayed.push(next)
  }
}
