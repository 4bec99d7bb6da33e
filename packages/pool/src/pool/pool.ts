/** Python's Pool over supervised workers: what users hold. Which work goes where is schedule/scheduler.ts. */
import type { Events, WaitOptions } from '@troupe/core'
import type { AnyFunction, RemoteFunction, RemoteGenerator } from '@troupe/transport-node'
import type { AsyncResult, Callbacks } from '../call/async-result.js'
import type { ImapIterator } from '../call/imap.js'
import type { ApplyOptions, ImapOptions, MapOptions, StreamTaskOptions } from '../call/options.js'
import type { ArgsOf, Chosen, Each, ItemArg, ItemResult, ResultOf } from '../call/signatures.js'
import type { Source } from '../call/source.js'
import type { PoolEvent } from '../schedule/events.js'

/**
 * A fixed number of workers that run exported functions. All calls settle, whatever happens to the workers. What is
 * pending keeps the process alive, an idle pool does not.
 *
 * Errors of every call: the task's own, with class, fields and `remoteStack`; WorkerCrashedError when its worker ended
 * with it; TimeoutError; the signal's reason; SerializationError and NotPortableError for what cannot travel;
 * PoolClosedError, PoolTerminatedError; InitializerError and RestartLimitError once the pool has given up. `apply` and
 * `map` reject with all of them; the others throw at the call what is known then: wrong options and names, arguments that
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
  /** Runs `task` for each item and resolves with the results in order. Rejects with the first error, after all ended. */
  map<F extends AnyFunction>(
    task: RemoteFunction<F>,
    source: Source<ItemArg<F>>,
    options?: MapOptions,
  ): Promise<ItemResult<F>[]>
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
   * Starts all workers, and resolves when they have run the initializer. Otherwise they start on demand.
   *
   * @throws PoolClosedError; InitializerError, RestartLimitError when the pool gives up; TimeoutError; the signal's reason;
   *   as rejections.
   */
  ready(options?: WaitOptions): Promise<void>
  /** A look at the pool now; costs a list of its workers. */
  stats(): PoolStats
  /** What happens in the pool, from the subscription on; completes when the pool has ended. */
  readonly events$: Events<PoolEvent>
  /** Takes no more tasks; those submitted are run. Idempotent. */
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

/** A pool at one moment; the counts are since it was made. */
export interface PoolStats {
  readonly size: number
  readonly workers: readonly WorkerStats[]
  /** Calls and chunks that wait for a worker. */
  readonly queued: number
  /** Calls and chunks that a worker has in hand. */
  readonly running: number
  /** Calls and chunks that were answered. */
  readonly done: number
  /** Calls and chunks that failed: by an error, a crash, a timeout or an abort. */
  readonly failed: number
  /** Calls and items run again because their worker had died. */
  readonly retried: number
  /** Workers started in the place of one that had ended. */
  readonly restarts: number
}

/** One place for a worker: the process in it may change, `id` stays. */
export interface WorkerStats {
  readonly id: string
  readonly pid: number | undefined
  readonly state: 'starting' | 'idle' | 'busy'
  /** Calls and chunks done by all who have been in this place. */
  readonly done: number
}
