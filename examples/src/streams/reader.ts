/** Runs in a worker thread: gives a text file line by line, no faster than its lines are taken. */
import { open } from 'node:fs/promises'
import { type ActorDefinition, defineActor } from '@troupe/core'

export interface Reader {
  lines(path: string): AsyncIterable<string>
  /** Lines read, and files that are open now. */
  count(): { lines: number; open: number }
}

export const reader: ActorDefinition<unknown, Reader> = defineActor.for<Reader>()({
  init: () => ({ lines: 0, open: 0 }),
  on: {
    async *lines(state, path) {
      const file = await open(path)
      state.open += 1
      try {
        for await (const line of file.readLines()) {
          state.lines += 1
          yield line
        }
      } finally {
        // Whatever ends the stream ends here: the last line, an error, a consumer that leaves, the end of the actor.
        await file.close()
        state.open -= 1
      }
    },
    count: (state) => state,
  },
})
