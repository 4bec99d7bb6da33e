import {
  type ActorSystem,
  classed,
  expectTimeout,
  Inflow,
  isStream,
  ownSystem,
  transferOf,
  withMoved,
} from '@troupe/core/internal'
import {
  type Events,
  PoolClosedError,
  PoolRunningError,
  PoolTerminatedError,
  TimeoutError,
  type WaitOptions,
} from '@troupe/core'
import type { AnyFunction } from '@troupe/transport-node'
import { mustNotMultiply } from '@troupe/transport-node/internal'
import { type AsyncResult, type Callbacks, PendingResult } from '../call/async-result.js'
import { chunkSizeFor } from '../call/chunk-size.js'
import { Imap, type ImapIterator, type ImapPool } from '../call/imap.js'
import { labelOf, type TaskName, taskName } from '../call/name.js'
import {
  type ApplyOptions,
  checkTaskOptions,
  type ImapOptions,
  type MapOptions,
  type StreamTaskOptions,
} from '../call/options.js'
import { checkSource, gather, type Source } from '../call/source.js'
import { Call, Chunk, type Sink, StreamCall, type Work } from '../call/work.js'
import type { PoolEvent } from '../schedule/events.js'
import { type Initializer, type PoolOptions, type PoolSettings, poolSettings } from './options.js'
import type { Pool, PoolStats } from './pool.js'
import { Staff } from './staff.js'

/**
 * Makes a pool. Workers start when tasks come, or at `ready()`.
 *
 * @throws TypeError, RangeError, NotPortableError, SerializationError for wrong options. Error in a worker that is still
 *   loading a task's module: a pool at the top level of the module that it runs would multiply without end.
 */
export function createPool<F extends AnyFunction = () => void>(options?: PoolOptions & Initializer<F>): Pool {
  const settings = poolSettings((options ?? {}) as never)
  mustNotMultiply('sole')
  const system = (options?.system ?? ownSystem()) as ActorSystem
  return new WorkerPool(system, settings, new Staff(system, settings))
}

/** One life of a pool, which is all of one that nobody supervises. */
export class WorkerPool implements Pool, ImapPool {
  readonly #system: ActorSystem
  readonly #settings: PoolSettings
  readonly #staff: Staff
  #phase: 'open' | 'closed' = 'open'

  constructor(system: ActorSystem, settings: PoolSettings, staff: Staff) {
    this.#system = system
    this.#settings = settings
    this.#staff = staff
  }

  get size(): number {
    return this.#settings.size
  }

  get events$(): Events<PoolEvent> {
    return this.#staff.events$
  }

  get waits(): ActorSystem['waits'] {
    return this.#system.waits
  }

  // --- calls ----------------------------------------------------------------------------------------------------

  async apply(task: unknown, args: readonly unknown[], options: ApplyOptions = {}): Promise<any> {
    checkTaskOptions('apply options', options, ['transfer'])
    return this.#call(task, args, options).promise
  }

