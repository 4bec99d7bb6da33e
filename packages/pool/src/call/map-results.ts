/** Gathers what becomes of the items of a map. */
import type { OnError } from './options.js'
import type { Sink } from './work.js'

/** What to do once it is known how the map comes out. */
export interface MapOutcome {
  resolve(results: unknown[]): void
  /** The error of the first item that failed; with `failFast` each error, while others are under way. */
  reject(error: unknown): void
}

export class MapResults implements Sink {
  readonly #results: unknown[]
  readonly #onError: OnError
  readonly #outcome: MapOutcome
  #left: number
  #first: { readonly index: number; readonly error: unknown } | undefined

  constructor(length: number, onError: OnError, outcome: MapOutcome) {
    this.#results = new Array<unknown>(length)
    this.#left = length
    this.#onError = onError
    this.#outcome = outcome
    if (length === 0) outcome.resolve(this.#results)
  }

  value(index: number, value: unknown): void {
    this.#results[index] = this.#onError === 'settled' ? { status: 'fulfilled', value } : value
    this.#settled()
  }

  error(index: number, reason: unknown): void {
    if (this.#onError === 'settled') this.#results[index] = { status: 'rejected', reason }
    else if (this.#first === undefined || index < this.#first.index) this.#first = { index, error: reason }
    if (this.#onError === 'failFast') this.#outcome.reject(reason)
    else this.#settled()
  }

  #settled(): void {
    this.#left -= 1
    if (this.#left > 0) return
    if (this.#first === undefined) this.#outcome.resolve(this.#results)
    else this.#outcome.reject(this.#first.error)
  }
}
