import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { byHand } from './by-hand.js'
import type { Contender } from './contender.js'

/** Bare `worker_threads`: one `postMessage` a message. It has no bound, so whatever is sent waits in memory. */
export const threaded: Contender = {
  name: 'postMessage',
  async start() {
    const worker = new Worker(new URL('./threaded.js', import.meta.url))
    await once(worker, 'message')
    return byHand(
      {
        post: (request) => (worker.postMessage(request), true),
        flush: () => Promise.resolve(),
        onMessage: (listener) => void worker.on('message', listener),
      },
      async () => void (await worker.terminate()),
    )
  },
}
