import type { Proxied, WaitOptions } from '@troupe/core'
import { expectOptions, travelAs } from '@troupe/core/internal'
import { nearEnd, type Owner, ownerOf } from '../proxy/near-end.js'
import { NearQueue, type Received } from './near-queue.js'

/**
 * A queue between processes, many to many, as Python's: its items lie with the process that made it. The value can be sent
 * in any message, and is the same queue wherever it arrives. Items of one putter keep their order. A put takes its value
 * as it is at the call. The death of a putter or getter blocks nobody and loses nothing: an item that a getter had not
 * received goes to another.
 */
export interface Queue<in out T> extends AsyncIterable<T>, AsyncDisposable, Proxied {
  /**
   * Resolves when there is room; one shared promise while this process has slots in advance.
   *
   * @throws SerializationError at the call; QueueFullError, QueueClosedError, the signal's reason as rejections: the item
   *   is not in the queue then.
   */
  readonly put: (value: T, options?: WaitOptions) => Promise<void>
  /** Puts at once. @throws QueueFullError, QueueClosedError as rejections. */
  readonly putNowait: (value: T) => Promise<void>
  /**
   * The next item. One that is given up takes none.
   *
   * @throws QueueEmptyError; QueueClosedError once it is closed and drained, or its owner is gone; the signal's reason.
   */
  get(options?: WaitOptions): Promise<T>
  /** An item that is there now. @throws QueueEmptyError, QueueClosedError as rejections. */
  getNowait(): Promise<T>
  /** Items that lie in it, exact when its owner answers. */
  qsize(): Promise<number>
  empty(): Promise<boolean>
  full(): Promise<boolean>
  /**
   * Takes no more items, in any process; getters take what there is, then end. Resolves once the owner knows; never waits
   * for that. With `discard` what is in it is dropped, and getters end now. Idempotent.
   */
  close(options?: { readonly discard?: boolean | undefined }): Promise<void>
}

export const QUEUE = 'queue'

export class ProxyQueue implements Queue<any> {
  declare readonly '~proxied': true
  readonly #owner: Owner
  #near: NearQueue | undefined

  constructor(ref: object, kind: string = QUEUE) {
    this.#owner = ownerOf(ref)
    travelAs(this, () => ({ kind, owner: ref, fields: null }))
  }

  protected get near(): NearQueue {
    return (this.#near ??= nearEnd(this.#owner, (owner) => new NearQueue(owner)))
  }

  readonly put = (value: unknown, options: WaitOptions = NONE): Promise<void> =>
    options.timeout === 0 ? this.near.putNow(value) : this.near.put(value, options)

  readonly putNowait = (value: unknown): Promise<void> => this.near.putNow(value)

  async get(options: WaitOptions = NONE): Promise<any> {
    return this.taken(await (options.timeout === 0 ? this.near.getNow() : this.near.get(options)))
  }

  async getNowait(): Promise<any> {
    return this.taken(await this.near.getNow())
  }

  async qsize(): Promise<number> {
    return (await this.near.ask('size')) as number
  }

  async empty(): Promise<boolean> {
    return (await this.qsize()) === 0
  }

  async full(): Promise<boolean> {
    return (await this.near.ask('full')) as boolean
  }

  async close(options: { readonly discard?: boolean | undefined } = {}): Promise<void> {
    expectOptions('close options', options, ['discard'])
    try {
      await this.near.ask('close', options.discard === true)
    } catch (error) {
      if ((error as { code?: unknown }).code !== 'ERR_QUEUE_CLOSED') throw error
    }
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<any> {
    for (;;) {
      let item: unknown
      try {
        item = await this.get()
      } catch (error) {
        if (this.near.drained || this.near.discarded) return
        throw error
      }
      yield item
    }
  }

  /** Closes it. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }

  protected taken({ ticket, value }: Received): unknown {
    this.near.done(ticket)
    return value
  }
}

const NONE: WaitOptions = {}
