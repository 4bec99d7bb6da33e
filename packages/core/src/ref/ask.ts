import { type Chain, chainOf } from '../message/chain.js'
import type { Asker } from '../message/envelope.js'
import type { Waits } from '../wait/wait.js'
import { transferOf } from '../message/moved.js'
import type { AskOptions } from './actor-ref.js'

/** One question: settles once, by the reply, an error, the actor's end, timeout or abort, whichever comes first. */
export class Ask implements Asker {
  readonly promise: Promise<unknown>
  readonly chain: Chain | undefined
  readonly transfer: readonly ArrayBuffer[] | undefined
  settled = false
  abandoned = false
  onAbandon: ((asker: Asker, reason: unknown) => void) | undefined
  readonly #waits: Waits
  #accept: (value: unknown) => void = () => undefined
  #refuse: (error: unknown) => void = () => undefined
  #endLimit: (() => void) | undefined

  /** Throws what `Waits.limit` throws. */
  constructor(waits: Waits, what: () => string, options: AskOptions | undefined, timeout: number | undefined) {
    this.#waits = waits
    this.chain = chainOf(options)
    this.transfer = transferOf(options)
    this.promise = new Promise((accept, refuse) => {
      this.#accept = accept
      this.#refuse = refuse
    })
    const limits = timeout === undefined ? options : { ...options, timeout: options?.timeout ?? timeout }
    if (limits !== undefined) this.#endLimit = waits.limit(what, limits, (error) => this.abandon(error))
    waits.keepAlive.hold()
  }

  resolve(value: unknown): void {
    if (this.#settle()) this.#accept(value)
  }

  reject(error: unknown): void {
    if (this.#settle()) this.#refuse(error)
  }

  /** Gives it up: rejects with `error`, and lets whoever is at work on it know. */
  abandon(error: unknown): void {
    if (!this.#settle()) return
    this.abandoned = true
    this.#refuse(error)
    this.onAbandon?.(this, error)
  }

  #settle(): boolean {
    if (this.settled) return false
    this.settled = true
    this.#endLimit?.()
    this.#waits.keepAlive.release()
    return true
  }
}
