/**
 * Results as they come, of a source that is pulled only as fast as results are taken: at most `window` items are pulled
 * and not given out, plus one chunk.
 */
import { expectTimeout, isThenable, type Waits } from '@troupe/core/internal'
import { adaptiveChunkSize } from './chunk-size.js'
import type { Source } from './source.js'
import type { ImapOptions, TaskOptions } from './options.js'
import type { TaskName } from './name.js'
import { Chunk, type Sink, type Work } from './work.js'

/**
 * Results of an `imap`. Nothing is pulled before the first `next`; leaving a `for await` by `break` is `return()`.
 */
export interface ImapIterator<T> extends AsyncIterableIterator<T, void, number | undefined> {
  /**
   * The next result; rejects with an item's error at its place, after which it may be asked for the next.
   *
   * @param ms milliseconds after which it rejects with TimeoutError; nothing is lost, ask again.
   */
  next(ms?: number): Promise<IteratorResult<T, void>>
  /** Takes back what is under way and closes the source before it resolves. */
  return(): Promise<IteratorResult<T, void>>
  [Symbol.asyncIterator](): ImapIterator<T>
}

/** What an imap needs of its pool. */
export interface ImapPool {
  readonly waits: Waits
  submit(work: Work): void
  cancel(work: Work, reason: unknown): void
  /** What to send of an item, as it is now. */
  snapshot(item: unknown): unknown
  /** Milliseconds that one item takes, as measured; undefined while that is not known. */
  pace(): number | undefined
  /** From now until `pulledAll` the pool tells it of its own end. */
  pulling(puller: Puller): void
  pulledAll(puller: Puller): void
}

/** A call that has not pulled all of its source, as its pool deals with it. */
export interface Puller {
  /** Whether somebody waits for what it has not submitted yet. */
  readonly pending: boolean
  /** Its pool is closed. */
  drain(): void
  /** Its pool has ended. */
  poolOver(error: Error): void
}

type Outcome<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: unknown }

/** What one pull brought. `bad` follows `items`: an item that cannot be sent, and fails at its place. */
interface Pulled {
  readonly items: readonly unknown[]
  readonly bad?: { readonly error: unknown }
  /** Nothing comes after this; `failed` says with which error of the source's own. */
  readonly over?: { readonly failed: { readonly error: unknown } | undefined }
}

interface Taker<T> {
  resolve(result: IteratorResult<T, void>): void
  reject(error: unknown): void
}

export class Imap<T> implements ImapIterator<T>, Sink, Puller {
  readonly #pool: ImapPool
  readonly #name: TaskName
  readonly #options: TaskOptions
  /** Undefined: as many as take a few milliseconds. */
  readonly #chunkSize: number | undefined
  #window: number | undefined
  readonly #workers: number
  readonly #ordered: boolean
  readonly #source: AsyncIterator<unknown> | Iterator<unknown>
  readonly #knownLength: boolean
  /** Outcomes that nobody has taken, by position. */
  readonly #outcomes = new Map<number, Outcome<T>>()
  #endWatch: (() => void) | undefined
  readonly #takers: Taker<T>[] = []
  readonly #underWay = new Set<Work>()
  /** Items pulled, and given out. */
  #pulled = 0
  #given = 0
  #pulling = false
  /** An item that was asked for and is not there yet: those before it have left without it. */
  #coming: PromiseLike<IteratorResult<unknown>> | IteratorResult<unknown> | undefined
  #phase: 'open' | 'exhausted' | 'closed' = 'open'
  #closed: Promise<void> | undefined
  #draining = false
  /** The source's own error, told after all that came before it. */
  #sourceError: { readonly error: unknown } | undefined

  constructor(
    pool: ImapPool,
    given: { name: TaskName; source: Source<unknown>; options: ImapOptions; workers: number; ordered: boolean },
  ) {
    const { chunkSize, window, ...options } = given.options
    this.#pool = pool
    this.#name = given.name
    this.#ordered = given.ordered
    this.#options = options
    // The time of a task is that of a chunk.
    this.#chunkSize = options.timeout === undefined ? chunkSize : 1
    this.#window = window
    this.#workers = given.workers
    this.#source = iteratorOf(given.source)
    this.#knownLength = hasKnownLength(given.source)
    pool.pulling(this)
    this.#watchSignal()
  }

