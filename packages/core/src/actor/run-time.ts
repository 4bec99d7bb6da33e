/**
 * How long an actor is at one message, as its cell sees it. A handler that blocks its thread cannot be timed from within,
 * so the cell only reports: that it gets busy, that yet another message begins, and that nothing is in hand. Who is told
 * draws the conclusions, in a thread that goes on: host/watchdog.ts.
 */
import { expectNumber } from '../errors/expect.js'
import type { Clock } from '../ports/clock.js'

/** Who is told how an actor gets on. */
export interface RunReports {
  /** A message begins, or a step of a stream. Not told of each one, but of one at least every quarter of the time. */
  busy(): void
  /** Nothing is in hand any more. */
  idle(): void
  /** A message has come to its end that took `ran` ms, which is too long. */
  overran?(ran: number): void
}

export class RunTime {
  readonly #max: number
  readonly #clock: Clock
  readonly #reports: RunReports
  #phase: 'idle' | 'busy' | 'over' = 'idle'
  /** When what is in hand began, and when somebody was told last that something begins. */
  #started = 0
  #reported = 0

  /** `max` in milliseconds. */
  constructor(max: number, clock: Clock, reports: RunReports) {
    this.#max = max
    this.#clock = clock
    this.#reports = reports
  }

  /** What was in hand is done; something else begins, or nothing does and `rest` follows. */
  next(): void {
    if (this.#phase === 'over') return
    const now = this.#clock.now()
    this.#done(now)
    this.#started = now
    const since = now - this.#reported
    // A clock that was set back must not silence the reports.
    if (this.#phase === 'busy' && since >= 0 && since < this.#max / 4) return
    this.#phase = 'busy'
    this.#reported = now
    this.#reports.busy()
  }

  /** What was in hand is done; nothing begins: there is nothing, or others come first. */
  rest(): void {
    if (this.#phase !== 'busy') return
    this.#done(this.#clock.now())
    this.#phase = 'idle'
    this.#reports.idle()
  }

  /** The actor ends, whatever is in hand. */
  end(): void {
    if (this.#phase === 'busy') this.#reports.idle()
    this.#phase = 'over'
  }

  #done(now: number): void {
    const ran = now - this.#started
    if (this.#phase === 'busy' && ran > this.#max) this.#reports.overran?.(ran)
  }
}

/**
 * What a user gave as `maxRunTime`, in milliseconds; undefined for no bound.
 *
 * @throws TypeError, RangeError for anything else.
 */
export function readMaxRunTime(value: unknown): number | undefined {
  if (value === undefined || value === Infinity) return undefined
  return expectNumber('maxRunTime', value, { min: 1, max: 2_147_483_647 })
}
