/**
 * Decides from the reports of an actor that it has been at one message for too long. Whoever reports a start at least
 * every quarter of `max` while he is busy, and then nothing for `max` and a quarter, has been at his message for `max`.
 */
import type { RunReports } from '../actor/run-time.js'
import { type Clock, LONGEST, type Timer } from '../ports/clock.js'

/** Looks that it takes for reports that may have come while this thread was busy itself. */
const LOOKS = 3

export class Watchdog implements RunReports {
  readonly #clock: Clock
  readonly #silence: number
  readonly #grace: number
  readonly #bite: (ran: number) => void
  /** When the last message began that was told of; undefined while the actor is idle. */
  #since: number | undefined
  #timer: Timer | undefined
  /** When the timer is to go off. */
  #due = 0
  #looks = 0
  #over = false

  /** `bite` is told once, and of how many milliseconds; `max` in milliseconds. */
  constructor(max: number, clock: Clock, bite: (ran: number) => void) {
    this.#clock = clock
    this.#silence = 1.25 * max
    this.#grace = max / 4
    this.#bite = bite
  }

  busy(): void {
    if (this.#over) return
    this.#since = this.#clock.now()
    this.#looks = 0
    if (this.#timer === undefined) this.#arm(this.#silence)
  }

  /** The timer goes on: to clear and set one for each message would cost more than to look in vain now and then. */
  idle(): void {
    this.#since = undefined
  }

  /** The actor has ended. */
  end(): void {
    this.#over = true
    this.idle()
    if (this.#timer !== undefined) this.#clock.clearTimeout(this.#timer)
    this.#timer = undefined
  }

  #arm(ms: number): void {
    const wait = Math.min(ms, LONGEST)
    this.#due = this.#clock.now() + wait
    this.#timer = this.#clock.setTimeout(this.#look, wait)
    this.#timer.unref?.()
  }

  readonly #look = (): void => {
    this.#timer = undefined
    if (this.#since === undefined) return
    const now = this.#clock.now()
    // A clock that was set back would have it wait for ever.
    this.#since = Math.min(this.#since, now)
    const left = this.#since + this.#silence - now
    if (left > 0) return this.#arm(left)
    // This thread was busy too: news may wait to be read, at the other end of a full channel even.
    if (now - this.#due > this.#grace && this.#looks < LOOKS) {
      this.#looks += 1
      return this.#arm(this.#grace)
    }
    const since = this.#since
    // Timers come first in a turn of the loop, and what has arrived after them.
    this.#clock.setImmediate(() => this.#decide(since))
  }

  /** Unless the actor is idle, or has begun another message, since. */
  #decide(since: number): void {
    if (this.#since === undefined || this.#timer !== undefined) return
    this.end()
    this.#bite(this.#clock.now() - since)
  }
}
