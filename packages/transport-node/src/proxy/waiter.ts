import type { WaitOptions } from '@troupe/core'
import { isTroupeError } from '@troupe/core'
import type { Waits } from '@troupe/core/internal'

/**
 * One call that waits: settles once, by `resolve` or `reject`, its timeout or its signal; keeps the process alive
 * meanwhile.
 */
export class Waiter<T> {
  readonly promise: Promise<T>
  settled = false
  #resolve: (value: T) => void = () => undefined
  #reject: (error: unknown) => void = () => undefined
  #end: (() => void) | undefined
  readonly #waits: Waits

  /**
   * Settled already for wrong options, and when the signal has aborted. `gaveUp` is told when timeout or signal were first
   * afterwards; `timedOut` makes the error of the former.
   */
  constructor(
    waits: Waits,
    options: WaitOptions,
    { gaveUp, timedOut }: { readonly gaveUp: () => void; readonly timedOut: (timeout: number) => Error },
  ) {
    this.#waits = waits
    this.promise = new Promise((resolve, reject) => {
      this.#resolve = resolve
      this.#reject = reject
    })
    waits.keepAlive.hold()
    const giveUp = (error: unknown): void => {
      if (this.settled) return
      this.reject(isTimeout(error) ? timedOut(options.timeout as number) : error)
      gaveUp()
    }
    try {
      this.#end = waits.limit(() => 'the call', options, giveUp)
    } catch (error) {
      this.reject(error)
    }
  }

  resolve(value: T): void {
    if (this.#settle()) this.#resolve(value)
  }

  reject(error: unknown): void {
    if (this.#settle()) this.#reject(error)
  }

  #settle(): boolean {
    if (this.settled) return false
    this.settled = true
    this.#end?.()
    this.#waits.keepAlive.release()
    return true
  }
}

const isTimeout = (error: unknown): boolean => isTroupeError(error) && error.code === 'ERR_TIMEOUT'