  applyAsync(task: unknown, args: readonly unknown[], options: ApplyOptions & Callbacks<any> = {}): AsyncResult<any> {
    checkTaskOptions('applyAsync options', options, ['callback', 'errorCallback', 'transfer'])
    const { callback: onResult, errorCallback: onError, ...rest } = options
    const { work, promise } = this.#call(task, args, rest)
    const result = new PendingResult(promise, {
      waits: this.waits,
      label: work.label,
      cancel: (reason) => {
        if (work.complete) return false
        this.cancel(work, reason)
        return true
      },
    })
    if (onResult !== undefined)
      promise.then(
        (value) => this.#callBack(onResult, value),
        () => undefined,
      )
    if (onError !== undefined) result.then(undefined, (error) => this.#callBack(onError, error))
    return result
  }

  async map(task: unknown, source: Source<unknown>, options: MapOptions = {}): Promise<any[]> {
    checkTaskOptions('map options', options, ['chunkSize'])
    checkSource(source)
    const name = taskName(task)
    this.#mustBeOpen()
    const { chunkSize, ...rest } = options
    const gathered = gather(source)
    const items = (Array.isArray(gathered) ? gathered : await gathered).map((item) => this.snapshot([item]))
    const size = rest.timeout === undefined ? (chunkSize ?? chunkSizeFor(items.length, this.size)) : 1
    return this.waits.bounded(
      () => `map of ${labelOf(name)}`,
      allResults(items.length, (sink) => {
        for (let start = 0; start < items.length; start += size) {
          this.submit(new Chunk(name, items.slice(start, start + size), rest, { start, sink }))
        }
      }),
    )
  }

  imap(task: unknown, source: Source<unknown>, options: ImapOptions = {}): ImapIterator<any> {
    return this.#imap('imap', task, source, options)
  }

  imapUnordered(task: unknown, source: Source<unknown>, options: ImapOptions = {}): ImapIterator<any> {
    return this.#imap('imapUnordered', task, source, options)
  }

  stream(task: unknown, args: readonly unknown[], options: StreamTaskOptions = {}): AsyncIterableIterator<any> {
    checkTaskOptions('stream options', options, ['window', 'windowBytes', 'transfer'])
    const { window, windowBytes, ...rest } = options
    const { name, taken } = this.#taken(task, args, rest)
    const flow = new Inflow(this.waits, () => `the stream of ${labelOf(name)}`, { window, windowBytes })
    const work = new StreamCall(name, taken, rest, flow)
    flow.onAbandon = (_, reason) => this.#staff.scheduler.leave(work, reason)
    this.submit(work)
    return flow
  }

  // --- its life -------------------------------------------------------------------------------------------------

  async ready(options: WaitOptions = {}): Promise<void> {
    this.#mustBeOpen()
    return this.waits.bounded(() => 'ready() of the pool', this.#staff.full(), options)
  }

  stats(): PoolStats {
    const { scheduler } = this.#staff
    const workers = scheduler.slots.map(({ id, state, done }) => ({
      id,
      pid: state.phase === 'starting' ? undefined : state.pid,
      state: state.phase,
      done,
    }))
    const { queued, running } = scheduler
    return { size: this.size, workers, queued, running, ...scheduler.counts }
  }

  close(): void {
    if (this.#phase === 'closed') return
    this.#phase = 'closed'
    this.#staff.close()
  }

  async join(options: WaitOptions = {}): Promise<void> {
    if (this.#phase === 'open') throw new PoolRunningError({ pool: this.#staff.label })
    await this.waits.bounded(() => 'join() of the pool', this.#staff.gone, options)
  }

  async terminate(): Promise<void> {
    this.#phase = 'closed'
    this.#staff.terminate(new PoolTerminatedError({ pool: this.#staff.label }))
    await this.join()
  }

  async stop({ timeout }: { timeout?: number | undefined } = {}): Promise<void> {
    if (timeout !== undefined) expectTimeout('timeout', timeout)
    this.close()
    try {
      await this.join({ timeout })
    } catch (error) {
      if (!(error instanceof TimeoutError)) throw error
      await this.terminate()
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop()
  }

  // --- for its iterators ----------------------------------------------------------------------------------------

  submit(work: Work): void {
    this.#staff.scheduler.submit(work)
  }

  cancel(work: Work, reason: unknown): void {
    this.#staff.scheduler.cancel(work, reason)
  }

  /** Plain values cannot change; all else is copied now, which also finds what cannot travel. */
  snapshot(args: readonly unknown[]): readonly unknown[] {
    if (
      args.every(
        (arg) => arg === null || (typeof arg !== 'object' && typeof arg !== 'function' && typeof arg !== 'symbol'),
      )
    )
      return args
    return this.#staff.snapshot(args.map(classed))
  }

  // --------------------------------------------------------------------------------------------------------------

  #call(task: unknown, args: readonly unknown[], options: ApplyOptions): { work: Work; promise: Promise<unknown> } {
    const { name, taken } = this.#taken(task, args, options)
    let sink: Sink | undefined
    const outcome = new Promise<unknown>((resolve, reject) => {
      sink = { value: (_, value) => resolve(value), error: (_, error) => reject(error as Error) }
    })
    const work = new Call(name, taken, options, sink as Sink)
    const promise = this.waits.bounded(() => work.label, outcome)
    this.submit(work)
    return { work, promise }
  }

  /** What is called, with the arguments as they are now. */
  #taken(
    task: unknown,
    args: readonly unknown[],
    options: ApplyOptions,
  ): { name: TaskName; taken: readonly unknown[] } {
    const name = taskName(task)
    this.#mustBeOpen()
    if (!Array.isArray(args))
      throw new TypeError(`Expected \`args\` to be the list of arguments, got ${typeof args}: write [${String(args)}]`)
    if ((options.retries ?? 0) > 0 && args.some((arg) => typeof arg === 'object' && arg !== null && isStream(arg)))
      throw new TypeError('`retries` and a stream in `args` do not go together: what was taken of it is gone')
    const transfer = transferOf(options)
    if (transfer === undefined) return { name, taken: this.snapshot(args) }
    if ((options.retries ?? 0) > 0)
      throw new TypeError('`retries` and `transfer` do not go together: what was handed over is gone')
    return { name, taken: this.snapshot(withMoved(args, transfer) as readonly unknown[]) }
  }

  #imap(what: string, task: unknown, source: Source<unknown>, options: ImapOptions): ImapIterator<any> {
    checkTaskOptions(`${what} options`, options, ['chunkSize', 'window'])
    checkSource(source)
    const name = taskName(task)
    this.#mustBeOpen()
    return new Imap<any>(this, { name, source, options, workers: this.size, ordered: what === 'imap' })
  }

  #callBack(callback: (value: any) => void, value: unknown): void {
    try {
      callback(value)
    } catch (error) {
      this.#staff.emit({ type: 'callbackError', id: this.#staff.label, error, at: this.#system.clock.now() })
    }
  }

  #mustBeOpen(): void {
    this.#staff.mustLive()
    if (this.#phase === 'closed') throw new PoolClosedError({ pool: this.#staff.label })
  }
}

/** Waits for all, as Python does, then rejects with the error of the first item that failed. */
function allResults(length: number, submit: (sink: Sink) => void): Promise<unknown[]> {
  return new Promise((resolve, reject) => {
    const results = new Array<unknown>(length)
    let left = length
    let first: { readonly index: number; readonly error: unknown } | undefined
    const settle = (): void => {
      left -= 1
      if (left > 0) return
      if (first === undefined) resolve(results)
      else reject(first.error as Error)
    }
    if (length === 0) return resolve(results)
    submit({
      value(index, value) {
        results[index] = value
        settle()
      },
      error(index, error) {
        if (first === undefined || index < first.index) first = { index, error }
        settle()
      },
    })
  })
}
