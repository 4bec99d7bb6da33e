import { type AbortControllerLike, newAbortController, type Signal } from '../ports/signal.js'

/** A signal that is made when somebody first looks at it: most handlers never do. */
export class LazyAbort {
  #controller: AbortControllerLike | undefined
  /** Gives the reason, the same each time. */
  #aborted: (() => unknown) | undefined

  get signal(): Signal {
    if (this.#controller === undefined) {
      this.#controller = newAbortController()
      if (this.#aborted !== undefined) this.#controller.abort(this.#aborted())
    }
    return this.#controller.signal
  }

  /** Whether `error` only says that this signal aborted: cancelled work, not a crash. */
  isCauseOf(error: unknown): boolean {
    if (this.#aborted === undefined) return false
    const reason = this.#aborted()
    return error === reason || (error as { cause?: unknown } | undefined)?.cause === reason
  }

  abort(reason: unknown): void {
    this.abortBy(() => reason)
  }

  /** The same with a reason that is made when somebody looks: an error costs more than the end of an actor. */
  abortBy(reasonOf: () => unknown): void {
    if (this.#aborted !== undefined) return
    this.#aborted = reasonOf
    this.#controller?.abort(reasonOf())
  }

  /** A fresh signal for the next message, when the last one's was used up. */
  renew(): void {
    if (this.#aborted === undefined) return
    this.#aborted = this.#controller = undefined
  }
}
