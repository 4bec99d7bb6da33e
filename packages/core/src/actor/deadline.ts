import type { Clock, Timer } from '../ports/clock.js'

/** By when an actor that is stopped must have ended: the earliest of what its stops said, however many there are. */
export class Deadline {
  readonly #passed: () => void
  /** As the clock tells it. */
  #at = Infinity
  #end: (() => void) | undefined

  constructor(passed: () => void) {
    this.#passed = passed
  }

  /** `timeout` in milliseconds from now; one that would end no sooner than an earlier one changes nothing. */
  within(timeout: number, clock: Clock): void {
    const at = clock.now() + timeout
    if (at >= this.#at) return
    this.#at = at
    this.end()
    const timer: Timer = clock.setTimeout(this.#passed, timeout)
    this.#end = () => clock.clearTimeout(timer)
  }

  end(): void {
    this.#end?.()
    this.#end = undefined
  }
}
