/**
 * A service: a program with a system of its own, into which others come at a Unix socket. It ends at SIGTERM, or when
 * nobody holds the other end of its stdin any more.
 *
 *   node examples/dist/two-systems/service.js ./stock.sock
 */
import { once } from 'node:events'
import { createSystem, defineActor } from '@troupe/core'
import { socket } from '@troupe/transport-node'

/** What its clients know of it. */
export interface Stock {
  take(order: { name: string; count: number }): number
  list(): AsyncIterable<{ name: string; count: number }>
}

const stock = defineActor.for<Stock>()({
  init: (fruit: Record<string, number>) => new Map(Object.entries(fruit)),
  on: {
    take(state, { name, count }) {
      const left = Math.max(0, (state.get(name) ?? 0) - count)
      state.set(name, left)
      return left
    },
    *list(state) {
      for (const [name, count] of state) yield { name, count }
    },
  },
})

const [path = ''] = process.argv.slice(2)
const system = createSystem({ name: 'shop' })
try {
  await system.spawn(stock, { apple: 12, pear: 7, plum: 30 }, { name: 'stock' })
  const door = await system.listen(socket({ path }))
  process.stdout.write(`open at ${door.label}\n`)
  // A door keeps no program alive: a service says what it waits for.
  process.stdin.resume()
  await Promise.race([once(process, 'SIGTERM'), once(process.stdin, 'end')])
} finally {
  await system.stop()
  process.stdin.destroy()
}
