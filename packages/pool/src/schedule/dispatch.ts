import type { Asker } from '@troupe/core/internal'

/** One piece of work on its way to a worker: settles once, when the worker answers or ends. */
export class Dispatch implements Asker {
  settled = false
  abandoned = false
  onAbandon: ((asker: Asker, reason: unknown) => void) | undefined
  readonly #outcome: { done(reply: unknown): void; failed(error: unknown): void }

  constructor(outcome: { done(reply: unknown): void; failed(error: unknown): void }) {
    this.#outcome = outcome
  }

  resolve(reply: unknown): void {
    if (this.settled) return
    this.settled = true
    this.#outcome.done(reply)
  }

  reject(error: unknown): void {
    if (this.settled) return
    this.settled = true
    this.#outcome.failed(error)
  }

  /** Tells the worker that nobody waits any more. It still answers, and is free only then. */
  abandon(reason: unknown): void {
    if (this.settled || this.abandoned) return
    this.abandoned = true
    this.onAbandon?.(this, reason)
  }
}
