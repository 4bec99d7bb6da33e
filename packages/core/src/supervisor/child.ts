import { SupervisorError } from '../errors/kinds.js'
import { type AbortControllerLike, newAbortController, type Signal } from '../ports/signal.js'
import type { Target } from '../ref/target.js'
import type { History } from './budget.js'
import type { ChildPlan } from './incarnations.js'
import type { Lane } from './lane.js'
import { next, type Phase, statusOf, type Step } from './phase.js'

/** One child as its supervisor knows it. */
export class Child {
  readonly plan: ChildPlan
  /** What is done with it, or with it and others, is done one after the other. */
  readonly lane: Lane
  /** `ended`: told to end for good, until somebody starts it again. */
  wanted: 'running' | 'ended' = 'running'
  /** Lives before this one. */
  lives = 0
  /** Restarts in a row that did not last. */
  row = 0
  /** When its life began. */
  since = 0
  /** Its own restarts, where they are counted by child. */
  history: History = []
  /** While it runs or is being stopped. */
  life: Target | undefined
  #phase: Phase = 'new'
  #starting: AbortControllerLike | undefined
  #cancelWait: (() => void) | undefined

  constructor(plan: ChildPlan, lane: Lane) {
    this.plan = plan
    this.lane = lane
  }

  isDismissed(): boolean {
    return this.wanted === 'ended'
  }

  get phase(): Phase {
    return this.#phase
  }

  /** Throws Error for a step that cannot be taken. */
  take(step: Step): void {
    this.#phase = next(this.#phase, step)
  }

  /** Throws SupervisorError (ERR_CHILD_RUNNING) for one that runs, or is about to. */
  mustBeDown(): void {
    const status = statusOf[this.#phase]
    if (status !== 'down') throw new SupervisorError('ERR_CHILD_RUNNING', { id: this.plan.id, status })
  }

  begin(): Signal {
    this.take('start')
    this.#starting = newAbortController()
    return this.#starting.signal
  }

  /** A start that is under way fails, by what `why` gives: an error costs more than all else that is done to end a child. */
  abort(why: () => unknown): void {
    if (this.#phase === 'starting') this.#starting?.abort(why())
  }

  /** Until it is started anew; `cancel` takes the timer back. */
  wait(cancel: () => void): void {
    this.take('wait')
    this.#cancelWait = cancel
  }

  /** It waits no more. */
  leaveWait(step: 'due' | 'stop'): void {
    this.take(step)
    this.#cancelWait?.()
    this.#cancelWait = undefined
  }
}
