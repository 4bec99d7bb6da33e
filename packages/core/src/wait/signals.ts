import type { Signal } from '../ports/signal.js'

/**
 * A thousand calls may share one signal; a listener for each would cost a thousand listeners and Node's leak warning.
 * Each signal gets one listener per hub, which is taken away with the last call.
 */
export class SignalHub {
  readonly #groups = new WeakMap<object, Group>()

  /** Calls `onAbort` once when `signal` aborts. The function returned takes it back. */
  on(signal: Signal, onAbort: (reason: unknown) => void): () => void {
    const group = this.#groups.get(signal) ?? this.#listen(signal)
    group.calls.add(onAbort)
    return () => {
      group.calls.delete(onAbort)
      if (group.calls.size === 0) this.#unlisten(signal, group)
    }
  }

  #listen(signal: Signal): Group {
    const group: Group = {
      calls: new Set(),
      listener: () => {
        this.#groups.delete(signal)
        for (const call of [...group.calls]) call(signal.reason)
        group.calls.clear()
      },
    }
    this.#groups.set(signal, group)
    signal.addEventListener('abort', group.listener)
    return group
  }

  #unlisten(signal: Signal, group: Group): void {
    if (this.#groups.get(signal) !== group) return
    this.#groups.delete(signal)
    signal.removeEventListener('abort', group.listener)
  }
}

interface Group {
  readonly calls: Set<(reason: unknown) => void>
  readonly listener: () => void
}
