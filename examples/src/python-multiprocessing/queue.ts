/**
 * Ten senders and two receivers over one queue. In Python the receivers would wait for ever after `close`, which ends the
 * queue in the caller's process only, and have to be daemons; here closing is known everywhere, and each ends by itself.
 */
import { createQueue, remote, startProcess } from '@troupe/transport-node'

const tasks = remote<typeof import('./queue-tasks.js')>(new URL('./queue-tasks.js', import.meta.url))

export async function main(print: (line: string) => void): Promise<void> {
  const queue = createQueue<string>({ capacity: 100 })
  const numbers = Array.from({ length: 10 }, (_, index) => index + 1)
  const senders = numbers.map((number) => startProcess(tasks.send, [`send${number}`, queue]))
  const receivers = [1, 2].map((number) => startProcess(tasks.receive, [`recv${number}`, queue]))
  for (const sender of senders) await sender.join()
  print('To close')
  await queue.close()
  for (const receiver of receivers) await receiver.join()
  print('queue closed')
}
