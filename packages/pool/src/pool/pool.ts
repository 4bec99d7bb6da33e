/** Python's Pool over supervised workers: what users hold. Which work goes where is schedule/scheduler.ts. */
import type { Events, WaitOptions } from '@troupe/core'
import type { AnyFunction, RemoteFunction, RemoteGenerator } from '@troupe/transport-node'
import type { AsyncResult, Callbacks } from '../call/async-result.js'
import type { ImapIterator } from '../call/imap.js'
import type { ApplyOptions, ImapOptions, MapOptions, OnError, StreamTaskOptions } from '../call/options.js'
import type { ArgsOf, Chosen, Each, ItemArg, ItemResult, ResultOf } from '../call/signatures.js'
import type { Source } from '../call/source.js'
import type { PoolSize } from '../schedule/bounds.js'
import type { PoolEvent } from '../schedule/events.js'
import type { SlowTask } from '../schedule/slowest.js'
import type { Checkout } from './checkout.js'
import type { PoolPhase } from './life.js'

/**
 * Workers that run exported functions. All calls settle, whatever happens to the workers. What is pending keeps the process
 * alive, an idle pool does not.
 *
 * Errors of every call: the task's own, with class, fields and `remoteStack`; WorkerCrashedError when its worker ended
 * with it; TimeoutError; the signal's reason; SerializationError and NotPortableError for what cannot travel;
 * PoolClosedError, PoolTerminatedError; QueueFullError where the queue refuses; InitializerError and RestartLimitError once
 * the pool has given up. Those that give a promise reject with all of them; the others throw at the call what is known then: wrong options and names, arguments that
 * cannot travel, a closed pool.
 */
