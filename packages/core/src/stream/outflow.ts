/**
 * The producing end of a stream: asks its source for the next item while the consumer has room, one at a time, in steps
 * that its owner lets run; and closes the source once, whichever end is over first.
 */
import { isRefusal } from '../message/refusal.js'
import type { Consumer } from '../message/envelope.js'
import { isThenable } from '../wait/thenable.js'

/** Whatever has `next`: a generator, sync or async, or an iterator of the user's. */
export type Source = Iterator<unknown, unknown, undefined> | AsyncIterator<unknown, unknown, undefined>

/** What a stream's owner decides. */
export interface OutflowOwner {
  /** Runs `step` when it may: for an actor, between its messages. */
  schedule(step: () => void): void
  /** The source threw. Gives the error that the consumer is told. */
  threw(error: unknown): unknown
  /** Nobody waits for its items any more. Tells the source so; false when there is no way to. */
  abort(reason: unknown): boolean
  /** Nothing more comes of it. */
  over(outflow: Outflow): void
}

/**
 * `calling`: `next` is on the stack; `pulling`: its promise is pending. `leaving`: the source will be closed; `closing`:
 * its `return` has been called.
 */
type Phase = 'idle' | 'scheduled' | 'calling' | 'pulling' | 'leaving' | 'closing' | 'over'

/** Items that a sync source gives in one step at most. */
const BATCH = 64

const SOON = Promise.resolve()

export class Outflow {
  readonly #source: Source
  readonly #consumer: Consumer
  readonly #owner: OutflowOwner
  #phase: Phase = 'idle'
  /** What the source's `return` gave. */
  #closing: unknown
  #items: number
  #bytes: number

  constructor(source: Source, consumer: Consumer, owner: OutflowOwner) {
    this.#source = source
    this.#consumer = consumer
    this.#owner = owner
    this.#items = consumer.window.items
    this.#bytes = consumer.window.bytes
    consumer.onGrant = (items, bytes) => this.#granted(items, bytes)
    consumer.onAbandon = (_, reason) => this.#leave(reason)
  }

  start(): void {
    if (this.#consumer.abandoned) this.#close()
    else this.opened()
  }

  /** There may be room again. */
  opened(): void {
    if (this.#phase !== 'idle' || this.#items <= 0 || this.#bytes <= 0) return
    if (!this.#consumer.open) return this.#consumer.whenOpen(this)
    this.#phase = 'scheduled'
    this.#owner.schedule(this.#step)
  }

  /** Its owner ends: the consumer is told `error`, the source is closed. Resolves when it has. */
  async end(error: unknown): Promise<void> {
    const phase = this.#phase
    if (phase === 'over') return
    this.#over()
    this.#owner.abort(error)
    this.#consumer.reject(error)
    // While `next` is on the stack a generator cannot be closed.
    if (phase === 'calling') await SOON
    await this.#closeQuietly(phase)
  }

  #granted(items: number, bytes: number): void {
    this.#items += items
    this.#bytes += bytes
    this.opened()
  }

  readonly #step = (): void => {
    for (let left = BATCH; left > 0 && this.#mayPull; left -= 1) this.#pull()
    this.#rest()
  }

  get #mayPull(): boolean {
    return this.#phase === 'scheduled' && this.#items > 0 && this.#bytes > 0 && this.#consumer.open
  }

  /** Until there is room for the next item. */
  #rest(): void {
    if (this.#phase !== 'scheduled') return
    this.#phase = 'idle'
    this.opened()
  }

  #pull(): void {
    this.#phase = 'calling'
    try {
      const result = this.#source.next()
      if (isThenable(result)) this.#await(result as PromiseLike<IteratorResult<unknown, unknown>>, this.#failed)
      else this.#take(result)
    } catch (error) {
      this.#threw(error)
    }
    // Left by what `next` did: only now can the source be closed.
    if (this.#phase === 'calling') this.#close()
  }

  #await(result: PromiseLike<IteratorResult<unknown, unknown>>, failed: (error: unknown) => void): void {
    if (this.#left) return void result.then(undefined, failed)
    this.#phase = 'pulling'
    result.then(this.#arrived, failed)
  }

  /** Two functions for the whole stream instead of two closures an item. */
  readonly #arrived = (result: IteratorResult<unknown, unknown>): void => {
    if (this.#phase !== 'pulling') return
    try {
      this.#take(result)
    } catch (error) {
      this.#threw(error)
    }
    this.#rest()
  }

  /** Also when its consumer has left meanwhile: an error that nobody waits for is one all the same. */
  readonly #failed = (error: unknown): void => this.#threw(error)

  #take(result: IteratorResult<unknown, unknown>): void {
    if (this.#left) return
    if (result.done === true) return this.#finish(result.value)
    // What a sync generator yields is awaited, as `for await` does.
    if (isThenable(result.value)) {
      const awaited = result.value.then((value) => ({ done: false as const, value }))
      return this.#await(awaited, this.#itemFailed)
    }
    this.#deliver(result.value)
  }

  /** The promise that the source gave has rejected; the source itself knows nothing of it, and is closed. */
  readonly #itemFailed = (error: unknown): void => {
    const phase = this.#phase
    if (phase === 'over') return
    this.#threw(error)
    void this.#closeQuietly(phase)
  }

  /** Meanwhile its consumer has left, or its owner has ended. */
  get #left(): boolean {
    return this.#phase === 'over' || this.#consumer.abandoned
  }

