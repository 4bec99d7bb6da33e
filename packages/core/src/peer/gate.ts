import type { FrameQueue } from '../wire/frame-queue.js'
import type { Outbox } from './outbox.js'

/** Bytes on their way between two hosts, granted back on arrival: bounds what a router holds. */
export const PAIR_WINDOW: number = 1024 * 1024
/** Bytes that may wait before the channel: beyond that the sender is faster than it. */
const MAX_WAITING = 64 * 1024

/** The way to one host is open while the pair of hosts has room, and the channel; whoever waits for that is told once. */
export class Gate {
  readonly #outbox: Outbox
  readonly #queue: FrameQueue
  readonly #waiters = new Set<{ opened(): void }>()

  constructor(outbox: Outbox, queue: FrameQueue) {
    this.#outbox = outbox
    this.#queue = queue
    queue.onDrained.add(this.check)
  }

  get open(): boolean {
    return this.#outbox.outstanding < PAIR_WINDOW && this.#outbox.waiting <= MAX_WAITING
  }

  whenOpen(waiter: { opened(): void }): void {
    this.#waiters.add(waiter)
  }

  /** It may have opened. */
  readonly check = (): void => {
    if (this.#waiters.size === 0 || !this.open) return
    const waiters = [...this.#waiters]
    this.#waiters.clear()
    for (const waiter of waiters) waiter.opened()
  }

  /** Nobody is told any more. */
  end(): void {
    this.#queue.onDrained.delete(this.check)
    this.#waiters.clear()
  }
}
