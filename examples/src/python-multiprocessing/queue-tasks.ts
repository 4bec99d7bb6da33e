import { setTimeout as sleep } from 'node:timers/promises'
import type { Queue } from '@troupe/transport-node'

export async function send(name: string, queue: Queue<string>): Promise<void> {
  for (let number = 1; number <= 10; number += 1) {
    await sleep(100)
    await queue.put(`${name}-${number}`)
  }
  console.log(`${name} put complete`)
}

export async function receive(name: string, queue: Queue<string>): Promise<void> {
  for await (const item of queue) console.log(`${name} recv ${item}`)
  console.log(`${name} get complete`)
}
