/**
 * The consuming end of a stream: what has arrived and was not taken, who waits for more, and the room that is granted
 * back in batches of half a window. It ends after all that was delivered before.
 */
import { AbortError } from '../errors/kinds.js'
import { Ring } from '../mailbox/ring.js'
import { type Chain, chainOf } from '../message/chain.js'
import type { Asker, Consumer, Window } from '../message/envelope.js'
import { transferOf } from '../message/moved.js'
import type { Waits } from '../wait/wait.js'
import { type StreamOptions, windowOf } from './options.js'

interface Taker {
  resolve(result: IteratorResult<unknown, undefined>): void
  reject(error: unknown): void
}

/** `flowing`; `closing`: the consumer left, the producer has not answered yet; then how it ended, told once. */
type State = { readonly phase: 'flowing' | 'closing' | 'done' } | { readonly phase: 'failed'; readonly error: unknown }

export class Inflow implements Consumer, AsyncIterableIterator<unknown, undefined> {
  readonly window: Window
  readonly chain: Chain | undefined
  readonly transfer: readonly ArrayBuffer[] | undefined
  readonly open = true
  settled = false
  /** An item has come. */
  began = false
  abandoned = false
  onAbandon: ((asker: Asker, reason: unknown) => void) | undefined
  onGrant: ((items: number, bytes: number) => void) | undefined
  readonly #waits: Waits
  readonly #what: () => string
  readonly #timeout: number | undefined
  readonly #items = new Ring<{ readonly value: unknown; readonly bytes: number }>()
  readonly #takers = new Ring<Taker>()
  #state: State = FLOWING
  #takenItems = 0
  #takenBytes = 0
  #endWatch: (() => void) | undefined
  /** Resolves when the producer has closed too. */
  #closed: { readonly promise: Promise<void>; readonly resolve: () => void } | undefined

  /** @throws TypeError, RangeError for wrong options; the signal's reason when it has aborted already. */
  constructor(waits: Waits, what: () => string, options?: StreamOptions) {
    this.window = windowOf(options)
    this.chain = chainOf(options)
    this.transfer = transferOf(options)
    this.#waits = waits
    this.#what = what
    this.#timeout = options?.timeout
    const { signal } = options ?? {}
    // Checks both at the call; the time runs from each `next`.
    waits.limit(what, { timeout: options?.timeout, signal }, () => undefined)?.()
    if (signal !== undefined) this.#endWatch = waits.signals.on(signal, (reason) => this.#giveUp(reason))
  }

  // --- for whoever iterates -------------------------------------------------------------------------------------

  next(): Promise<IteratorResult<unknown, undefined>> {
    const item = this.#items.shift()
    if (item !== undefined) {
      this.#taken(item.bytes)
      return Promise.resolve({ done: false, value: item.value })
    }
    if (this.#state.phase === 'failed') {
      const { error } = this.#state
      this.#state = DONE
      return Promise.reject(error as Error)
    }
    return this.#state.phase === 'flowing' ? this.#wait() : Promise.resolve(OVER)
  }

  /** Closes the stream; resolves when the producer has closed it too, its `finally` included. */
  async return(): Promise<IteratorResult<unknown, undefined>> {
    if (this.#state.phase === 'flowing') this.#leave(new AbortError({ what: this.#what() }))
    this.#dismiss()
    while (this.#items.shift() !== undefined);
    this.#state = this.settled ? DONE : CLOSING
    if (!this.settled) await this.#waits.bounded(() => `the end of ${this.#what()}`, this.#whenClosed())
    return OVER
  }

  [Symbol.asyncIterator](): this {
    return this
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.return()
  }

  // --- for the producing end ------------------------------------------------------------------------------------

  item(value: unknown, bytes = 0): number {
    if (this.#state.phase !== 'flowing') return 0
    this.began = true
    const taker = this.#takers.shift()
    if (taker === undefined) {
      this.#items.push({ value, bytes })
    } else {
      this.#taken(bytes)
      taker.resolve({ done: false, value })
    }
    return bytes
  }

  whenOpen(): void {}

  resolve(): void {
    this.#end(DONE)
  }

  reject(error: unknown): void {
    this.#end({ phase: 'failed', error })
  }

  // --------------------------------------------------------------------------------------------------------------

  #wait(): Promise<IteratorResult<unknown, undefined>> {
    const { keepAlive } = this.#waits
    keepAlive.hold()
    return new Promise<IteratorResult<unknown, undefined>>((resolve, reject) => {
      const endLimit = this.#waits.limit(this.#what, { timeout: this.#timeout }, (error) => this.#giveUp(error))
      const settling =
        <T>(settle: (outcome: T) => void) =>
        (outcome: T): void => {
          keepAlive.release()
          endLimit?.()
          settle(outcome)
        }
      this.#takers.push({ resolve: settling(resolve), reject: settling(reject) })
    })
  }

  #taken(bytes: number): void {
    this.#takenItems += 1
    this.#takenBytes += bytes
    if (2 * this.#takenItems < this.window.items && 2 * this.#takenBytes < this.window.bytes) return
    const [items, all] = [this.#takenItems, this.#takenBytes]
    this.#takenItems = this.#takenBytes = 0
    this.onGrant?.(items, all)
  }

  /** Time is up, or the signal aborted: whoever waits is told, else whoever asks next. */
  #giveUp(error: unknown): void {
    if (this.#state.phase !== 'flowing') return
    this.#leave(error)
    const first = this.#takers.shift()
    if (first === undefined) this.#state = { phase: 'failed', error }
    else first.reject(error)
    this.#dismiss()
  }

  /** Nothing more is taken; the producer is told. */
  #leave(reason: unknown): void {
    this.#state = CLOSING
    this.abandoned = true
    this.#endWatch?.()
    while (this.#items.shift() !== undefined);
    this.onAbandon?.(this, reason)
  }

  #end(state: State): void {
    if (this.settled) return
    this.settled = true
    this.#endWatch?.()
    this.#closed?.resolve()
    if (this.#state.phase === 'closing') this.#state = DONE
    if (this.#state.phase !== 'flowing') return
    const first = this.#takers.shift()
    this.#state = first === undefined ? state : DONE
    if (state.phase === 'failed') first?.reject(state.error)
    else first?.resolve(OVER)
    this.#dismiss()
  }

  /** Whoever waits gets nothing more. */
  #dismiss(): void {
    for (let taker = this.#takers.shift(); taker !== undefined; taker = this.#takers.shift()) taker.resolve(OVER)
  }

  #whenClosed(): Promise<void> {
    if (this.#closed === undefined) {
      let resolve = (): void => undefined
      const promise = new Promise<void>((done) => {
        resolve = done
      })
      this.#closed = { promise, resolve }
    }
    return this.#closed.promise
  }
}

const FLOWING: State = { phase: 'flowing' }
const CLOSING: State = { phase: 'closing' }
const DONE: State = { phase: 'done' }
const OVER: IteratorReturnResult<undefined> = { done: true, value: undefined }
