import {
  expectBoolean,
  expectFunction,
  expectNumber,
  expectOneOf,
  expectOptions,
  expectTimeout,
  wrongType,
} from '@troupe/core/internal'

/** Options of one task, or of each task of a map. */
export interface TaskOptions {
  /** Its abort takes the task back: from the queue at once, from a worker by `task().signal`, then by SIGKILL. */
  readonly signal?: AbortSignal | undefined
  /** Milliseconds that the task may run, from its start. Default: no limit. Items of a map then go one by one. */
  readonly timeout?: number | undefined
  /** How often it is run again after its worker died. Needs `idempotent`. Default 0. */
  readonly retries?: number | undefined
  /** Running it twice does no harm. Default false. */
  readonly idempotent?: boolean | undefined
  /** Higher goes first among what waits. Default 0. */
  readonly priority?: number | undefined
  /**
   * Tasks of one key go to one place in the pool, each after the one before it: what they keep in their worker is found
   * again, as long as that worker lives and the pool keeps its size. They wait for that place while others are free.
   */
  readonly key?: string | number | undefined
  /**
   * Called with what the task gives to `task().progress`, and with the position of its item in a map (0 otherwise). What it
   * throws is reported on `events$`.
   */
  readonly onProgress?: ((value: unknown, index: number) => void) | undefined
}

/**
 * What a map makes of items that fail: `all` waits for all and rejects with the first error, as Python does; `failFast`
 * rejects with the error that comes first, and takes the rest back; `settled` rejects never, and tells of each item.
 */
export type OnError = 'all' | 'failFast' | 'settled'

/** Options of `map` and `starmap`. Those of the task hold for each chunk: `timeout` counts from the start of a chunk. */
export interface MapOptions<E extends OnError = OnError> extends TaskOptions {
  /** What becomes of the others when an item fails. Default `all`. */
  readonly onError?: E
  /** Items that go to a worker at once. Default as in Python: the items over four times the workers, rounded up. */
  readonly chunkSize?: number | undefined
}

/** Options of `imap` and `imapUnordered`. Those of the task hold for each chunk. */
export interface ImapOptions extends TaskOptions {
  /**
   * Items that go to a worker at once. Default: as many as the task does in about 5 ms, by what has been measured of it, and
   * never one that would have to be waited for; 1 to begin with.
   */
  readonly chunkSize?: number | undefined
  /** Items pulled and not yet given out, rounded up to whole chunks. Default: two chunks a worker. */
  readonly window?: number | undefined
}

/** Options of `apply` and `applyAsync`. */
export interface ApplyOptions extends TaskOptions {
  /**
   * Buffers in `args` to hand over instead of copying, where the placement can: to threads. They must not be used
   * afterwards, so it does not go with `retries`.
   */
  readonly transfer?: readonly ArrayBuffer[] | undefined
}

/** Options of `stream`. `timeout` counts from the task's start to the end of the stream. */
export interface StreamTaskOptions extends ApplyOptions {
  /** Items that may be on their way or waiting to be taken. Default 64. */
  readonly window?: number | undefined
  /** The same in bytes; one item may go beyond. Default 256 KiB. */
  readonly windowBytes?: number | undefined
}

const TASK_OPTIONS: readonly string[] = ['signal', 'timeout', 'retries', 'idempotent', 'priority', 'key', 'onProgress']

/** @throws TypeError, RangeError for what is wrong, and for `retries` of what may not be run twice. */
export function checkTaskOptions(
  name: string,
  options: ImapOptions & MapOptions & StreamTaskOptions,
  more: readonly string[] = [],
): void {
  expectOptions(name, options, [...TASK_OPTIONS, ...more])
  const { signal, timeout, retries, idempotent, chunkSize, window, priority, key, onProgress, onError } = options
  if (timeout !== undefined) expectTimeout('timeout', timeout)
  if (idempotent !== undefined) expectBoolean('idempotent', idempotent)
  if (retries !== undefined) expectNumber('retries', retries, { min: 0, integer: true })
  if ((retries ?? 0) > 0 && idempotent !== true) {
    throw new TypeError('`retries` needs `idempotent: true`: a worker may have died after the task had taken effect')
  }
  if (chunkSize !== undefined) expectNumber('chunkSize', chunkSize, { min: 1, integer: true })
  if (priority !== undefined) expectNumber('priority', priority)
  if (key !== undefined && typeof key !== 'string' && typeof key !== 'number')
    throw wrongType('key', 'a string or a number', key)
  if (onProgress !== undefined) expectFunction('onProgress', onProgress)
  if (onError !== undefined) expectOneOf('onError', onError, ['all', 'failFast', 'settled'])
  if (window !== undefined) expectNumber('window', window, { min: 1, integer: true })
  if (signal !== undefined && typeof signal.addEventListener !== 'function')
    throw wrongType('signal', 'an AbortSignal', signal)
}
