import type { Strategy } from '../definition/supervise.js'
import type { Clock } from '../ports/clock.js'
import type { Ref } from '../ref/ref.js'
import type { Target } from '../ref/target.js'
import type { HostBehind } from './end-life.js'
import type { ChildPlan } from './incarnations.js'
import type { SupervisorObserver } from './observer.js'
import type { RestartSettings } from './settings.js'

/** What a supervisor is started with. */
export interface SupervisorInput extends RestartSettings {
  readonly clock: Clock
  /** `dynamic`: children come and go; each is forgotten once it is over, and all are stopped at the same time. */
  readonly strategy: Strategy | 'dynamic'
  readonly autoShutdown: 'never' | 'any_significant' | 'all_significant'
  readonly maxChildren: number
  /** Started in this order before the supervisor is ready. */
  readonly children: readonly ChildPlan[]
  readonly observer: SupervisorObserver
  /** The ref of one life of a child. */
  refOf(life: Target): Ref
  /** Of one that others share: what is killed when an actor there cannot be ended otherwise. */
  hostBehind(life: Target): HostBehind | undefined
}
