import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { byHand } from './by-hand.js'
import type { Contender } from './contender.js'

/** `child_process.fork` and its IPC channel. */
export function forked(serialization: 'json' | 'advanced'): Contender {
  return {
    name: `fork ${serialization}`,
    async start() {
      const child = fork(new URL('./forked.js', import.meta.url), { serialization })
      await once(child, 'message')
      return byHand(
        {
          post: (request) => child.send(request),
          // `send` has no drain event: one more message is sent, whose callback tells when all before it have left.
          flush: (request) => new Promise((resolve) => void child.send(request, () => resolve())),
          onMessage: (listener) => void child.on('message', listener as never),
        },
        () => ended(child),
      )
    },
  }
}

async function ended(child: ChildProcess): Promise<void> {
  const gone = once(child, 'exit')
  child.kill('SIGKILL')
  await gone
}
