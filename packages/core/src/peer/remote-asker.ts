import type { Asker } from '../message/envelope.js'

/** Who asked from another host: the answer goes back over its peer, once. */
export class RemoteAsker implements Asker {
  settled = false
  abandoned = false
  onAbandon: ((asker: Asker, reason: unknown) => void) | undefined
  readonly #answer: (ok: boolean, value: unknown) => void

  constructor(answer: (ok: boolean, value: unknown) => void) {
    this.#answer = answer
  }

  resolve(value: unknown): void {
    this.#settle(true, value)
  }

  reject(error: unknown): void {
    this.#settle(false, error)
  }

  /** The asker gave up. It is answered all the same, once the handler is done with it: its number is free only then. */
  abandon(reason: unknown): void {
    if (this.settled || this.abandoned) return
    this.abandoned = true
    this.onAbandon?.(this, reason)
  }

  #settle(ok: boolean, value: unknown): void {
    if (this.settled) return
    this.settled = true
    this.#answer(ok, value)
  }
}
