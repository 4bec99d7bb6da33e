import { setTimeout as sleep } from 'node:timers/promises'

export function poolInit(): void {
  console.log('pool init')
}

export async function poolWorker(number: number): Promise<void> {
  console.log('worker in', number)
  await sleep(1_000)
}

export function poolWorkerOne(pair: [number, number]): [number, number] {
  console.log('worker one', pair)
  return pair
}

export function poolWorkerTwo(a: number, b: number): number {
  console.log('worker two', a, b)
  return a + b
}
