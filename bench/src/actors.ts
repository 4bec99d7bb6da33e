/** The child's side of ours: counts what it is told, and answers what it is asked. */
import { type ActorDefinition, defineActor } from '@troupe/core'
import type { Small } from './record.js'

export interface Counter {
  note(message: Small): void
  count(): number
  echo(message: Small): Small
}

export const counter: ActorDefinition<unknown, Counter> = defineActor.for<Counter>()({
  init: () => ({ count: 0 }),
  on: {
    note(state) {
      state.count += 1
    },
    count: (state) => state.count,
    echo: (_, message) => message,
  },
})
