/** Runs in a process: takes a stream as its argument, and is a stream itself. */
import { type ActorDefinition, defineActor } from '@troupe/core'

export interface Search {
  lines: AsyncIterable<string>
  word: string
}

export interface Hit {
  line: number
  text: string
}

export interface Finder {
  find(search: Search): AsyncIterable<Hit>
}

export const finder: ActorDefinition<unknown, Finder> = defineActor.for<Finder>()({
  init: () => undefined,
  on: {
    async *find(_, { lines, word }) {
      let line = 0
      for await (const text of lines) {
        line += 1
        if (text.includes(word)) yield { line, text: text.trim() }
      }
    },
  },
})