  #deliver(value: unknown): void {
    try {
      const bytes = this.#consumer.item(value)
      this.#bytes -= bytes
      this.#items -= 1
      this.#phase = 'scheduled'
    } catch (error) {
      // It cannot travel: that is the consumer's to know, and no failure of the source.
      void this.end(error)
    }
  }

  #finish(result: unknown): void {
    if (this.#phase === 'over') return
    this.#over()
    if (isRefusal(result)) this.#consumer.reject(result.error)
    else this.#consumer.resolve(undefined)
  }

  #threw(error: unknown): void {
    if (this.#phase === 'over') return
    this.#over()
    this.#consumer.reject(this.#owner.threw(error))
  }

  /** The consumer wants no more. */
  #leave(reason: unknown): void {
    const phase = this.#phase
    if (phase === 'over' || phase === 'leaving' || phase === 'closing') return
    const heard = this.#owner.abort(reason)
    if (phase === 'calling') return
    this.#phase = 'leaving'
    // What it awaits may take for ever; its consumer shall not wait for that.
    if (phase === 'pulling' && !heard) this.#consumer.resolve(undefined)
    this.#owner.schedule(() => this.#close())
  }

  #close(): void {
    if (this.#phase === 'over' || this.#phase === 'closing') return
    this.#phase = 'closing'
    const closed = (): void => this.#finish(undefined)
    const failed = (error: unknown): void => this.#threw(error)
    try {
      const result: unknown = this.#source.return?.()
      this.#closing = result
      if (isThenable(result)) result.then(closed, failed)
      else closed()
    } catch (error) {
      failed(error)
    }
  }

  /** Closes a source that was in `phase`, unless that has been done; nobody is left to be told of errors. */
  async #closeQuietly(phase: Phase): Promise<void> {
    try {
      await (phase === 'closing' ? this.#closing : this.#source.return?.())
    } catch {
      // See above.
    }
  }

  #over(): void {
    this.#phase = 'over'
    this.#owner.over(this)
  }
}

/** What can be asked for items; undefined for what is no stream. Throws what `[Symbol.asyncIterator]` throws. */
export function sourceOf(value: unknown): Source | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  const { [Symbol.asyncIterator]: asynchronous, next } = value as Partial<AsyncIterable<unknown> & Source>
  if (typeof asynchronous === 'function') return asynchronous.call(value) as Source
  return typeof next === 'function' ? (value as Source) : undefined
}
