/** The thread's side of bare `worker_threads`. */
import { type MessagePort, parentPort } from 'node:worker_threads'
import { answerByHand } from './by-hand.js'

const port = parentPort as MessagePort

answerByHand({
  post: (answer) => (port.postMessage(answer), true),
  flush: () => Promise.resolve(),
  onMessage: (listener) => void port.on('message', listener),
})
port.postMessage('ready')
