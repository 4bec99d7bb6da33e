/** Work that must not overlap: each begins when the one before is over. */
export class Lane {
  #last: Promise<unknown> = Promise.resolve()

  /** Settles as `work` does. */
  run<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#last.then(work)
    this.#last = done.then(nothing, nothing)
    return done
  }
}

const nothing = (): void => undefined
