import { ProtocolError } from '../errors/kinds.js'
import type { Asker, Sender } from '../message/envelope.js'
import type { Resident } from './resident.js'

/** Bytes that may be on their way to one actor from one host: what is here and not handled counts. */
export const ACTOR_WINDOW: number = 1024 * 1024

/**
 * One actor as one peer reaches it: counts what has been handled and gives the room back in batches of an eighth of the
 * window, or of the mailbox. Granting on arrival instead would let a slow actor's memory grow without bound
 * (docs/decisions/0003).
 */
export class Inlet implements Sender {
  readonly resident: Resident
  readonly #grant: (actor: number, messages: number, bytes: number) => void
  readonly #batch: number
  #messages = 0
  #bytes = 0
  /** What has come and was not granted back, as the sender counts it too. */
  #heldMessages = 0
  #heldBytes = 0

  constructor(resident: Resident, grant: (actor: number, messages: number, bytes: number) => void) {
    this.resident = resident
    this.#grant = grant
    this.#batch = Math.max(1, resident.capacity >> 3)
  }

  /** A message has come. Throws ProtocolError when its sender had no room for it. */
  admit(name: string, value: unknown, asker: Asker | undefined, bytes: number): void {
    // Under `dropOldest` the mailbox bounds itself.
    const most = this.resident.overflow === 'dropOldest' ? Infinity : this.resident.capacity
    if (this.#heldMessages >= most || this.#heldBytes >= ACTOR_WINDOW) {
      const { host, actor } = this.resident.address
      throw new ProtocolError({ peer: 'at the other end', problem: `more messages to ${host}.${actor} than have room` })
    }
    this.#heldMessages += 1
    this.#heldBytes += bytes
    this.resident.admit(name, value, asker, this, bytes)
  }

  handled(bytes: number): void {
    // The life of a supervised actor is ending: what has not been sent yet is for the next one.
    if (this.resident.takesMore === false) return
    this.#messages += 1
    this.#bytes += bytes
    if (this.#messages >= this.#batch || this.#bytes >= ACTOR_WINDOW / 8) this.#give()
  }

  #give(): void {
    this.#grant(this.resident.address.actor, this.#messages, this.#bytes)
    this.#heldMessages -= this.#messages
    this.#heldBytes -= this.#bytes
    this.#messages = this.#bytes = 0
  }
}
