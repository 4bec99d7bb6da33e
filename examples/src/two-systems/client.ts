/** A client: comes into the service's system, finds its actor by name, and talks to it as to one of its own. */
import { createSystem } from '@troupe/core'
import { socket } from '@troupe/transport-node'
import type { Stock } from './service.js'

/** Takes two apples, and gives what is left of all fruit. */
export async function shop(path: string): Promise<string[]> {
  const system = createSystem({ name: 'client' })
  try {
    const far = await system.connect(socket({ path }))
    const stock = await far.whereis<Stock>('stock')
    if (stock === undefined) throw new Error(`Nobody is called 'stock' at ${path}`)

    const left: string[] = []
    left.push(`apple: ${await stock.ask('take', { name: 'apple', count: 2 }, { timeout: 5_000 })} left`)
    for await (const { name, count } of stock.stream('list')) left.push(`${name}: ${count}`)
    return left
  } finally {
    // Comes out again too: what the service has lives on.
    await system.stop()
  }
}
