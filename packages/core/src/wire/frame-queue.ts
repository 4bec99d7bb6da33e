/**
 * Frames that the channel has not taken yet, in two lanes: control overtakes blocks, always at a frame's border.
 * Shared by all peers behind one channel.
 */
import type { Channel } from '../ports/channel.js'
import { Ring } from '../mailbox/ring.js'

export class FrameQueue {
  readonly #channel: Channel
  readonly #onWaiting: (bytes: number) => void
  readonly #urgent = new Ring<Uint8Array>()
  readonly #ordinary = new Ring<Uint8Array>()
  #full = false
  #closing = false
  #waiting = 0
  /** Told when all that waited has been taken. */
  readonly onDrained: Set<() => void> = new Set()

  /** `onWaiting` is told how much waits when yet another frame has to. */
  constructor(channel: Channel, onWaiting: (bytes: number) => void = () => undefined) {
    this.#channel = channel
    this.#onWaiting = onWaiting
  }

  /** Whether the channel has taken all that was sent, and has room. */
  get free(): boolean {
    return !this.#full
  }

  /** Bytes that wait here. */
  get waiting(): number {
    return this.#waiting
  }

  /** Sends `frame`, which the caller may overwrite as soon as this returns. `goesOn`: with what the last one began. */
  send(frame: Uint8Array, urgent = false, goesOn = false): void {
    if (!this.#full) {
      this.#full = !this.#channel.send(frame)
      return
    }
    if (!goesOn) this.#onWaiting(this.#waiting)
    this.#waiting += frame.length
    // A copy; `slice` of a Buffer is none.
    const copy = new Uint8Array(frame)
    if (urgent) this.#urgent.push(copy)
    else this.#ordinary.push(copy)
  }

  /** To be called when the channel has room again. */
  drain(): void {
    this.#full = false
    while (!this.#full) {
      const frame = this.#urgent.shift() ?? this.#ordinary.shift()
      if (frame === undefined) return this.#drained()
      this.#waiting -= frame.length
      this.#full = !this.#channel.send(frame)
    }
  }

  /** Ends the way out once all that waits has been taken. */
  close(): void {
    if (this.#full) this.#closing = true
    else this.#channel.close()
  }

  /** Writes all that waits, blocking, for at most `deadline` ms: the process is about to end. */
  flushNow(deadline: number): void {
    const rest: Uint8Array[] = []
    for (let frame = this.#urgent.shift(); frame !== undefined; frame = this.#urgent.shift()) rest.push(frame)
    for (let frame = this.#ordinary.shift(); frame !== undefined; frame = this.#ordinary.shift()) rest.push(frame)
    this.#waiting = 0
    this.#channel.flushNow?.(rest, deadline)
  }

  #drained(): void {
    if (this.#closing) this.#channel.close()
    for (const told of this.onDrained) told()
  }
}
