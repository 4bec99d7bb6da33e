import { RestartLimitError } from '../errors/kinds.js'
import type { Clock } from '../ports/clock.js'
import { delay, nextInRow } from './backoff.js'
import { type History, spend } from './budget.js'
import type { Child } from './child.js'
import type { RestartSettings } from './settings.js'

/** What was lost: a `life`, or a `start` that never got ready. */
export type Lost = 'life' | 'start'

/** Counts the restarts of one supervisor: whether they are too many, and how long to wait before the next. */
export class Restarts {
  readonly #rules: RestartSettings
  readonly #clock: Clock
  /** Of all children together. */
  #history: History = []
  #failedStartsInARow = 0

  constructor(rules: RestartSettings, clock: Clock) {
    this.#rules = rules
    this.#clock = clock
  }

  /** A life has begun. */
  begun(child: Child): void {
    child.since = this.#clock.now()
    this.#failedStartsInARow = 0
  }

  /** Counts one more. True when it is one too many. */
  exceeded(child: Child, lost: Lost): boolean {
    const { backoff, intensity, intensityCounts, intensityScope } = this.#rules
    const now = this.#clock.now()
    child.row = nextInRow(child.row, lost === 'start' ? 0 : now - child.since, backoff)
    if (lost === 'start') this.#failedStartsInARow += 1
    if (intensityCounts === 'starts' && lost === 'life') return false
    const { history, exceeded } = spend(this.#historyOf(child), now, this.#rules)
    if (intensityScope === 'child') child.history = history
    else this.#history = history
    // Somebody waits for a life that does get ready: so many in a row are too many, however slowly they fail.
    return exceeded || (intensityCounts === 'starts' && this.#failedStartsInARow > intensity)
  }

  /** Milliseconds before the next. */
  delay(child: Child): number {
    return delay(child.row, this.#rules.backoff, Math.random())
  }

  /** What a supervisor gives up with. */
  limit(supervisor: string, child: Child, why: unknown): RestartLimitError {
    const { intensity, period } = this.#rules
    const count = Math.max(this.#historyOf(child).length, this.#failedStartsInARow)
    return new RestartLimitError({ supervisor, count, intensity, period }, { cause: why })
  }

  #historyOf(child: Child): History {
    return this.#rules.intensityScope === 'child' ? child.history : this.#history
  }
}
