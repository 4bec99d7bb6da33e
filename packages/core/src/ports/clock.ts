/** Time, handed in: tests turn it by hand, and XState's actors take the same one. All times are milliseconds. */
export interface Clock {
  /** `at` of events; since 1970 by the runtime's clock. */
  now(): number
  /** Calls back once, never within this call; `ms` is 0 to 2,147,483,647. */
  setTimeout(callback: () => void, ms: number): Timer
  /** Does nothing for one that has gone off. */
  clearTimeout(timer: Timer): void
  /** As soon as the events that wait have been served; a later turn of the loop. */
  setImmediate(callback: () => void): void
}

/** The longest time that a timer holds, in milliseconds: more goes off at once. */
export const LONGEST = 2_147_483_647

/** Opaque; `ref` and `unref` say whether it keeps the process alive, where the clock knows of that. */
export interface Timer {
  ref?(): unknown
  unref?(): unknown
}

interface Timers {
  setTimeout(callback: () => void, ms: number): Timer
  clearTimeout(timer: Timer): void
  setImmediate?(callback: () => void): Timer
}

/** The clock of the runtime that we are in; Node, browsers and others share these names. */
export function systemClock(): Clock {
  const timers = globalThis as unknown as Timers
  return {
    now: () => Date.now(),
    setTimeout: (callback, ms) => timers.setTimeout(callback, ms),
    clearTimeout: (timer) => timers.clearTimeout(timer),
    setImmediate: (callback) => void (timers.setImmediate?.(callback) ?? timers.setTimeout(callback, 0)),
  }
}
