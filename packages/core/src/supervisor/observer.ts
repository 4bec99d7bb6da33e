import type { ChildCount } from '../definition/supervise.js'
import type { RestartLimitError } from '../errors/kinds.js'
import type { Reason } from '../errors/reason.js'
import type { Target } from '../ref/target.js'
import type { ChildPlan } from './incarnations.js'
import type { Phase } from './phase.js'

/** Told at once of what happens. */
export interface SupervisorObserver {
  /** It is there; `view` is valid until it has ended. */
  opened?(view: SupervisorView, self: Target): void
  started?(plan: ChildPlan, life: Target, restarts: number): void
  ended?(plan: ChildPlan, life: Target, reason: Reason): void
  /** A start failed; it is tried again. */
  failed?(plan: ChildPlan, error: unknown): void
  gaveUp?(error: RestartLimitError): void
}

/** What can be seen of it without asking. */
export interface SupervisorView {
  which(): { plan: ChildPlan; phase: Phase }[]
  count(): ChildCount
  get(key: string): ChildPlan | undefined
  /** It has ended, perhaps by a kill: nothing waits any more, and children that were added later never come back. */
  over(reason: Reason): void
}
