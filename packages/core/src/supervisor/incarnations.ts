import type { ChildType, RestartType, Shutdown } from '../definition/child-spec.js'
import type { Reason } from '../errors/reason.js'
import type { Signal } from '../ports/signal.js'
import type { Target } from '../ref/target.js'

/** The lives of one child, one after the other, and what lasts behind them: an actor's, a supervisor's, a pool's. */
export interface Incarnations {
  /** What `ref(id)` of the supervisor gives; the same for all lives. */
  readonly handle: unknown
  /**
   * Starts one life as a child of `supervisor`. Resolves with undefined when its init returned `ignore`; rejects when it
   * did not start, or `signal` aborted: nothing is left of it then.
   *
   * @param number how many lives there have been before.
   */
  start(supervisor: Target, number: number, signal: Signal): Promise<Target | undefined>
  /** No other life follows, as far as is known: who waits is told, by the reason of the last one. */
  close(reason: Reason): void
  /** There will never be another one. */
  end(reason: Reason): void
}

/** A child as its supervisor deals with it. */
export interface ChildPlan {
  /** Unique among the children of the supervisor. */
  readonly key: string
  /** As its spec calls it. */
  readonly id: string
  readonly type: ChildType
  readonly restart: RestartType
  readonly shutdown: Shutdown
  readonly significant: boolean
  readonly incarnations: Incarnations
  /** A first start that fails is tried again like a restart, instead of failing `startChild`. */
  readonly persistent?: boolean
}
