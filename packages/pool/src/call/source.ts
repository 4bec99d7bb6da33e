import { wrongType } from '@troupe/core/internal'

/** Where the items of a map come from. The array stands first: a wrong element is then pointed at. */
export type Source<T> = readonly T[] | Iterable<T> | AsyncIterable<T>

export function checkSource(source: unknown): void {
  const { [Symbol.asyncIterator]: asynchronous, [Symbol.iterator]: synchronous } = Object(source) as Partial<
    AsyncIterable<unknown> & Iterable<unknown>
  >
  if (typeof asynchronous === 'function' || typeof synchronous === 'function') return
  throw wrongType('source', 'an array, an iterable or an async iterable', source)
}

/** Whether its items come later. */
export function isAsync(source: Source<unknown>): source is AsyncIterable<unknown> {
  return typeof (source as AsyncIterable<unknown>)[Symbol.asyncIterator] === 'function'
}
