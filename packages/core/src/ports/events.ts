declare global {
  interface SymbolConstructor {
    /** As rxjs and xstate declare it, so that `from(events$)` is typed without importing them. */
    readonly observable: symbol
  }
}

/** What RxJS's `from` takes: an observable without back-pressure, for observation only. */
export interface Events<T> {
  /** Calls `observer` for each event from now on. What an observer throws is reported and harms nobody. */
  subscribe(observer: Observer<T> | ((value: T) => void)): { unsubscribe(): void }
  [Symbol.observable](): Events<T>
}

/** Who is told, in the middle of what happens: be short. `complete` comes when the source has ended; `error` never does. */
export interface Observer<T> {
  next?(value: T): void
  error?(error: unknown): void
  complete?(): void
}
