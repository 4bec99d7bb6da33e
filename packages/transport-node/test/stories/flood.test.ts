/** What an actor had sent before its end arrives, in order, before the news of its end: however it ended. */
import { defineActor, type System } from '@troupe/core'
import type { Note } from '../fixtures/actors.js'
import { launcher, owns } from './places.js'
import { actors, stopSystems, testSystem } from './support.js'

const COUNT = 100_000

afterEach(stopSystems)

const endings = {
  stop: { type: 'normal' },
  exit: { type: 'exit', code: 3, signal: null },
  throw: { type: 'error', error: expect.objectContaining({ name: 'RangeError', message: 'after the last' }) },
  uncaught: { type: 'error', error: expect.objectContaining({ name: 'RangeError', message: 'after the last' }) },
} as const

/** An actor of this process that counts what it gets, and what of it is out of order. */
async function sink(system: System): Promise<{ ref: Note; seen: { received: number; wrong: number } }> {
  const seen = { received: 0, wrong: 0 }
  const ref = await system.spawn(
    defineActor({
      init: () => undefined,
      on: {
        note(_, message: number | { n: number }): void {
          if ((typeof message === 'number' ? message : message.n) !== seen.received) seen.wrong += 1
          seen.received += 1
        },
      },
    }),
  )
  return { ref, seen }
}

const ways = Object.keys(endings) as (keyof typeof endings)[]

test.each(owns.flatMap((own) => ways.map((ending) => [ending, own] as const)))(
  'a hundred thousand messages arrive in order before the end of their sender, by %s (%s)',
  async (ending, own) => {
    const { system } = testSystem()
    const { ref, seen } = await sink(system)
    const sender = await system.spawn(actors.flood, { to: ref, count: COUNT, ending }, { on: launcher(own) })
    sender.tell('start')
    expect(await sender.exited).toEqual(endings[ending])
    // They have arrived; the receiver may still be at work on them.
    await ref.stop({ drain: true })
    expect(seen).toEqual({ received: COUNT, wrong: 0 })
  },
)

test.each(owns.flatMap((own) => [10, 1_000, 30_000].map((bytes) => [bytes, own] as const)))(
  'messages of %i bytes that wait when their sender exits arrive once each, though their receiver is busy (%s)',
  async (bytes, own) => {
    const { system } = testSystem()
    const { ref, seen } = await sink(system)
    const sender = await system.spawn(actors.filler, ref, { on: launcher(own) })
    sender.tell('start', bytes)
    await new Promise((resolve) => setImmediate(resolve))
    // Reads nothing meanwhile: the pipe is full, and the sender exits with the rest in its hands.
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 300)
    const reason = await sender.exited
    await ref.stop({ drain: true })
    expect(reason.type).toBe('exit')
    expect(seen.wrong).toBe(0)
    expect(seen.received % 251).toBe(reason.code)
  },
)
