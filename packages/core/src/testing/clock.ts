import type { Clock, Timer } from '../ports/clock.js'

interface Alarm extends Timer {
  readonly at: number
  readonly order: number
  readonly callback: () => void
}

/** Time that stands still until it is told to go on. */
export class ManualClock implements Clock {
  #now = 0
  #order = 0
  readonly #alarms = new Set<Alarm>()

  now(): number {
    return this.#now
  }

  setTimeout(callback: () => void, ms: number): Timer {
    const alarm: Alarm = { at: this.#now + ms, order: this.#order, callback }
    this.#order += 1
    this.#alarms.add(alarm)
    return alarm
  }

  clearTimeout(timer: Timer): void {
    this.#alarms.delete(timer as Alarm)
  }

  setImmediate(callback: () => void): void {
    this.setTimeout(callback, 0)
  }

  /** Timers that wait. */
  get pending(): number {
    return this.#alarms.size
  }

  /** Lets `ms` milliseconds pass: timers fire in order, and promises settle in between. */
  async advance(ms: number): Promise<void> {
    const end = this.#now + ms
    await settled()
    for (let next = this.#next(end); next !== undefined; next = this.#next(end)) {
      this.#alarms.delete(next)
      this.#now = Math.max(this.#now, next.at)
      next.callback()
      await settled()
    }
    this.#now = end
  }

  #next(end: number): Alarm | undefined {
    let first: Alarm | undefined
    for (const alarm of this.#alarms) {
      if (alarm.at > end) continue
      if (first === undefined || alarm.at < first.at || (alarm.at === first.at && alarm.order < first.order))
        first = alarm
    }
    return first
  }
}

/** Chains of promises that follow on each other: enough turns for any that occur between two timers. */
async function settled(): Promise<void> {
  for (let turn = 0; turn < 50; turn += 1) await Promise.resolve()
}
