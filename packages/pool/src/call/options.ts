import { expectBoolean, expectNumber, expectOptions, expectTimeout, wrongType } from '@troupe/core/internal'

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
}

/** Options of `map`. Those of the task hold for each chunk: `timeout` counts from the start of a chunk. */
export interface MapOptions extends TaskOptions {
  /** Items that go to a worker at once. Default as in Python: the items over four times the workers, rounded up. */
  readonly chunkSize?: number | undefined
}

/** Options of `imap` and `imapUnordered`. Those of the task hold for each chunk. */
export interface ImapOptions extends TaskOptions {
  /** Items that go to a worker at once. Default 1. */
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

export const TASK_OPTIONS: readonly string[] = ['signal', 'timeout', 'retries', 'idempotent']

/** @throws TypeError, RangeError for what is wrong, and for `retries` of what may not be run twice. */
export function checkTaskOptions(
  name: string,
  options: ImapOptions & MapOptions & StreamTaskOptions,
  more: readonly string[] = [],
): void {
  expectOptions(name, options, [...TASK_OPTIONS, ...more])
  const { signal, timeout, retries, idempotent, chunkSize, window } = options
  if (timeout !== undefined) expectTimeout('timeout', timeout)
  if (idempotent !== undefined) expectBoolean('idempotent', idempotent)
  if (retries !== undefined) expectNumber('retries', retries, { min: 0, integer: true })
  if ((retries ?? 0) > 0 && idempotent !== true) {
    throw new TypeError('`retries` needs `idempotent: true`: a worker may have died after the task had taken effect')
  }
  if (chunkSize !== undefined) expectNumber('chunkSize', chunkSize, { min: 1, integer: true })
  if (window !== undefined) expectNumber('window', window, { min: 1, integer: true })
  if (signal !== undefined && typeof signal.addEventListener !== 'function')
    throw wrongType('signal', 'an AbortSignal', signal)
}
