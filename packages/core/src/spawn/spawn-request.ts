/**
 * A start asked of another host. Given up, it is over for the caller at once; but what it has started there is over only
 * once that host has said so.
 */
import type { Asker } from '../message/envelope.js'
import { Ask } from '../ref/ask.js'
import type { Target } from '../ref/target.js'
import type { WaitOptions, Waits } from '../wait/wait.js'

export class SpawnRequest implements Asker {
  /** What was started, undefined when its init returned `ignore`; rejects with what went wrong, a timeout or abort included. */
  readonly given: Promise<Target | undefined>
  /** Resolves once the host has answered or is gone, with what was started if anything was. Never rejects. */
  readonly answered: Promise<Target | undefined>
  onAbandon: ((asker: Asker, reason: unknown) => void) | undefined
  settled = false
  readonly #ask: Ask
  readonly #read: (answer: unknown) => Target
  #answer: (target: Target | undefined) => void = () => undefined

  /**
   * @param read makes the target of an answer: within the call that brings it, since news of its end may follow at once.
   * @throws what `Waits.limit` throws.
   */
  constructor(
    waits: Waits,
    given: { what: () => string; options: WaitOptions; timeout: number; read: (answer: unknown) => Target },
  ) {
    this.#ask = new Ask(waits, given.what, given.options, given.timeout)
    this.#read = given.read
    this.#ask.onAbandon = (_, reason) => this.onAbandon?.(this, reason)
    this.given = this.#ask.promise as Promise<Target | undefined>
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

  resolve(answer: unknown): void {
    try {
      const target = answer === null ? undefined : this.#read(answer)
      this.settled = true
      this.#ask.resolve(target)
      this.#answer(target)
    } catch (error) {
      this.reject(error)
    }
  }

  reject(error: unknown): void {
    this.settled = true
    this.#ask.reject(error)
    this.#answer(undefined)
  }
}
