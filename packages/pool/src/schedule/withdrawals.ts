/** Watches the signals of work that no worker has begun: an abort takes it out of the line. */
import type { Waits } from '@troupe/core/internal'
import type { Work } from '../call/work.js'

export class Withdrawals {
  readonly #waits: Waits
  readonly #withdraw: (work: Work, reason: unknown) => void
  readonly #watched = new Map<Work, () => void>()

  constructor(waits: Waits, withdraw: (work: Work, reason: unknown) => void) {
    this.#waits = waits
    this.#withdraw = withdraw
  }

  /** False when its signal has aborted already: it has failed then. */
  watch(work: Work): boolean {
    const { signal } = work.options
    if (signal === undefined) return true
    try {
      const end = this.#waits.limit(
        () => work.label,
        { signal },
        (reason) => this.#withdraw(work, reason),
      )
      if (end !== undefined) this.#watched.set(work, end)
      return true
    } catch (reason) {
      work.failed(reason)
      return false
    }
  }

  forget(work: Work): void {
    if (this.#watched.size === 0) return
    this.#watched.get(work)?.()
    this.#watched.delete(work)
  }
}
