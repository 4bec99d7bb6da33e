/** The child's side of Node's own IPC: the same work as actors.ts. */
import type { Small } from './record.js'

type Message = { kind: 'note'; message: Small } | { kind: 'count' } | { kind: 'echo'; id: number; message: Small }

let count = 0
process.on('message', (message: Message) => {
  if (message.kind === 'note') count += 1
  else if (message.kind === 'count') process.send?.({ count })
  else process.send?.({ id: message.id, message: message.message })
})
process.send?.('ready')
