/** Tells when more waits than the queue should hold: once, until it has been half empty. */
export class Overload {
  readonly #capacity: number
  readonly #tell: (queued: number) => void
  #state: 'quiet' | 'told' = 'quiet'

  constructor({ capacity }: { readonly capacity: number }, tell: (queued: number) => void) {
    this.#capacity = capacity
    this.#tell = tell
  }

  /** Whether one more call is beyond the capacity, with so many that wait already. */
  full(queued: number): boolean {
    const full = queued >= this.#capacity
    if (full && this.#state === 'quiet') {
      this.#state = 'told'
      this.#tell(queued)
    } else if (queued <= this.#capacity / 2) this.#state = 'quiet'
    return full
  }
}
