import { defineActor } from '../definition/define.js'
import type { System } from '../definition/system.js'
import type { ActorRef } from '../ref/actor-ref.js'

/** Takes one message, `note`, and lets a test await what arrives. */
export interface Probe<T> {
  readonly ref: ActorRef<{ note(message: T): void }>
  /** The next message that nobody has taken yet. Rejects after `timeout` milliseconds, default 5,000. */
  next(timeout?: number): Promise<T>
  /** All that has arrived, in order. */
  readonly received: readonly T[]
}

/** An actor that records. It ends with `system`. */
export async function createProbe<T>(system: System): Promise<Probe<T>> {
  const received: T[] = []
  const takers: ((message: T) => void)[] = []
  let taken = 0
  const definition = defineActor({
    init: () => undefined,
    on: {
      note(_: undefined, message: T): void {
        received.push(message)
        const taker = takers.shift()
        if (taker === undefined) return
        taken += 1
        taker(message)
      },
    },
  })
  const ref = (await system.spawn(definition)) as Probe<T>['ref']
  return {
    ref,
    received,
    next(timeout = 5_000): Promise<T> {
      if (taken < received.length) {
        taken += 1
        return Promise.resolve(received[taken - 1] as T)
      }
      return new Promise<T>((resolve, reject) => {
        const { setTimeout, clearTimeout } = globalThis as unknown as {
          setTimeout: (callback: () => void, ms: number) => unknown
          clearTimeout: (timer: unknown) => void
        }
        const taker = (message: T): void => {
          clearTimeout(timer)
          resolve(message)
        }
        const timer = setTimeout(() => {
          takers.splice(takers.indexOf(taker), 1)
          reject(new Error(`Nothing reached the probe within ${timeout} ms`))
        }, timeout)
        takers.push(taker)
      })
    },
  }
}
