import { TimeoutError } from '../errors/kinds.js'
import { expectTimeout, wrongType } from '../errors/expect.js'
import type { Clock, Timer } from '../ports/clock.js'
import type { Signal } from '../ports/signal.js'
import { KeepAlive } from './keep-alive.js'
import { SignalHub } from './signals.js'

/** Taken by every call that waits. */
export interface WaitOptions {
  /** Milliseconds from the call; 0 does not wait. Default: no limit, unless the call names one. */
  readonly timeout?: number | undefined
  /** Its abort rejects the call with the signal's reason. */
  readonly signal?: Signal | undefined
}

/** What every wait of one system shares. */
export class Waits {
  readonly clock: Clock
  readonly signals: SignalHub = new SignalHub()
  readonly keepAlive: KeepAlive

  constructor(clock: Clock) {
    this.clock = clock
    this.keepAlive = new KeepAlive(clock)
  }

  /**
   * Watches `timeout` and `signal` for one call and calls `giveUp` at most once with the error to reject with.
   *
   * @param what names the call in the error: `ask('get') of 1.7`; made only when needed.
   * @returns a function that ends the watch. Undefined when there is nothing to watch.
   * @throws TypeError, RangeError for wrong options; the signal's reason when it has aborted already.
   */
  limit(what: () => string, options: WaitOptions, giveUp: (error: unknown) => void): (() => void) | undefined {
    const { timeout, signal } = options
    if (timeout === undefined && signal === undefined) return undefined
    if (timeout !== undefined) expectTimeout('timeout', timeout)
    if (signal !== undefined && typeof (signal as { addEventListener?: unknown }).addEventListener !== 'function') {
      throw wrongType('signal', 'an AbortSignal', signal)
    }
    if (signal?.aborted === true) throw signal.reason
    let timer: Timer | undefined
    let off: (() => void) | undefined
    const end = (): void => {
      if (timer !== undefined) this.clock.clearTimeout(timer)
      off?.()
      timer = off = undefined
    }
    if (timeout !== undefined && timeout !== Infinity) {
      timer = this.clock.setTimeout(() => {
        end()
        giveUp(new TimeoutError({ what: what(), timeout }))
      }, timeout)
    }
    if (signal !== undefined) {
      off = this.signals.on(signal, (reason) => {
        end()
        giveUp(reason)
      })
    }
    return end
  }

  /** `promise`, bounded by `timeout` and `signal`; keeps the process alive meanwhile. */
  bounded<T>(what: () => string, promise: PromiseLike<T>, options: WaitOptions = {}): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      let pending = true
      const settle = (): boolean => {
        if (!pending) return false
        pending = false
        end?.()
        this.keepAlive.release()
        return true
      }
      let end: (() => void) | undefined
      try {
        end = this.limit(what, options, (error) => settle() && reject(error as Error))
      } catch (error) {
        // Nobody waits for it any more: its own failure is nobody's.
        promise.then(undefined, () => undefined)
        throw error
      }
      this.keepAlive.hold()
      promise.then(
        (value) => settle() && resolve(value),
        (error: unknown) => settle() && reject(error as Error),
      )
    })
  }
}
