/**
 * A pipe to another process, up to its end of file. In Python each process must close the end that it does not use, or the
 * reader waits for ever; here an end that is passed to a process moves there, and is open in one place only.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { createPipe, remote, startProcess } from '@troupe/transport-node'

const tasks = remote<typeof import('./pipe-tasks.js')>(new URL('./pipe-tasks.js', import.meta.url))

export async function main(print: (line: string) => void): Promise<void> {
  const [output, input] = createPipe<number>({ duplex: false })
  const receiver = startProcess(tasks.receive, [output])
  for (let number = 0; number < 10; number += 1) {
    await input.send(number)
    await sleep(100)
  }
  input.close()
  print('send complete')
  await receiver.join()
}
