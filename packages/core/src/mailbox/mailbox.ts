/**
 * A sender faster than its actor would fill memory, so a mailbox is bounded and says so at the bound.
 * Keeps the order of arrival for one reader. Knows nothing of actors; see actor/cell.ts for the reader.
 */
import type { Envelope } from '../message/envelope.js'
import type { Overflow } from './options.js'
import { Ring } from './ring.js'

export class Mailbox {
  readonly capacity: number
  readonly overflow: Overflow
  readonly #ring = new Ring<Envelope>()
  /** Asks that wait for room, in order. They enter before any later message. */
  readonly #waiting = new Ring<Envelope>()
  /** Notes about watched actors do not count against the bound: they must always find room. */
  #uncounted = 0
  #room: { promise: Promise<void>; resolve: () => void } | undefined

  constructor(options: { capacity: number; overflow: Overflow }) {
    this.capacity = options.capacity
    this.overflow = options.overflow
  }

  get length(): number {
    return this.#ring.length
  }

  get full(): boolean {
    return this.#ring.length - this.#uncounted >= this.capacity || this.#waiting.length > 0
  }

  /**
   * Takes a message of this thread; an ask that finds no room may wait for it.
   *
   * @returns the message that is dropped for want of room: this one, or the oldest under `dropOldest`.
   */
  offer(envelope: Envelope): Envelope | undefined {
    if (!this.full) {
      this.#ring.push(envelope)
      return undefined
    }
    if (this.overflow === 'dropOldest') return this.#replaceOldest(envelope)
    if (this.overflow !== 'wait' || envelope.asker === undefined) return envelope
    this.#waiting.push(envelope)
    return undefined
  }

  /**
   * Takes a message for which its peer has reserved the room already, but under `dropOldest`: there no count bounds the
   * senders.
   *
   * @returns the oldest, when it is dropped for want of room.
   */
  admit(envelope: Envelope): Envelope | undefined {
    if (this.overflow === 'dropOldest') return this.offer(envelope)
    this.#ring.push(envelope)
    return undefined
  }

  /** Takes a note that must not be refused; it keeps its place in the order of arrival. */
  note(envelope: Envelope): void {
    this.#uncounted += 1
    this.#ring.push(envelope)
  }

  take(): Envelope | undefined {
    const envelope = this.#ring.shift()
    if (envelope === undefined) return undefined
    if (envelope.note !== undefined) this.#uncounted -= 1
    if (this.#room !== undefined || this.#waiting.length > 0) this.#refill()
    return envelope
  }

  /** Takes an ask back that nobody waits for any more. */
  withdraw(matches: (envelope: Envelope) => boolean): Envelope | undefined {
    const envelope = this.#ring.remove(matches) ?? this.#waiting.remove(matches)
    if (envelope !== undefined) this.#refill()
    return envelope
  }

  /** Resolves when there is room; one promise for all who wait. */
  room(): Promise<void> {
    if (!this.full) return ROOM
    if (this.#room === undefined) {
      let resolve = (): void => undefined
      const promise = new Promise<void>((done) => {
        resolve = done
      })
      this.#room = { promise, resolve }
    }
    return this.#room.promise
  }

  /** Everything that is left, asks that waited for room included; nobody waits any more. */
  *drain(): Generator<Envelope> {
    for (let next = this.#ring.shift(); next !== undefined; next = this.#ring.shift()) yield next
    for (let next = this.#waiting.shift(); next !== undefined; next = this.#waiting.shift()) yield next
    this.#uncounted = 0
    this.#room?.resolve()
    this.#room = undefined
  }

  #replaceOldest(envelope: Envelope): Envelope | undefined {
    const oldest = this.#ring.remove(isMessage)
    this.#ring.push(envelope)
    return oldest
  }

  #refill(): void {
    while (this.#waiting.length > 0 && this.#ring.length - this.#uncounted < this.capacity) {
      this.#ring.push(this.#waiting.shift() as Envelope)
    }
    if (this.#room === undefined || this.full) return
    this.#room.resolve()
    this.#room = undefined
  }
}

const isMessage = ({ note }: Envelope): boolean => note === undefined

/** Shared, so that a sender who always asks for room allocates nothing. */
const ROOM = Promise.resolve()
