/** What `select` can wait for; told by its member, since it may come of another copy of this package. */
export interface Selectable {
  readonly '~selectable': Readiness
}

export interface Readiness {
  readonly isReady: boolean
  /** Calls once when it is ready. The function returned takes that back. */
  whenReady(call: () => void): () => void
}

export function readinessOf(isReady: () => boolean, watching: Set<() => void>): Readiness {
  return {
    get isReady() {
      return isReady()
    },
    whenReady(call) {
      watching.add(call)
      return () => watching.delete(call)
    },
  }
}
