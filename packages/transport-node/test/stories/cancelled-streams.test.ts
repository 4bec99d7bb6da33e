/** Streams to and from actors elsewhere, wherever that is. */
import { getEventListeners } from 'node:events'
import { type ActorRef, type RefOf, SerializationError, type System } from '@troupe/core'
import type { ActorSystem } from '@troupe/core/internal'
import { remote } from '@troupe/transport-node'
import type { Maker } from '../fixtures/makers.js'
import { placed, places } from './places.js'
import { failureOf, SETTLES, stopSystems, testSystem, until, within } from './support.js'

const streams = remote<typeof import('../fixtures/makers.js')>(new URL('../fixtures/makers.js', import.meta.url))

afterAll(stopSystems)

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

async function* numbers(to: number, over: () => void = () => undefined): AsyncGenerator<number> {
  try {
    for (let n = 1; n <= to; n += 1) yield n
  } finally {
    over()
  }
}

describe.each(places)('a stream with a %s', (place) => {
  let system: System
  let maker: RefOf<typeof streams.maker>
  let taker: RefOf<typeof streams.taker>

  const spawnMaker = async (): Promise<RefOf<typeof streams.maker>> =>
    system.spawn(streams.maker, undefined, { on: await placed(system, place) })

  beforeAll(async () => {
    system = testSystem().system
    maker = await spawnMaker()
    taker = await system.spawn(streams.taker, undefined, { on: await placed(system, place) })
  })

  test('is closed at its source by a break before the consumer goes on, idle or awaiting', async () => {
    for await (const n of maker.stream('give', 1_000_000)) if (n === 100) break
    expect((await maker.ask('open')).generators).toBe(0)
    for await (const _ of maker.stream('hang')) break
    expect((await maker.ask('open')).generators).toBe(0)
  })

  test('may be a plain object when it is the argument itself; within a message that is refused at the call', async () => {
    const plain = { [Symbol.asyncIterator]: () => numbers(10) }
    expect(await taker.ask('sum', plain)).toBe(55)
    const error = await failureOf(taker.ask('sum', { items: plain } as never))
    expect(error).toBeInstanceOf(SerializationError)
    expect(error.message).toMatch(/a stream made of a plain object: send it as the argument itself/)
    expect(() => taker.tell('sum', [plain] as never)).toThrow(SerializationError)
    expect(await taker.ask('sum', numbers(2))).toBe(3)
  })

  test('from one actor to another does not pass through whoever brought them together', async () => {
    expect(await taker.ask('from', { maker, to: 2_000, windowBytes: 500 })).toBe(2_000)
  })

  test('tells its error after its items', async () => {
    const [items, error] = await allAndError((await spawnMaker()).stream('fail', 5))
    expect(items).toEqual(upTo(5))
    expect(error).toMatchObject({ code: 'ERR_ACTOR_DOWN', cause: { message: 'no more' } })
  })

  test('is over with its producer: killed, stopped', async () => {
    for (const end of ['kill', 'stop'] as const) {
      const ref = await spawnMaker()
      const stream = ref.stream('give', 1_000_000, { window: 3 })
      await stream.next()
      const rest = allAndError(stream)
      await within(SETTLES, ref[end]())
      const [items, error] = await within(SETTLES, rest)
      expect(items).toEqual(items.map((_, index) => index + 2))
      expect(error).toMatchObject({ code: 'ERR_ACTOR_DOWN' })
    }
  })

  test('is over with its consumer', async () => {
    const consumer = await system.spawn(streams.taker, undefined, { on: await placed(system, place) })
    consumer.tell('hold', maker)
    let open = 0
    while (open === 0) open = (await maker.ask('open')).generators
    await consumer.kill()
    const deadline = Date.now() + SETTLES
    while ((await maker.ask('open')).generators > 0) expect(Date.now()).toBeLessThan(deadline)
  })
})

test('a stream is over when the process of its producer ends, after what had come', async () => {
  const { system } = testSystem()
  const ref = await system.spawn(streams.maker)
  const [items, error] = await allAndError(ref.stream('exit', 5))
  expect(items).toEqual(upTo(5))
  expect(error).toMatchObject({ code: 'ERR_ACTOR_DOWN', reason: { type: 'exit', code: 3 } })
})

test('2,000 streams cancelled midway over one process leave no generator, number, listener, timer or handle', async () => {
  const { system } = testSystem()
  const ref = (await system.spawn(streams.maker)) as ActorRef<Maker>
  const taker = await system.spawn(streams.taker)
  const { signal } = new AbortController()
  const pending = (): number =>
    [...(system as unknown as ActorSystem).router.peers()].reduce((sum, peer) => sum + peer.pending, 0)
  let opened = 0
  const round = async (count: number): Promise<void> => {
    await Promise.all(
      Array.from({ length: count }, async (_, index) => {
        if (index % 10 === 0) {
          opened += 1
          await taker.ask(
            'first',
            numbers(1_000, () => void (opened -= 1)),
          )
        } else {
          const options = { window: 1 + (index % 5), timeout: 60_000, signal }
          for await (const n of ref.stream('give', 1_000, options)) if (n > index % 3) break
        }
      }),
    )
  }
  const closed = () => until(() => pending() === 0 && opened === 0, 'all is closed')
  await round(100)
  await closed()
  const before = { here: process.getActiveResourcesInfo().sort(), there: await ref.ask('open') }
  for (let done = 0; done < 2_000; done += 200) await round(200)
  await closed()
  expect(await ref.ask('open')).toEqual(before.there)
  expect(getEventListeners(signal, 'abort')).toHaveLength(0)
  expect(process.getActiveResourcesInfo().sort()).toEqual(before.here)
})
