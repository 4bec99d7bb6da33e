/** The child's side of Node's own IPC. */
import { answerByHand } from './by-hand.js'

const send = process.send?.bind(process) as (message: unknown, done?: () => void) => boolean

answerByHand({
  post: (answer) => send(answer),
  flush: (answer) => new Promise((resolve) => void send(answer, () => resolve())),
  onMessage: (listener) => void process.on('message', listener),
})
send('ready')
