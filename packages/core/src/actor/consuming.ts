/** The streams that an actor is taking: an actor's end closes them. */
export class Consuming {
  /** Undefined once the actor has ended. */
  #open: Set<AsyncIterator<unknown>> | undefined = new Set()

  /** `stream`, closed at the latest when the actor ends. */
  add(stream: AsyncIterator<unknown>): AsyncIterableIterator<unknown> {
    if (this.#open === undefined) close(stream)
    else this.#open.add(stream)
    return new Consumed(stream, () => this.#open?.delete(stream))
  }

  end(): void {
    const open = this.#open ?? []
    this.#open = undefined
    for (const stream of open) close(stream)
  }
}

/** Tells when the stream is over. A class, so that it may travel as any stream does. */
class Consumed implements AsyncIterableIterator<unknown> {
  readonly #stream: AsyncIterator<unknown>
  readonly #onOver: () => void

  constructor(stream: AsyncIterator<unknown>, onOver: () => void) {
    this.#stream = stream
    this.#onOver = onOver
  }

  async next(): Promise<IteratorResult<unknown>> {
    try {
      const result = await this.#stream.next()
      if (result.done === true) this.#onOver()
      return result
    } catch (error) {
      this.#onOver()
      throw error
    }
  }

  async return(): Promise<IteratorResult<unknown>> {
    this.#onOver()
    await this.#stream.return?.()
    return { done: true, value: undefined }
  }

  [Symbol.asyncIterator](): this {
    return this
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.return()
  }
}

/** Nobody waits for it. */
function close(stream: AsyncIterator<unknown>): void {
  void stream.return?.().then(undefined, () => undefined)
}
