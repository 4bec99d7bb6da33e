import type { Timer } from '@troupe/core'
import type { Target } from '@troupe/core/internal'
import type { Work } from '../call/work.js'

/** A place for a worker: the process in it may change, its id stays. */
export interface WorkerSlot {
  readonly id: string
  state: SlotState
  /** Tasks done by all who have been in this place. */
  done: number
}

export type SlotState =
  | { readonly phase: 'starting' }
  | { readonly phase: 'idle'; readonly target: Target; readonly pid: number | undefined }
  | BusyState

export interface BusyState {
  readonly phase: 'busy'
  readonly target: Target
  readonly pid: number | undefined
  readonly work: Work
  readonly ticket: number
  /** When it began, in ms; known only while somebody listens to the diagnostics. */
  readonly since: number | undefined
  /** Ends the watch over timeout and abort. */
  endLimits?: (() => void) | undefined
  /** The caller waits no more. */
  readonly giveUp: (reason: unknown) => void
  /** The caller waits for the end of it, which is to come soon. */
  readonly leaveOff: (reason: unknown) => void
  /** Armed once the caller has given up: then the worker is killed. */
  grace: Timer | undefined
  /** Its caller has been told already; only the worker's answer is awaited. */
  abandoned: boolean
}
