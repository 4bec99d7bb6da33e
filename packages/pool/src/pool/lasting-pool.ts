import { type Events, PoolTerminatedError, type Reason, type WaitOptions } from '@troupe/core'
import { expectTimeout, type Target } from '@troupe/core/internal'
import type { AsyncResult, Callbacks } from '../call/async-result.js'
import type { ImapIterator } from '../call/imap.js'
import type { ApplyOptions, ImapOptions, MapOptions, StreamTaskOptions } from '../call/options.js'
import type { Source } from '../call/source.js'
import type { PoolEvent } from '../schedule/events.js'
import type { WorkerPool } from './create-pool.js'
import type { Pool, PoolStats } from './pool.js'

type Counts = Pick<PoolStats, 'done' | 'failed' | 'retried' | 'restarts'>

/**
 * One pool to all who hold it, whichever life it is in. A call belongs to the life at the call and settles with it; between
 * two lives there is nobody to call, and it fails at once.
 */
export class LastingPool implements Pool {
  readonly size: number
  readonly events$: Events<PoolEvent>
  readonly #id: string
  /** Of the lives before. */
  #past: Counts = { done: 0, failed: 0, retried: 0, restarts: 0 }
  #life: WorkerPool | undefined
  /** The last one that was asked to end by this handle: `join` waits for it, though another one may be there already. */
  #left: WorkerPool | undefined
  /** Why the last one ended. */
  #reason: Reason = { type: 'noproc' }

  constructor(id: string, size: number, events$: Events<PoolEvent>) {
    this.#id = id
    this.size = size
    this.events$ = events$
  }

  // --- its lives ------------------------------------------------------------------------------------------------

  /** From now on it lives so. */
  live(life: WorkerPool, actor: Target): void {
    this.#life = life
    actor.onEnd((reason) => {
      if (this.#life !== life) return
      this.#past = this.#counts(life.stats())
      this.#life = undefined
      this.#reason = reason
    })
  }

  /** No other life follows, as far as is known. */
  between(reason: Reason): void {
    if (this.#life === undefined) this.#reason = reason
  }

  // --- calls ----------------------------------------------------------------------------------------------------

  async apply(task: unknown, args: readonly unknown[], options?: ApplyOptions): Promise<any> {
    return this.#now.apply(task, args, options)
  }

  applyAsync(task: unknown, args: readonly unknown[], options?: ApplyOptions & Callbacks<any>): AsyncResult<any> {
    return this.#now.applyAsync(task, args, options)
  }

  async map(task: unknown, source: Source<unknown>, options?: MapOptions): Promise<any[]> {
    return this.#now.map(task, source, options)
  }

  imap(task: unknown, source: Source<unknown>, options?: ImapOptions): ImapIterator<any> {
    return this.#now.imap(task, source, options)
  }

  imapUnordered(task: unknown, source: Source<unknown>, options?: ImapOptions): ImapIterator<any> {
    return this.#now.imapUnordered(task, source, options)
  }

  stream(task: unknown, args: readonly unknown[], options?: StreamTaskOptions): AsyncIterableIterator<any> {
    return this.#now.stream(task, args, options)
  }

  async ready(options?: WaitOptions): Promise<void> {
    return this.#now.ready(options)
  }

  stats(): PoolStats {
    const now = this.#life?.stats()
    const none = { size: this.size, workers: [], queued: 0, running: 0 }
    return now === undefined ? { ...none, ...this.#past } : { ...now, ...this.#counts(now) }
  }

  // --- the end of a life ------------------------------------------------------------------------------------------

  close(): void {
    this.#leave()?.close()
  }

  async join(options?: WaitOptions): Promise<void> {
    await (this.#left ?? this.#life)?.join(options)
  }

  async terminate(): Promise<void> {
    await this.#leave()?.terminate()
  }

  async stop(options: { timeout?: number | undefined } = {}): Promise<void> {
    if (options.timeout !== undefined) expectTimeout('timeout', options.timeout)
    await this.#leave()?.stop(options)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop()
  }

  // --------------------------------------------------------------------------------------------------------------

  get #now(): WorkerPool {
    if (this.#life === undefined) throw new PoolTerminatedError({ pool: this.#id }, { cause: this.#reason })
    return this.#life
  }

  #leave(): WorkerPool | undefined {
    if (this.#life !== undefined) this.#left = this.#life
    return this.#life
  }

  #counts({ done, failed, retried, restarts }: Counts): Counts {
    const { done: d, failed: f, retried: r, restarts: s } = this.#past
    return { done: done + d, failed: failed + f, retried: retried + r, restarts: restarts + s }
  }
}
