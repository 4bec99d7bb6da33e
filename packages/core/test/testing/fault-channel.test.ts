/** A channel with faults is a channel still; what it does follows from its seed; a system over it keeps its promises. */
import { ActorDownError, type ActorRef, type Channel, createSystem, defineActor, type Reason } from '@troupe/core'
import { channelPair, channelSuite, createProbe, faultChannel, type FaultOptions, inline } from '@troupe/core/testing'
import { joined } from '../support/chunks.js'

const patterned = (length: number) => Uint8Array.from({ length }, (_, at) => (at * 31) & 0xff)

/** What arrives over `options`, in the chunks in which it does, and how often its end is told. */
async function heard(
  options: FaultOptions,
  pieces: readonly number[],
): Promise<{ chunks: Uint8Array[]; closes: number }> {
  const [a, b] = channelPair()
  const chunks: Uint8Array[] = []
  let closes = 0
  const ended = new Promise<void>((resolve) => {
    faultChannel(b, options).open({
      onData: (chunk) => chunks.push(chunk),
      onDrain: () => undefined,
      onClose: () => {
        closes += 1
        setTimeout(resolve, 20)
      },
    })
  })
  a.open({ onData: () => undefined, onDrain: () => undefined, onClose: () => undefined })
  for (const piece of pieces) a.send(patterned(piece))
  a.close()
  b.close()
  await ended
  return { chunks, closes }
}

describe.each([1, 2])('a channel with faults of seed %i', (seed) => {
  const make = () => {
    const [a, b] = channelPair({ highWater: 64 * 1024 })
    return {
      a: faultChannel(a, { seed, chunk: 256 * 1024 }),
      b: faultChannel(b, { seed: seed + 100, chunk: 256 * 1024 }),
    }
  }
  for (const { name, run } of channelSuite(make, { ends: 'apart' })) test(name, run)
})

describe('the faults', () => {
  test('are the same for the same seed, and others for another', async () => {
    const pieces = [16, 40, 3, 1_000, 16]
    const sizes = async (seed: number) => (await heard({ seed }, pieces)).chunks.map(({ length }) => length)
    expect(await sizes(7)).toEqual(await sizes(7))
    expect(await sizes(7)).not.toEqual(await sizes(8))
  })

  test('cut into single bytes and join what was sent apart, and reorder nothing', async () => {
    const pieces = Array.from({ length: 200 }, (_, at) => 1 + ((at * 7) % 90))
    const { chunks } = await heard({ seed: 3 }, pieces)
    expect(Buffer.compare(joined(chunks), joined(pieces.map(patterned)))).toBe(0)
    const sizes = chunks.map(({ length }) => length)
    expect(Math.min(...sizes)).toBe(1)
    expect(Math.max(...sizes)).toBeGreaterThan(90)
  })

  test('end both ways after so many bytes, once', async () => {
    const { chunks, closes } = await heard({ seed: 5, cut: 1_234 }, [1_000, 1_000])
    expect([joined(chunks).length, closes]).toEqual([1_234, 1])
  })
})

/** Tells and asks numbers to and fro, and says how it ended. */
const speaker = defineActor({
  init: (to: ActorRef<{ note(n: number): void }>) => to,
  on: {
    async say(to, count: number): Promise<number> {
      for (let n = 0; n < count; ) {
        if (to.tell('note', n)) n += 1
        else await to.ready()
      }
      return count
    },
    add: (_, n: number): number => n + 1,
  },
})

describe('a system over channels with faults', () => {
  const seeds = Array.from({ length: 20 }, (_, at) => at + 1)

  test.each(seeds)('keeps order and loses nothing, seed %i', async (seed) => {
    const system = createSystem()
    let next = seed
    const wrap = (channel: Channel): Channel => faultChannel(channel, { seed: (next += 1_000), delay: 2 })
    const probe = await createProbe<number>(system)
    const ref = await system.spawn(speaker, probe.ref, { on: inline({ wrap }) })
    const answers = Array.from({ length: 30 }, (_, n) => ref.ask('add', n))
    expect(await ref.ask('say', 300)).toBe(300)
    expect(await Promise.all(answers)).toEqual(Array.from({ length: 30 }, (_, n) => n + 1))
    expect(await ref.stop()).toMatchObject({ type: 'shutdown' })
    expect(probe.received).toEqual(Array.from({ length: 300 }, (_, n) => n))
    await system.stop()
  })

  test.each(seeds)('that break off lose nothing before the cut, and tell DOWN once after it, seed %i', async (seed) => {
    const system = createSystem()
    system.events$.subscribe(() => undefined)
    const wrap = (channel: Channel, end: 'near' | 'far'): Channel =>
      end === 'far' ? channel : faultChannel(channel, { seed, cut: 1_000 + seed * 137 })
    const log: (number | Reason)[] = []
    const witness = await system.spawn(
      defineActor({
        init: () => undefined,
        on: {
          note: (_, n: number) => void log.push(n),
          see: (_, ref: ActorRef<any>, ctx) => void ctx.watch(ref),
        },
        onDown: (_, { reason }) => void log.push(reason),
      }),
    )
    const ref = await system.spawn(speaker, witness as never, { on: inline({ wrap }) })
    await witness.ask('see', ref)
    await expect(ref.ask('say', 100_000)).rejects.toThrow(ActorDownError)
    await ref.exited
    await system.stop()
    const numbers = log.filter((each) => typeof each === 'number')
    expect(numbers).toEqual(Array.from({ length: numbers.length }, (_, n) => n))
    expect(log.slice(numbers.length)).toEqual([expect.objectContaining({ type: 'exit' })])
  })
})
