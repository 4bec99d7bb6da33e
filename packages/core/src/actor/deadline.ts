import type { Clock, Timer } from '../ports/clock.js'

/** By when an actor that is stopped must have ended: the earliest of what its stops said, however many there are. */
export class Deadline {
  readonly #passed: () => void
  #timeout = Infinity
  #end: (() => void) | undefined

  constructor(passed: () => void) {
    this.#passed = passed
  }

  /** `timeout` in milliseconds; one that is no shorter than an earlier one ends no sooner. */
  within(timeout: number, clock: Clock): void {
    if (timeout >= this.#timeout) return
    this.#timeout = timeout
    this.end()
    const timer: Timer = clock.setTimeout(this.#passed, timeout)
    this.#end = () => clock.clearTimeout(timer)
  }

  end(): void {
    this.#end?.()
    this.#end = undefined
  }
}
