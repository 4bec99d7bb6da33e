/** Time, handed in: tests turn it by hand, and XState's actors take the same one. All times are milliseconds. */
export interface Clock {
  now(): number
  setTimeout(callback: () => void, ms: number): Timer
  clearTimeout(timer: Timer): void
  /** As soon as the events that wait have been served; a later turn of the loop. */
  setImmediate(callback: () => void): void
}

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
