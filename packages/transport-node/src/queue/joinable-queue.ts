import { QueueClosedError, type WaitOptions } from '@troupe/core'
import type { Received } from './near-queue.js'
import { ProxyQueue, type Queue } from './queue.js'

/**
 * A queue whose items are leased to whoever gets them, until they are done: `join` waits for all, and the death of a
 * consumer's process is no lost item.
 */
export interface JoinableQueue<in out T> extends Queue<T> {
  /**
   * The oldest item that this process has got, and not done, is done. Resolves at once.
   *
   * @throws Error as a rejection when there is none, as Python's ValueError.
   */
  taskDone(): Promise<void>
  /**
   * Resolves when every item that was put is done.
   *
   * @throws TimeoutError; QueueClosedError when it is discarded, or its owner gone; the signal's reason; as rejections.
   */
  join(options?: WaitOptions): Promise<void>
  /** As `get`, with the item's own way to say that it is done. `taskDone` does not count it. */
  lease(options?: WaitOptions): Promise<Lease<T>>
}

/** One item in the hands of one consumer. The first of `ack` and `nack` counts, the others do nothing. */
export interface Lease<out T> {
  readonly value: T
  /** It is done. */
  ack(): void
  /** It is not, and goes back: another gets it, before all that waits. */
  nack(): void
}

export const JOINABLE_QUEUE = 'joinable queue'

export class ProxyJoinableQueue extends ProxyQueue implements JoinableQueue<any> {
  constructor(ref: object) {
    super(ref, JOINABLE_QUEUE)
  }

  async taskDone(): Promise<void> {
    const ticket = this.near.undone.shift()
    if (ticket === undefined)
      throw new Error('taskDone() was called more often than get() in this process: call it once for each item')
    this.near.done(ticket)
  }

  async join(options: WaitOptions = {}): Promise<void> {
    try {
      await this.near.ask('join', undefined, options)
    } catch (error) {
      if (!isClosed(error)) throw error
      if (!this.near.drained) throw error
    }
  }

  async lease(options: WaitOptions = {}): Promise<Lease<any>> {
    const { near } = this
    const { ticket, value } = await (options.timeout === 0 ? near.getNow() : near.get(options))
    let settled = false
    const settle = (how: () => void): void => {
      if (!settled) how()
      settled = true
    }
    return { value, ack: () => settle(() => near.done(ticket)), nack: () => settle(() => near.nack(ticket)) }
  }

  protected override taken({ ticket, value }: Received): unknown {
    this.near.undone.push(ticket)
    return value
  }
}

const isClosed = (error: unknown): boolean => error instanceof QueueClosedError
