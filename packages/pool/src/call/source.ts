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

/** All items; at once, unless the source is asynchronous: later changes to it are then nobody's business. */
export function gather(source: Source<unknown>): unknown[] | Promise<unknown[]> {
  if (typeof (source as AsyncIterable<unknown>)[Symbol.asyncIterator] === 'function') return gatherLater(source)
  return [...(source as Iterable<unknown>)]
}

async function gatherLater(source: Source<unknown>): Promise<unknown[]> {
  const items: unknown[] = []
  for await (const item of source as AsyncIterable<unknown>) items.push(item)
  return items
}
