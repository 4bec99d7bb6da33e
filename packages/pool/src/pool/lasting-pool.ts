import { type Events, PoolTerminatedError, type Reason, type WaitOptions } from '@troupe/core'
import { expectTimeout } from '@troupe/core/internal'
import type { PoolSize } from '../schedule/bounds.js'
import type { PoolEvent } from '../schedule/events.js'
import type { Pool, PoolStats } from './pool.js'
import { PoolCalls } from './pool-calls.js'
import type { Staff } from './staff.js'
import { WorkerPool } from './worker-pool.js'

type Counts = Pick<PoolStats, 'done' | 'failed' | 'retried' | 'restarts'>

/**
 * One pool to all who hold it, whichever life it is in. A call belongs to the life at the call and settles with it; between
 * two lives there is nobody to call, and it fails at once.
 */
export class LastingPool extends PoolCalls implements Pool {
  readonly events$: Events<PoolEvent>
  readonly #id: string
  #size: number
  /** Of the lives before. */
  #past: Counts = { done: 0, failed: 0, retried: 0, restarts: 0 }
  #life: { readonly pool: WorkerPool; readonly staff: Staff } | undefined
  /** The last one that was asked to end by this handle: `join` waits for it, though another one may be there already. */
  #left: WorkerPool | undefined
  /** Why the last one ended. */
  #reason: Reason = { type: 'noproc' }

  constructor(id: string, size: number, events$: Events<PoolEvent>) {
    super()
    this.#id = id
    this.#size = size
    this.events$ = events$
  }

  // --- its lives ------------------------------------------------------------------------------------------------

  /** From now on it lives so. */
  live(staff: Staff): void {
    const life = { pool: new WorkerPool(staff), staff }
    this.#life = life
    staff.actor.onEnd((reason) => {
      if (this.#life !== life) return
      this.#past = this.#counts(life.pool.stats())
      this.#size = life.pool.size
      this.#life = undefined
      this.#reason = reason
    })
  }

  /** No other life follows, as far as is known. */
  between(reason: Reason): void {
    if (this.#life === undefined) this.#reason = reason
  }

  // --- what it is asked -----------------------------------------------------------------------------------------

  protected get staff(): Staff {
    return this.#now.staff
  }

  /** Of a life: a restart has the size of the options again. */
  get size(): number {
    return this.#life?.pool.size ?? this.#size
  }

  resize(size: number | PoolSize): void {
    this.#now.pool.resize(size)
  }

  async ready(options?: WaitOptions): Promise<void> {
    return this.#now.pool.ready(options)
  }

  stats(): PoolStats {
    const now = this.#life?.pool.stats()
    const none = { phase: 'ended', size: this.size, workers: [], queued: 0, running: 0, slowest: [] } as const
    return now === undefined ? { ...none, ...this.#past } : { ...now, ...this.#counts(now) }
  }

  // --- the end of a life ------------------------------------------------------------------------------------------

  close(): void {
    this.#leave()?.close()
  }

  async join(options?: WaitOptions): Promise<void> {
    await (this.#left ?? this.#life?.pool)?.join(options)
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

  get #now(): { readonly pool: WorkerPool; readonly staff: Staff } {
    if (this.#life === undefined) throw new PoolTerminatedError({ pool: this.#id }, { cause: this.#reason })
    return this.#life
  }

  #leave(): WorkerPool | undefined {
    if (this.#life !== undefined) this.#left = this.#life.pool
    return this.#life?.pool
  }

  #counts({ done, failed, retried, restarts }: Counts): Counts {
    const { done: d, failed: f, retried: r, restarts: s } = this.#past
    return { done: done + d, failed: failed + f, retried: retried + r, restarts: restarts + s }
  }
}
