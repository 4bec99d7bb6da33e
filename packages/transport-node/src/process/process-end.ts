import { constants } from 'node:os'
import type { Reason } from '@troupe/core'

/** How a process of `startProcess` ended. */
export interface ProcessEnd {
  /** Its exit code: 0 when its function has settled, 1 when that threw; null after a signal, or when nobody knows. */
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  /** What its function threw, or why it could not start; why it was out of memory. */
  readonly error?: unknown
}

/** @param asked the signal that stands for a kill of ours. */
export function processEnd(reason: Reason, asked: NodeJS.Signals = 'SIGKILL'): ProcessEnd {
  const error = reason.error === undefined ? {} : { error: reason.error }
  switch (reason.type) {
    case 'normal':
    case 'shutdown':
      return { code: 0, signal: null }
    case 'error':
      return { code: 1, signal: null, ...error }
    case 'killed':
      return { code: null, signal: asked }
    case 'oom':
      return { code: null, signal: 'SIGKILL', ...error }
    case 'exit':
      return { code: reason.code ?? null, signal: (reason.signal ?? null) as NodeJS.Signals | null, ...error }
    default:
      return { code: null, signal: null, ...error }
  }
}

/** As Python has it: the code, or minus the number of the signal; undefined when neither is known. */
export function exitCodeOf({ code, signal }: ProcessEnd): number | undefined {
  if (signal !== null) return -constants.signals[signal]
  return code ?? undefined
}
