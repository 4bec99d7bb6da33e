import { expectNumber, expectOptions } from '../errors/expect.js'
import type { Window } from '../message/envelope.js'
import type { WaitOptions } from '../wait/wait.js'

/**
 * Options of `stream`. `timeout`: milliseconds that the consumer waits for one item; beyond it the stream is closed and
 * rejects with TimeoutError. Default: no limit, the system's `askTimeout` neither. An abort of `signal` closes it too.
 */
export interface StreamOptions extends WaitOptions {
  /** Items that may be on their way or waiting to be taken. Default 64. */
  readonly window?: number | undefined
  /** The same in bytes; one item may go beyond. Counts only what travels between processes. Default 256 KiB. */
  readonly windowBytes?: number | undefined
  /** Buffers of the argument to hand over instead of copying, where the placement can. */
  readonly transfer?: readonly ArrayBuffer[] | undefined
}

export const STREAM_OPTIONS: readonly string[] = ['window', 'windowBytes', 'timeout', 'signal', 'transfer']

export const DEFAULT_WINDOW: Window = { items: 64, bytes: 256 * 1024 }

/** @throws TypeError, RangeError for what is wrong. */
export function windowOf(options: StreamOptions | undefined): Window {
  if (options === undefined) return DEFAULT_WINDOW
  expectOptions('stream options', options, STREAM_OPTIONS)
  const { window = DEFAULT_WINDOW.items, windowBytes = DEFAULT_WINDOW.bytes } = options
  expectNumber('window', window, { min: 1, integer: true })
  expectNumber('windowBytes', windowBytes, { min: 1, integer: true })
  return { items: window, bytes: windowBytes }
}
