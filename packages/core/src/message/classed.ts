import { isStream } from './data.js'

/**
 * Codecs know by its class what carries itself. A stream that is a plain object, `{ [Symbol.asyncIterator]() {…} }`, has
 * none: it gets one here, when it is `value` itself. Deeper within a message codecs may refuse it.
 */
export function classed(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || !isStream(value)) return value
  const { constructor } = value
  return constructor === Object || constructor === undefined ? new ClassedStream(value) : value
}

class ClassedStream implements AsyncIterable<unknown> {
  readonly #stream: AsyncIterable<unknown>

  constructor(stream: AsyncIterable<unknown>) {
    this.#stream = stream
  }

  [Symbol.asyncIterator](): AsyncIterator<unknown> {
    return this.#stream[Symbol.asyncIterator]()
  }
}
