/** Producers and consumers of one queue as processes of their own, of which a consumer is killed now and then. */
import { type ActorRef, defineActor, type System } from '@troupe/core'
import { createJoinableQueue, type Process, remote, startProcess } from '@troupe/transport-node'

const tasks = remote<typeof import('../fixtures/queue-chaos.js')>(
  new URL('../fixtures/queue-chaos.js', import.meta.url),
)

/** Hears of each item before it is acknowledged: over the same way, so that no acknowledgement comes without. */
export interface Ledger {
  handled(items: readonly number[]): void
}

export interface Chaos {
  readonly producers: number
  readonly consumers: number
  readonly total: number
  /** Milliseconds between two kills. */
  readonly killEvery: number
}

export interface ChaosOutcome {
  /** How often each item was handled, by item. */
  readonly handled: Uint8Array
  readonly kills: number
  readonly ms: number
}

/** Resolves once every item that was put has been acknowledged. */
export async function runChaos(system: System, chaos: Chaos): Promise<ChaosOutcome> {
  const { producers, consumers, total, killEvery } = chaos
  const handled = new Uint8Array(total)
  const ledger: ActorRef<Ledger> = await system.spawn(
    defineActor.for<Ledger>()({
      init: () => undefined,
      on: {
        handled(_, items) {
          for (const item of items) handled[item] = (handled[item] ?? 0) + 1
        },
      },
    }),
  )
  const queue = createJoinableQueue<number>({ capacity: 10_000, system })
  const start = performance.now()
  const consume = (): Process => startProcess(tasks.consume, [queue, ledger], { system })
  const living = Array.from({ length: consumers }, consume)
  const share = total / producers
  const puts = Array.from({ length: producers }, (_, by) =>
    startProcess(tasks.produce, [queue, by * share, share], { system }),
  )
  let kills = 0
  const killing = setInterval(() => {
    const victim = Math.floor(Math.random() * consumers)
    if (living[victim]?.pid === undefined) return
    living[victim]?.kill()
    living[victim] = consume()
    kills += 1
  }, killEvery)
  try {
    for (const { code, error } of await Promise.all(puts.map((each) => each.join())))
      if (code !== 0) throw new Error('A producer failed', { cause: error })
    await queue.join()
  } finally {
    clearInterval(killing)
  }
  const ms = performance.now() - start
  await queue.close()
  for (const { code, error } of await Promise.all(living.map((each) => each.join())))
    if (code !== 0) throw new Error('A consumer failed', { cause: error })
  return { handled, kills, ms }
}
