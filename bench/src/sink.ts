/** Counts what it is told, and answers `all` once that is as much as it was started with. */
import { type ActorDefinition, defineActor } from '@troupe/core'
import type { Small } from './record.js'

export interface Sink {
  note(message: Small): void
  all(): Promise<number>
}

export const sink: ActorDefinition<number, Sink> = defineActor.for<Sink>()({
  init: (expected: number) => ({ expected, count: 0 }),
  on: {
    note(state, _, ctx) {
      state.count += 1
      if (state.count === state.expected) ctx.unstash()
    },
    all(state, _, ctx) {
      if (state.count < state.expected) ctx.stash()
      return state.count
    },
  },
})
