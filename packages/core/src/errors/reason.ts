/**
 * Why an actor ended, in OTP's words. `normal` and `shutdown` are clean; all others are abnormal.
 * `exit` stays abnormal even with code 0: the process ended under the actor.
 */
export interface Reason {
  readonly type: ReasonType
  /** What was thrown, for `error`; for `shutdown` why a supervisor gave up. */
  readonly error?: unknown
  /** Exit code of the process, for `exit`; null after a signal. */
  readonly code?: number | null
  /** The signal that ended the process, for `exit`. */
  readonly signal?: string | null
}

/**
 * `normal`: it ended itself. `shutdown`: it was stopped, or a supervisor gave up. `killed`: by `kill()` or a timeout that
 * kills. `noproc`: it was gone already. `noconnection`: the host between is gone. `error`: it threw. `exit`: its process
 * ended under it. `oom`: out of memory, where the placement can tell.
 */
export type ReasonType = 'normal' | 'shutdown' | 'killed' | 'noproc' | 'noconnection' | 'error' | 'exit' | 'oom'

export const NORMAL: Reason = Object.freeze({ type: 'normal' })
export const SHUTDOWN: Reason = Object.freeze({ type: 'shutdown' })
export const KILLED: Reason = Object.freeze({ type: 'killed' })
export const NOPROC: Reason = Object.freeze({ type: 'noproc' })
export const NOCONNECTION: Reason = Object.freeze({ type: 'noconnection' })

/** Clean ends are no crash: a transient child is not restarted, a linked actor lives on. */
export function isClean(reason: Reason): boolean {
  return reason.type === 'normal' || reason.type === 'shutdown'
}

export function crashed(error: unknown): Reason {
  return { type: 'error', error }
}
