/** A pool of five with an initializer, and each way to give it work. */
import { createPool, remote } from '@troupe/pool'

const tasks = remote<typeof import('./pool-tasks.js')>(new URL('./pool-tasks.js', import.meta.url))

export async function main(print: (line: string) => void): Promise<void> {
  const pool = createPool({ size: 5, initializer: tasks.poolInit })
  try {
    const workers = Array.from({ length: 5 }, (_, number) => pool.applyAsync(tasks.poolWorker, [number]))
    const pairs = Array.from({ length: 10 }, (_, number): [number, number] => [number, number])
    const ones = pool.mapAsync(tasks.poolWorkerOne, pairs) // an item is one argument
    const twos = pool.starmapAsync(tasks.poolWorkerTwo, pairs) // an item is the list of them
    print(`Starmap: ${JSON.stringify(await twos.get())}`)
    for await (const [a, b] of pool.imapUnordered(tasks.poolWorkerOne, pairs)) print(`Unordered: (${a}, ${b})`)
    await Promise.all([...workers, ones])
  } finally {
    await pool.stop() // Python's `with` would terminate it
  }
}
