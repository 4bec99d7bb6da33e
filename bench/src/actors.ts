/** The child's side of ours: counts what it is told, answers what it is asked, and gives items. */
import { type ActorDefinition, type ActorRef, defineActor } from '@troupe/core'
import { type Small, small } from './record.js'
import type { Sink } from './sink.js'

export interface Counter {
  note(message: Small): void
  count(): number
  echo(message: Small): Small
  items(count: number): AsyncIterable<Small>
  /** The same items, told one by one. */
  give(order: { to: ActorRef<Sink>; items: number }): Promise<void>
}

export const counter: ActorDefinition<unknown, Counter> = defineActor.for<Counter>()({
  init: () => ({ count: 0 }),
  on: {
    note(state) {
      state.count += 1
    },
    count: (state) => state.count,
    echo: (_, message) => message,
    *items(_, count) {
      for (let id = 0; id < count; id += 1) yield small(id)
    },
    async give(_, { to, items }) {
      for (let id = 0; id < items; id += 1) {
        const item = small(id)
        while (!to.tell('note', item)) await to.ready()
      }
    },
  },
})
