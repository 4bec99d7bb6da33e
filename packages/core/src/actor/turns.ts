import type { Clock } from '../ports/clock.js'
import type { RunTime } from './run-time.js'

/** After that many turns in one go other actors, timers and channels get theirs. */
const BUDGET = 2_000

/** Whose turns they are. */
export interface TurnTaker {
  /** Nothing is in hand, and something may be taken. */
  readonly free: boolean
  /** Takes what comes next. False when there is nothing. */
  takeTurn(): boolean
  /** Told when something begins, and when nothing is in hand. */
  readonly runTime: RunTime | undefined
}

/** One thing after the other, soon, and never for so long that others have to wait. */
export class Turns {
  readonly #taker: TurnTaker
  readonly #clock: Clock
  #scheduled = false

  constructor(taker: TurnTaker, clock: Clock) {
    this.#taker = taker
    this.#clock = clock
  }

  /** There may be something to take. */
  schedule(): void {
    if (this.#scheduled || !this.#taker.free) return
    this.#scheduled = true
    void SOON.then(this.#run)
  }

  readonly #run = (): void => {
    this.#scheduled = false
    for (let left = BUDGET; this.#taker.free; left -= 1) {
      if (left === 0) {
        this.#scheduled = true
        this.#taker.runTime?.rest()
        return this.#clock.setImmediate(this.#run)
      }
      this.#taker.runTime?.next()
      if (!this.#taker.takeTurn()) return this.#taker.runTime?.rest()
    }
  }
}

/** Resolved for ever: `then` on it is the cheapest way to run soon. */
const SOON = Promise.resolve()
