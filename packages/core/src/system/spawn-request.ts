/**
 * A start asked of another host. Given up, it is over for the caller at once; but what it has started there is over only
 * once that host has said so.
 */
import type { Asker } from '../message/envelope.js'
import { Ask } from '../ref/ask.js'
import type { WaitOptions, Waits } from '../wait/wait.js'

export class SpawnRequest implements Asker {
  /** The answer; rejects with what went wrong, a timeout or abort included. */
  readonly given: Promise<unknown>
  /** Resolves once the host has answered or is gone, with the answer if there was one. Never rejects. */
  readonly answered: Promise<unknown>
  onAbandon: ((asker: Asker, reason: unknown) => void) | undefined
  settled = false
  readonly #ask: Ask
  #answer: (value: unknown) => void = () => undefined

  /** Throws what `Waits.limit` throws. */
  constructor(waits: Waits, what: () => string, options: WaitOptions, timeout: number) {
    this.#ask = new Ask(waits, what, options, timeout)
    this.#ask.onAbandon = (_, reason) => this.onAbandon?.(this, reason)
    this.given = this.#ask.promise
    this.answered = new Promise((resolve) => {
      this.#answer = resolve
    })
  }

  get abandoned(): boolean {
    return this.#ask.abandoned
  }

  giveUp(error: unknown): void {
    this.#ask.abandon(error)
  }

  resolve(value: unknown): void {
    this.#settle(value)
    this.#ask.resolve(value)
  }

  reject(error: unknown): void {
    this.#settle(undefined)
    this.#ask.reject(error)
  }

  #settle(answer: unknown): void {
    this.settled = true
    this.#answer(answer)
  }
}
