import { PoisonTaskError, WorkerCrashedError } from '@troupe/core'
import { endOf } from '@troupe/core/internal'
import type { Reason } from '@troupe/core'
import type { Work } from '../call/work.js'

/** The error of a task whose worker ended with it; of one that was run again in vain, a PoisonTaskError around it. */
export function crashOf(
  reason: Reason | undefined,
  { work, workerId, pid, started = true }: { work: Work; workerId: string; pid: number | undefined; started?: boolean },
): Error {
  const crash = {
    exitCode: reason?.code ?? null,
    signal: signalOf(reason),
    pid,
    workerId,
    started,
  }
  const details = { task: work.label, end: describe(reason) }
  const cause = reason?.error === undefined ? {} : { cause: reason.error }
  const error = new WorkerCrashedError(crash, details, cause)
  if ((work.options.retries ?? 0) === 0) return error
  return new PoisonTaskError({ task: work.label, attempts: work.crashes }, { cause: error })
}

/** A kill of ours is a SIGKILL. */
function signalOf(reason: Reason | undefined): string | null {
  if (reason?.type === 'killed') return 'SIGKILL'
  return reason?.signal ?? null
}

function describe(reason: Reason | undefined): string {
  if (reason === undefined) return 'its end is unknown'
  if (reason.type === 'killed') return 'it was killed'
  if (reason.type === 'exit') return endOf(reason)
  const error = reason.error as { message?: unknown } | undefined
  return error?.message === undefined ? reason.type : String(error.message)
}
