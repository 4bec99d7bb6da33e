/** The streams that an actor is taking: an actor's end closes them. */
export class Consuming {
  readonly #open = new Set<AsyncIterator<unknown>>()

  /** `stream`, closed at the latest when the actor ends. */
  add(stream: AsyncIterator<unknown>): AsyncIterableIterator<unknown> {
    this.#open.add(stream)
    const close = (): Promise<IteratorResult<unknown>> => {
      this.#open.delete(stream)
      return stream.return?.() ?? Promise.resolve({ done: true, value: undefined })
    }
    const following: AsyncIterableIterator<unknown> & AsyncDisposable = {
      next: async () => {
        try {
          const result = await stream.next()
          if (result.done === true) this.#open.delete(stream)
          return result
        } catch (error) {
          this.#open.delete(stream)
          throw error
        }
      },
      return: close,
      [Symbol.asyncIterator]: () => following,
      [Symbol.asyncDispose]: async () => void (await close()),
    }
    return following
  }

  end(): void {
    for (const stream of this.#open) void stream.return?.().then(undefined, () => undefined)
    this.#open.clear()
  }
}