export interface Pool extends AsyncDisposable {
  /** Workers at most. */
  readonly size: number
  /**
   * Runs `task` with `args` in a worker and resolves with its result. `args` are copied at the call; an async iterable
   * among them flows into the task, until that has ended.
   */
  apply<F extends AnyFunction, const A extends ArgsOf<F>>(
    task: RemoteFunction<F>,
    args: Chosen<F, A>,
    options?: ApplyOptions,
  ): Promise<ResultOf<F, A>>
  /** As `apply`, giving Python's AsyncResult. */
  applyAsync<F extends AnyFunction, const A extends ArgsOf<F>>(
    task: RemoteFunction<F>,
    args: Chosen<F, A>,
    options?: ApplyOptions & Callbacks<ResultOf<F, A>>,
  ): AsyncResult<ResultOf<F, A>>
  /**
   * Runs `task` for each item and resolves with the results in order. Rejects with the error of the first item that failed,
   * after all ended, unless `onError` says otherwise.
   */
  map<F extends AnyFunction, E extends OnError = 'all'>(
    task: RemoteFunction<F>,
    source: Source<ItemArg<F>>,
    options?: MapOptions<E>,
  ): Promise<Listed<E, ItemResult<F>>>
  /** As `map`, giving Python's AsyncResult; `callback` gets the whole list, once. */
  mapAsync<F extends AnyFunction, E extends OnError = 'all'>(
    task: RemoteFunction<F>,
    source: Source<ItemArg<F>>,
    options?: MapOptions<E> & Callbacks<Listed<E, ItemResult<F>>>,
  ): AsyncResult<Listed<E, ItemResult<F>>>
  /** As `map`, for a task of several arguments: each item is the list of them. */
  starmap<F extends AnyFunction, E extends OnError = 'all'>(
    task: RemoteFunction<F>,
    source: Source<ArgsOf<F>>,
    options?: MapOptions<E>,
  ): Promise<Listed<E, ResultOf<F, ArgsOf<F>>>>
  /** As `starmap`, giving an AsyncResult. */
  starmapAsync<F extends AnyFunction, E extends OnError = 'all'>(
    task: RemoteFunction<F>,
    source: Source<ArgsOf<F>>,
    options?: MapOptions<E> & Callbacks<Listed<E, ResultOf<F, ArgsOf<F>>>>,
  ): AsyncResult<Listed<E, ResultOf<F, ArgsOf<F>>>>
  /**
   * Results in order, lazily; the source may be infinite. Pulled no further ahead than `window`; leaving a `for await`
   * closes the source and takes back what is under way.
   */
  imap<F extends AnyFunction>(
    task: RemoteFunction<F>,
    source: Source<ItemArg<F>>,
    options?: ImapOptions,
  ): ImapIterator<ItemResult<F>>
  /** Results as they are done, lazily. */
  imapUnordered<F extends AnyFunction>(
    task: RemoteFunction<F>,
    source: Source<ItemArg<F>>,
    options?: ImapOptions,
  ): ImapIterator<ItemResult<F>>
  /**
   * Runs a generator `task` in a worker and gives its items as they come, at most a window ahead of the consumer. The
   * worker is taken until the stream ends. Leaving a `for await` closes the generator; should that take longer than
   * `cancelGrace`, its worker is killed. An error comes after all items before it; with `retries` it runs again only
   * while no item has come.
   */
  stream<F extends AnyFunction>(
    task: RemoteGenerator<F>,
    args: ArgsOf<F>,
    options?: StreamTaskOptions,
  ): AsyncIterableIterator<Each<Awaited<ReturnType<F>>>>
  /**
   * Runs `task` once in each worker, before all that waits, and resolves with the results in the order of the workers. It
   * starts those that are to be there (all, of a fixed size); those that start later have not run it. Rejects with the error
   * of the first that failed, after all ended.
   */
  broadcast<F extends AnyFunction, const A extends ArgsOf<F>>(
    task: RemoteFunction<F>,
    args: Chosen<F, A>,
    options?: WaitOptions,
  ): Promise<ResultOf<F, A>[]>
  /**
   * Waits for a worker as a task would, `options` bounding that, and gives it to `use` alone until what `use` returns has
   * settled; resolves with that. A closed pool waits for it.
   */
  checkout<R>(use: (worker: Checkout) => R | PromiseLike<R>, options?: WaitOptions): Promise<R>
  /**
   * Changes the number of workers from now on: more start when there is work; those beyond it end when they have done what
   * they have in hand. A fixed number fixes the size.
   *
   * @throws TypeError, RangeError; PoolClosedError, and what the pool has ended with.
   */
  resize(size: number | PoolSize): void
  /**
   * Starts all workers, of an elastic pool `min` of them, and resolves when they have run the initializer. Otherwise they
   * start on demand.
   *
   * @throws PoolClosedError; InitializerError, RestartLimitError when the pool gives up; TimeoutError; the signal's reason;
   *   as rejections.
   */
  ready(options?: WaitOptions): Promise<void>
  /** A look at the pool now; costs a list of its workers. */
  stats(): PoolStats
  /** What happens in the pool, from the subscription on; completes when the pool has ended. */
  readonly events$: Events<PoolEvent>
  /**
   * Takes no more calls; those before it are done first. Of an `imap` that is what its source holds, when that lies in memory
   * (an array, a Set); of others what has been pulled, and what somebody waits for. Idempotent.
   */
  close(): void
  /**
   * Resolves when all tasks have settled and all workers have ended, after `close`, `terminate` or `stop`.
   *
   * @throws PoolRunningError before those; TimeoutError; as rejections.
   */
  join(options?: WaitOptions): Promise<void>
  /** Ends the workers now: what waits or runs rejects with PoolTerminatedError. Resolves when they are gone. */
  terminate(): Promise<void>
  /** `close` and `join`; after `timeout` milliseconds (default: no limit) `terminate`. */
  stop(options?: { readonly timeout?: number | undefined }): Promise<void>
}

/** What a map gives: with `settled` the outcome of each item. */
export type Listed<E, R> = E extends 'settled' ? PromiseSettledResult<R>[] : R[]

/** A pool at one moment; the counts are since it was made. */
export interface PoolStats {
  readonly phase: PoolPhase
  readonly size: number
  readonly workers: readonly WorkerStats[]
  /** Calls and chunks that wait for a worker. */
  readonly queued: number
  /** Workers that have work in hand, or are checked out. */
  readonly running: number
  /** Calls and chunks that were answered. */
  readonly done: number
  /** Calls and chunks that failed: by an error, a crash, a timeout or an abort. */
  readonly failed: number
  /** Calls and items run again because their worker had died. */
  readonly retried: number
  /** Workers started in the place of one that had ended. */
  readonly restarts: number
  /** The calls and chunks that took longest, longest first, five at most. */
  readonly slowest: readonly SlowTask[]
}

/** One place for a worker: the process in it may change, `id` stays. */
export interface WorkerStats {
  readonly id: string
  readonly pid: number | undefined
  readonly state: 'starting' | 'idle' | 'busy'
  /** Calls and chunks done by all who have been in this place. */
  readonly done: number
  /** Milliseconds from the order to start until the worker that is there was ready, its initializer included. */
  readonly startUp: number
  /** Milliseconds that those in this place have waited for work. */
  readonly waiting: number
  /** Milliseconds that they have worked. */
  readonly working: number
}
