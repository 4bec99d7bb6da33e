/** Streams between processes and threads: order, what is ahead, and what an end of either side does to the other. */
import type { RefOf, System } from '@troupe/core'
import { remote } from '@troupe/transport-node'
import { launcher, owns, placed, places } from './places.js'
import { stopSystems, testSystem } from './support.js'

const { fountain } = remote<typeof import('../fixtures/streams.js')>(new URL('../fixtures/streams.js', import.meta.url))

type Fountain = RefOf<typeof fountain>

afterEach(stopSystems)

const upTo = (n: number): number[] => Array.from({ length: n }, (_, index) => index + 1)

/** What came, and the error after it. */
async function allAndError<T>(stream: AsyncIterable<T>): Promise<[T[], any]> {
  const items: T[] = []
  try {
    for await (const item of stream) items.push(item)
  } catch (error) {
    return [items, error]
  }
  return [items, undefined]
}

/** Each `seen` is a round trip: once two in a row agree, nothing is on its way any more. */
async function settled(ref: Fountain): Promise<{ made: number; closed: number }> {
  let before = await ref.ask('seen')
  for (;;) {
    const now = await ref.ask('seen')
    if (now.made === before.made && now.closed === before.closed) return now
    before = now
  }
}

describe.each(places)('a stream of an actor in a %s', (place) => {
  const spawn = async (system: System): Promise<Fountain> =>
    system.spawn(fountain, undefined, { on: await placed(system, place) })

  test('gives 20,000 items in order, and ends', async () => {
    const ref = await spawn(testSystem().system)
    expect(await allAndError(ref.stream('count', 20_000))).toEqual([upTo(20_000), undefined])
    expect(await ref.ask('seen')).toEqual({ made: 20_000, closed: 1 })
  })

  test('is made no further ahead than the window in items, nor in bytes', async () => {
    const ref = await spawn(testSystem().system)
    const numbers = ref.stream('count', 1_000_000, { window: 10 })
    expect((await settled(ref)).made).toBe(10)
    await numbers.return?.()
    const blocks = ref.stream('blocks', 100_000, { window: 1_000, windowBytes: 250_000 })
    expect((await settled(ref)).made - 10).toBe(3)
    await blocks.return?.()
  })

  test('is closed at the far end when the loop is left', async () => {
    const ref = await spawn(testSystem().system)
    for await (const n of ref.stream('count', 1_000_000)) if (n === 100) break
    expect((await ref.ask('seen')).closed).toBe(1)
  })

  test('in a message flows there, through a generator and back', async () => {
    const { system } = testSystem()
    const [first, second] = await Promise.all([spawn(system), spawn(system)])
    expect(await second?.ask('sum', first.stream('count', 1_000))).toBe(500_500)
    const doubled = second.stream('twice', first.stream('count', 1_000))
    expect(await allAndError(doubled)).toEqual([upTo(1_000).map((n) => 2 * n), undefined])
    for await (const n of second.stream('twice', first.stream('count', 1_000_000))) if (n === 10) break
    // What awaits an item when it is left is closed soon, and nobody waits for that.
    while ((await first.ask('seen')).closed < 3);
  })

  test('flows to an actor that was given the ref, and is closed when that has had enough', async () => {
    const { system } = testSystem()
    const [first, second] = await Promise.all([spawn(system), spawn(system)])
    expect(await second.ask('sip', { from: first, items: 100 })).toEqual(upTo(100))
    expect((await first.ask('seen')).closed).toBe(1)
  })
})

describe.each(owns)('the death of a %s', (own) => {
  test('that gives a stream ends it after all that it had given', async () => {
    const ref = await testSystem().system.spawn(fountain, undefined, { on: launcher(own) })
    const [items, error] = await allAndError(ref.stream('dieAfter', 1_000))
    expect(items).toEqual(upTo(1_000))
    expect(error).toMatchObject({ code: 'ERR_ACTOR_DOWN', reason: { type: 'exit', code: 7 } })
  })

  test('that takes a stream closes it at its source', async () => {
    const { system } = testSystem()
    const [first, second] = await Promise.all(
      [0, 1].map(() => system.spawn(fountain, undefined, { on: launcher(own) })),
    )
    const asked = second?.ask('hang', first as Fountain).catch((error: unknown) => error)
    while ((await first?.ask('seen'))?.made === 0);
    await second?.kill()
    expect(await asked).toMatchObject({ code: 'ERR_ACTOR_DOWN' })
    let closed = 0
    while (closed === 0) closed = (await first?.ask('seen'))?.closed ?? 0
    expect(closed).toBe(1)
  })
})
