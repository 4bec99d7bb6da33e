/** From nothing to the first result: a cold pool of one beside a raw fork. */
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { createPool, remote } from '@troupe/pool'

const tasks = remote<typeof import('./tasks.js')>(new URL('./tasks.js', import.meta.url))

export const firstResult: readonly { readonly name: string; measure(): Promise<number> }[] = [
  {
    name: 'troupe',
    async measure() {
      const start = performance.now()
      const pool = createPool({ size: 1 })
      await pool.apply(tasks.square, [7])
      const ms = performance.now() - start
      await pool.stop()
      return ms
    },
  },
  {
    name: 'fork json',
    async measure() {
      const start = performance.now()
      const child = fork(new URL('./forked.js', import.meta.url))
      await once(child, 'message')
      child.send({ kind: 'count' })
      await once(child, 'message')
      const ms = performance.now() - start
      const gone = once(child, 'exit')
      child.kill('SIGKILL')
      await gone
      return ms
    },
  },
]
