import { ProtocolError } from '../errors/kinds.js'
import type { Channel } from '../ports/channel.js'

/** Parcels that may have come before the messages that name them. */
const MAX_OPEN = 10_000

/** Buffers that are handed over beside the frames of one channel, each list under a number of its own. */
export class Parcels {
  readonly #channel: Channel
  readonly #come = new Map<number, readonly ArrayBuffer[]>()
  /** Named by the block that is being read. */
  readonly #taken = new Set<number>()
  #next = 1

  constructor(channel: Channel) {
    this.#channel = channel
  }

  /**
   * Hands `buffers` over; they are detached now.
   *
   * @returns their number; undefined where the channel cannot, and nothing has happened.
   * @throws what the channel says of a buffer that cannot be handed over.
   */
  send(buffers: readonly ArrayBuffer[]): number | undefined {
    if (this.#channel.move === undefined) return undefined
    const parcel = this.#next
    this.#channel.move(parcel, buffers)
    this.#next += 1
    return parcel
  }

  /** Kept until the message that names it is read. Throws ProtocolError for a neighbour that sends what nothing names. */
  receive(parcel: number, buffers: readonly ArrayBuffer[]): void {
    if (this.#come.size >= MAX_OPEN) {
      throw new ProtocolError({ peer: 'at the other end', problem: 'too many buffers that no message names' })
    }
    this.#come.set(parcel, buffers)
  }

  /** A message names it, perhaps several times. */
  take(parcel: number): readonly ArrayBuffer[] | undefined {
    this.#taken.add(parcel)
    return this.#come.get(parcel)
  }

  /** The block has been read. */
  settle(): void {
    if (this.#taken.size === 0) return
    for (const parcel of this.#taken) this.#come.delete(parcel)
    this.#taken.clear()
  }
}
