/** The cache: it may forget everything at any time, so a restart loses nothing that matters. */
import { defineActor } from '@troupe/core'

export interface Cache {
  get(key: string): string | undefined
  put(entry: { key: string; value: string }): void
}

export const cache = defineActor.for<Cache>()({
  init: (input: { entries: number }) => ({ ...input, values: new Map<string, string>() }),
  on: {
    get: ({ values }, key) => values.get(key),
    put({ values, entries }, { key, value }) {
      values.set(key, value)
      // A Map keeps the order of insertion: the first is the oldest.
      const [oldest] = values.keys()
      if (values.size > entries && oldest !== undefined) values.delete(oldest)
    },
  },
})
