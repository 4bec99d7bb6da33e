import type { Clock, Timer } from '../ports/clock.js'

/** The longest time that a timer holds. */
const FOREVER = 2_147_483_647

/**
 * An idle system must not keep the process alive, a pending ask must. Channels and timers are all idle by themselves;
 * this one timer is active while anything is pending.
 */
export class KeepAlive {
  readonly #clock: Clock
  #timer: Timer | undefined
  #pending = 0
  #over = false

  constructor(clock: Clock) {
    this.#clock = clock
  }

  hold(): void {
    this.#pending += 1
    if (this.#pending !== 1 || this.#over) return
    if (this.#timer === undefined) this.#timer = this.#clock.setTimeout(() => this.#renew(), FOREVER)
    else this.#timer.ref?.()
  }

  release(): void {
    this.#pending -= 1
    if (this.#pending === 0) this.#timer?.unref?.()
  }

  /** Takes the timer away for good. */
  end(): void {
    this.#over = true
    if (this.#timer !== undefined) this.#clock.clearTimeout(this.#timer)
    this.#timer = undefined
  }

  #renew(): void {
    this.#timer = this.#clock.setTimeout(() => this.#renew(), FOREVER)
    if (this.#pending === 0) this.#timer.unref?.()
  }
}
