/**
 * Where the workers of a test file live. The stories are written for processes; the files in `threads` run them once more
 * with threads.
 */
import type { Launcher } from '@troupe/core'
import { childProcess, workerThread } from '@troupe/transport-node'
import { isAlive } from './settle.js'

export type Place = 'process' | 'thread'

let place: Place = 'process'

export function runOn(other: Place): void {
  place = other
}

export const onThreads = (): boolean => place === 'thread'

export const workers = (): Launcher => (onThreads() ? workerThread() : childProcess())

/** What only a process can be tested for: signals above all, which end this one too when a thread gets them. */
export const processTest: typeof test = ((...args: Parameters<typeof test>) => {
  if (!onThreads()) test(...args)
}) as never

/** Those that live still. Of threads nothing can be seen by the process that they live in; what is left fails the file. */
export const living = (pids: readonly number[]): number[] => (onThreads() ? [] : pids.filter(isAlive))
