/**
 * How many restarts are too many: more than `intensity` within any `period` (OTP's sliding window; intensity 0 allows
 * none). Without it a child that cannot live would be started for ever.
 */
export interface Budget {
  /** Restarts that are allowed within `period`; Infinity for all. */
  readonly intensity: number
  /** Milliseconds. */
  readonly period: number
}

/** Times of the restarts that still count, oldest first. */
export type History = readonly number[]

/** Counts one restart at `now`. `exceeded`: it is one too many. */
export function spend(
  history: History,
  now: number,
  { intensity, period }: Budget,
): { history: History; exceeded: boolean } {
  if (intensity === Infinity) return { history, exceeded: false }
  // Where all still count, the first look ends it: ten thousand may be restarted within one period. What lies ahead was
  // before the clock was set back, perhaps by hours: it would count for as long.
  const oldest = history.findIndex((at) => at <= now && now - at < period)
  const counted = oldest === -1 ? [] : history.slice(oldest)
  counted.push(now)
  return { history: counted, exceeded: counted.length > intensity }
}
