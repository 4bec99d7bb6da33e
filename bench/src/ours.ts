import { createSystem } from '@troupe/core'
import { childProcess, remote } from '@troupe/transport-node'
import type { Contender } from './contender.js'

const actors = remote<typeof import('./actors.js')>(new URL('./actors.js', import.meta.url))

/** An actor in a child process, with credit and mailbox on: the whole path. */
export const ours: Contender = {
  name: 'troupe',
  async start() {
    const system = createSystem({ name: 'bench' })
    const ref = await system.spawn(actors.counter, undefined, { on: childProcess() })
    let sent = 0
    return {
      async tellAll(messages) {
        for (const message of messages) {
          // `tell` says when there is no room; only then is there something to wait for.
          while (!ref.tell('note', message)) await ref.ready()
        }
        sent += messages.length
        const count = await ref.ask('count')
        if (count !== sent) throw new Error(`${count} of ${sent} messages arrived`)
      },
      echo: (message) => ref.ask('echo', message),
      end: () => system.stop(),
    }
  },
}