  [Symbol.asyncIterator](): ImapIterator<T> {
    return this
  }

  next(ms?: number): Promise<IteratorResult<T, void>> {
    try {
      if (ms !== undefined) expectTimeout('ms', ms)
    } catch (error) {
      return Promise.reject(error as Error)
    }
    let taker: Taker<T> | undefined
    const taken = new Promise<IteratorResult<T, void>>((resolve, reject) => {
      taker = { resolve, reject }
      this.#takers.push(taker)
    })
    this.#serve()
    this.#pull()
    const waiting = this.#pool.waits.bounded(() => `next() of imap over ${this.#name.export}`, taken, { timeout: ms })
    // One that timed out must not swallow the result.
    waiting.catch(() => this.#takers.splice(0, this.#takers.length, ...this.#takers.filter((each) => each !== taker)))
    return waiting
  }

  async return(): Promise<IteratorResult<T, void>> {
    await this.#close(undefined)
    return { done: true, value: undefined }
  }

  /** Whether somebody waits for what it has not submitted yet. */
  get pending(): boolean {
    return this.#phase === 'open' && (this.#takers.length > 0 || this.#draining)
  }

  /**
   * Its pool is closed: what was asked for before is done first, as in Python, whether anybody takes the results or not. Of a
   * source without a known length that is what has been pulled, and what somebody waits for: it may have no end.
   */
  drain(): void {
    if (!this.#knownLength || this.#phase !== 'open') return
    this.#draining = true
    this.#window = Infinity
    this.#pull()
  }

  /** What comes of the items that were pulled is told still, then why no more come; the source is closed. */
  poolOver(error: Error): void {
    if (this.#phase !== 'open') return
    this.#phase = 'exhausted'
    this.#sourceError = { error }
    this.#pool.pulledAll(this)
    // What the source says to its closing, nobody waits for.
    void this.#closeSource().catch(() => undefined)
    this.#serve()
  }

  async #closeSource(): Promise<void> {
    await this.#source.return?.()
  }

  // --- outcomes, told by chunks ---------------------------------------------------------------------------------

  value(index: number, value: unknown): void {
    this.#tell(index, { ok: true, value: value as T })
  }

  error(index: number, error: unknown): void {
    this.#tell(index, { ok: false, error })
  }

  // --------------------------------------------------------------------------------------------------------------

  #tell(index: number, outcome: Outcome<T>): void {
    // Whoever closed the iterator takes no more results.
    if (this.#phase === 'closed') return
    this.#outcomes.set(index, outcome)
    for (const work of this.#underWay) if (work.complete) this.#underWay.delete(work)
    this.#serve()
    this.#pull()
  }

  /** Gives what is there to those who wait. */
  #serve(): void {
    while (this.#takers.length > 0) {
      const index = this.#ordered ? this.#given : (this.#outcomes.keys().next().value as number | undefined)
      const outcome = index === undefined ? undefined : this.#outcomes.get(index)
      if (outcome === undefined) return this.#serveEnd()
      this.#outcomes.delete(index as number)
      this.#given += 1
      const taker = this.#takers.shift() as Taker<T>
      if (outcome.ok) taker.resolve({ done: false, value: outcome.value })
      else taker.reject(outcome.error)
    }
  }

  #serveEnd(): void {
    if (this.#phase === 'open' || (this.#phase === 'exhausted' && this.#given < this.#pulled)) return
    this.#endWatch?.()
    for (const taker of this.#takers.splice(0)) {
      const failed = this.#sourceError
      this.#sourceError = undefined
      if (failed === undefined) taker.resolve({ done: true, value: undefined })
      else taker.reject(failed.error)
    }
  }

  /** Fills the window, a chunk at a time. Starts with the first `next`. */
  #pull(): void {
    if (this.#pulling || this.#phase !== 'open') return
    const size = this.#nextChunkSize()
    const window = this.#window ?? this.#workers * 2 * size
    if (this.#pulled - this.#given >= Math.ceil(window / size) * size) return
    this.#pulling = true
    void this.#pullChunk(size).then((pulled) => this.#take(pulled))
  }

  #nextChunkSize(): number {
    if (this.#chunkSize !== undefined) return this.#chunkSize
    const size = adaptiveChunkSize(this.#pool.pace())
    // All workers are to have some of a narrow window.
    return this.#window === undefined ? size : Math.min(size, Math.ceil(this.#window / (this.#workers * 2)))
  }

  /** Never rejects. */
  async #pullChunk(size: number): Promise<Pulled> {
    const items: unknown[] = []
    while (items.length < size && this.#phase === 'open') {
      let next: IteratorResult<unknown>
      try {
        const coming = this.#coming ?? this.#source.next()
        this.#coming = undefined
        if (items.length > 0 && this.#chunkSize === undefined && isThenable(coming) && !(await this.#soon(coming))) {
          this.#coming = coming as PromiseLike<IteratorResult<unknown>>
          return { items }
        }
        next = await coming
      } catch (error) {
        return { items, over: { failed: { error } } }
      }
      if (next.done === true) return { items, over: { failed: undefined } }
      try {
        items.push(this.#pool.snapshot(next.value))
      } catch (error) {
        return { items, bad: { error } }
      }
    }
    return { items }
  }

  /** Whether it comes in this turn: what is there already does not wait for one that has to be waited for. */
  #soon(coming: PromiseLike<unknown>): Promise<boolean> {
    return new Promise((resolve) => {
      const here = (): void => resolve(true)
      coming.then(here, here)
      this.#pool.waits.clock.setImmediate(() => resolve(false))
    })
  }

  #take({ items, bad, over }: Pulled): void {
    this.#pulling = false
    if (this.#phase !== 'open') return
    if (over !== undefined) {
      this.#phase = 'exhausted'
      this.#sourceError = over.failed
    }
    if (items.length > 0) this.#submit(items)
    if (bad !== undefined) {
      this.#pulled += 1
      this.error(this.#pulled - 1, bad.error)
    }
    this.#serve()
    this.#pull()
    if (over !== undefined) this.#pool.pulledAll(this)
  }

  #submit(items: readonly unknown[]): void {
    const work = new Chunk(this.#name, items, this.#options, { start: this.#pulled, sink: this })
    this.#pulled += items.length
    this.#underWay.add(work)
    this.#pool.submit(work)
  }

  #watchSignal(): void {
    const { signal } = this.#options
    if (signal === undefined) return
    // What the source says to its closing, nobody waits for.
    const close = (): void => void this.#close({ error: signal.reason }).catch(() => undefined)
    if (signal.aborted) close()
    else this.#endWatch = this.#pool.waits.signals.on(signal as never, close)
  }

  #close(failed: { readonly error: unknown } | undefined): Promise<void> {
    return (this.#closed ??= this.#closeNow(failed))
  }

  async #closeNow(failed: { readonly error: unknown } | undefined): Promise<void> {
    const open = this.#phase === 'open'
    this.#phase = 'closed'
    this.#endWatch?.()
    this.#sourceError = failed
    for (const work of [...this.#underWay]) this.#pool.cancel(work, failed?.error ?? CLOSED)
    this.#underWay.clear()
    this.#outcomes.clear()
    this.#serveEnd()
    this.#pool.pulledAll(this)
    if (open) await this.#closeSource()
  }
}

/** Nobody hears it. */
const CLOSED = new Error('The iterator was closed')

function iteratorOf(source: Source<unknown>): AsyncIterator<unknown> | Iterator<unknown> {
  const { [Symbol.asyncIterator]: asynchronous } = source as AsyncIterable<unknown>
  if (typeof asynchronous === 'function') return asynchronous.call(source)
  return (source as Iterable<unknown>)[Symbol.iterator]()
}

/** Of what lies in memory it is known that it ends. */
function hasKnownLength(source: Source<unknown>): boolean {
  const { length, size } = Object(source) as { length?: unknown; size?: unknown }
  return typeof length === 'number' || typeof size === 'number'
}
