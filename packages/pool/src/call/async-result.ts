import { AbortError } from '@troupe/core'
import { expectTimeout, type Waits } from '@troupe/core/internal'

/** Called once each at most, in the process that made the call. */
export interface Callbacks<R> {
  /** Called with the result. What it throws is reported on `events$`; the result stands. */
  readonly callback?: ((result: R) => void) | undefined
  /** Called with the error; the failure counts as looked at then. */
  readonly errorCallback?: ((error: unknown) => void) | undefined
}

/** Python's AsyncResult, and a thenable: `await` it for the result. */
export interface AsyncResult<R> extends PromiseLike<R> {
  /** The result; rejects with its error, or with TimeoutError after `ms` milliseconds (default: no limit); ask again then. */
  get(ms?: number): Promise<R>
  /** Resolves when it is ready, or after `ms` milliseconds. Never rejects because of the task. */
  wait(ms?: number): Promise<void>
  /** Whether the task has settled. */
  ready(): boolean
  /** Whether it settled with a result. @throws Error while it is not ready, as in Python. */
  successful(): boolean
  /** Takes the task back; the result rejects with an AbortError (ERR_CANCELLED). False when there was nothing to take back any more. */
  cancel(): boolean
}

type State = 'pending' | 'fulfilled' | 'rejected'

export class PendingResult<R> implements AsyncResult<R> {
  readonly #promise: Promise<R>
  readonly #waits: Waits
  readonly #label: string
  readonly #cancel: (reason: unknown) => boolean
  #state: State = 'pending'

  constructor(promise: Promise<R>, given: { waits: Waits; label: string; cancel: (reason: unknown) => boolean }) {
    this.#waits = given.waits
    this.#label = given.label
    this.#cancel = given.cancel
    // The one promise that is handed out: a failure that nobody looks at shows as its unhandled rejection.
    this.#promise = promise.then(
      (result) => {
        this.#state = 'fulfilled'
        return result
      },
      (error: unknown) => {
        this.#state = 'rejected'
        throw error
      },
    )
  }

  // oxlint-disable-next-line unicorn/no-thenable -- Python's AsyncResult that can be awaited
  then<A = R, B = never>(
    onFulfilled?: ((result: R) => A | PromiseLike<A>) | null,
    onRejected?: ((error: unknown) => B | PromiseLike<B>) | null,
  ): Promise<A | B> {
    return this.#promise.then(onFulfilled, onRejected)
  }

  get(ms?: number): Promise<R> {
    return this.#waits.bounded(() => `get() of ${this.#label}`, this.#promise, { timeout: ms })
  }

  async wait(ms?: number): Promise<void> {
    if (ms !== undefined) expectTimeout('ms', ms)
    const settled = this.#promise.then(
      () => undefined,
      () => undefined,
    )
    await this.#waits.bounded(() => `wait() for ${this.#label}`, settled, { timeout: ms }).catch(() => undefined)
  }

  ready(): boolean {
    return this.#state !== 'pending'
  }

  successful(): boolean {
    if (this.#state === 'pending') throw new Error(`${this.#label} is not ready: await it, or ask ready() first`)
    return this.#state === 'fulfilled'
  }

  cancel(): boolean {
    return this.#state === 'pending' && this.#cancel(new AbortError({ what: this.#label }))
  }
}
