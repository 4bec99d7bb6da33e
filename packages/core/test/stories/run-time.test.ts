/** `maxRunTime`: how long an actor may be at one message, wherever it lives. */
import { type ActorRef, child, defineActor, type Host, type SystemEvent } from '@troupe/core'
import { ActorSystem, type StartOptions } from '@troupe/core/internal'
import { ManualClock } from '@troupe/core/testing'
import { type Place, places } from '../support/crew.js'
import { memoryHost, memoryModule } from '../support/memory-host.js'

const MAX = 100

const slowToStop = defineActor({ init: () => 0, on: {}, onStop: (_, _reason, ctx) => ctx.sleep(3 * MAX) })

const definitions = {
  worker: defineActor({
    init: async (ms: number | undefined, ctx) => {
      if (ms !== undefined) await ctx.sleep(ms)
      return undefined
    },
    on: {
      hello: () => 'hello',
      work: (_, ms: number, ctx) => ctx.sleep(ms),
      hang: () => new Promise<void>(() => undefined),
      async fail(_, how: 'throw' | 'later', ctx) {
        await ctx.spawn(slowToStop)
        if (how === 'later') await ctx.sleep(1)
        throw new Error('failed')
      },
      async *failing(_, _arg, ctx) {
        await ctx.spawn(slowToStop)
        yield 0
        throw new Error('failed')
      },
      async *items(_, { count, ms }: { count: number; ms: number }, ctx) {
        for (let item = 0; item < count; item += 1) {
          await ctx.sleep(ms)
          yield item
        }
      },
    },
    onStop: (_, _reason, ctx) => ctx.sleep(3 * MAX),
  }),
  relay: defineActor({
    init: () => undefined,
    on: { pass: (_, { ref, ms }: { ref: ActorRef<any>; ms: number }) => void ref.tell('work', ms) },
  }),
}
const far = memoryModule(definitions)

describe.each(places)('An actor whose time at one message is bounded (%s)', (place: Place) => {
  let clock: ManualClock
  let system: ActorSystem
  let shared: Host | undefined
  let events: SystemEvent[]
  beforeEach(() => {
    clock = new ManualClock()
    system = new ActorSystem({ name: 'test', clock, askTimeout: undefined, host: 1 })
    events = []
    shared = undefined
    system.events$.subscribe((event) => events.push(event as SystemEvent))
  })
  afterEach(() => meanwhile(system.stop({ timeout: 0 })))

  /** What becomes of `promise` while all runs that needs no time to pass. */
  async function meanwhile<T>(promise: Promise<T>): Promise<T> {
    let over = false
    const settled = promise.finally(() => (over = true))
    settled.catch(() => undefined)
    for (let turns = 0; !over && turns < 100; turns += 1) await clock.advance(0)
    if (!over) throw new Error('It never settled')
    return settled
  }

  async function spawn(options: StartOptions = {}, input?: number): Promise<ActorRef<any>> {
    if (place === 'shared') shared ??= await meanwhile(system.launch(memoryHost()))
    const on = place === 'here' ? undefined : (shared ?? memoryHost())
    const actor = place === 'here' ? definitions.worker : far.worker
    const started = system.spawner.start(actor, input, { maxRunTime: MAX, on, ...options } as StartOptions, undefined)
    if (input !== undefined) await clock.advance(input)
    const target = await meanwhile(started)
    return system.refOf(target as NonNullable<typeof target>)
  }

  const spawnRelay = (): Promise<ActorRef<any>> => system.spawn(far.relay, undefined, { on: memoryHost() })

  const overruns = (): SystemEvent[] => events.filter(({ type }) => type === 'overrun')

  test('is killed when it is at one for longer, and that is told first', async () => {
    const ref = await spawn({ title: 'slow' })
    const asked = ref.ask('hang').catch((error: unknown) => error)
    await clock.advance(MAX)
    expect(overruns()).toEqual([])
    await clock.advance(MAX / 4)
    expect(await meanwhile(ref.exited)).toEqual({ type: 'killed' })
    expect(await asked).toMatchObject({ code: 'ERR_ACTOR_DOWN', reason: { type: 'killed' } })
    const told = events.filter(({ type, id }) => id === ref.id && type !== 'spawned')
    expect(told).toEqual([
      { type: 'overrun', at: expect.any(Number), id: ref.id, name: 'slow', ran: 1.25 * MAX, maxRunTime: MAX },
      expect.objectContaining({ type: 'down', id: ref.id, reason: { type: 'killed' } }),
    ])
  })

  test('lives on when each of many messages is shorter, of one sender or of several', async () => {
    const ref = await spawn()
    const senders = [await meanwhile(spawnRelay()), await meanwhile(spawnRelay())]
    for (let message = 0; message < 18; message += 1) senders[message % 2]?.tell('pass', { ref, ms: MAX / 3 })
    await clock.advance(0)
    for (let message = 0; message < 200; message += 1) ref.tell('hello')
    const last = ref.ask('work', MAX / 2)
    await clock.advance(8 * MAX)
    await meanwhile(last)
    await clock.advance(2 * MAX)
    expect(await meanwhile(ref.ask('hello'))).toBe('hello')
    expect(overruns()).toEqual([])
  })

  test('lives on when it is idle, before its first message and after one', async () => {
    const ref = await spawn()
    await clock.advance(5 * MAX)
    expect(await meanwhile(ref.ask('hello'))).toBe('hello')
    await clock.advance(5 * MAX)
    expect(await meanwhile(ref.ask('hello'))).toBe('hello')
    expect(overruns()).toEqual([])
  })

  test('is killed alone: others beside it, bounded or not, are not at that message', async () => {
    const [ref, idle, free] = [await spawn(), await spawn(), await spawn({ maxRunTime: Infinity })]
    const done = free.ask('work', 3 * MAX)
    ref.tell('hang')
    await clock.advance(2 * MAX)
    expect(await meanwhile(ref.exited)).toEqual({ type: 'killed' })
    await clock.advance(3 * MAX)
    await meanwhile(done)
    expect(await meanwhile(idle.ask('hello'))).toBe('hello')
    expect(overruns().map(({ id }) => id)).toEqual([ref.id])
  })

  test('may take longer to start, to stop, and to wait for the next item of a stream', async () => {
    const ref = await spawn({}, 3 * MAX)
    const items: unknown[] = []
    const reading = (async () => {
      for await (const item of ref.stream('items', { count: 2, ms: 2 * MAX })) items.push(item)
    })()
    await clock.advance(5 * MAX)
    await meanwhile(reading)
    expect(items).toEqual([0, 1])
    const stopped = ref.stop()
    await clock.advance(4 * MAX)
    expect(await meanwhile(stopped)).toEqual({ type: 'shutdown' })
    expect(overruns()).toEqual([])
  })

  test('takes as long as it needs to end by a crash, whose reason stands', async () => {
    const refs = [await spawn(), await spawn(), await spawn()]
    refs[0]?.tell('fail', 'throw')
    refs[1]?.tell('fail', 'later')
    const read = (async () => {
      for await (const item of refs[2]?.stream('failing') ?? []) expect(item).toBe(0)
    })()
    read.catch(() => undefined)
    await clock.advance(4 * MAX)
    for (const ref of refs) expect(await meanwhile(ref.exited)).toMatchObject({ type: 'error' })
    expect(overruns()).toEqual([])
  })

  test('is started again by its supervisor', async () => {
    await spawn()
    const on = place === 'here' ? undefined : (shared ?? memoryHost())
    const actor = place === 'here' ? definitions.worker : far.worker
    const slow = child('slow', actor as typeof definitions.worker, undefined, { maxRunTime: MAX, on: on as never })
    const app = await meanwhile(system.supervise({ children: [slow] }))
    const ref = app.ref('slow')
    ref.tell('hang')
    await clock.advance(1.25 * MAX)
    expect(await meanwhile(ref.ask('hello'))).toBe('hello')
    expect(ref.incarnation).toBe(1)
    expect(overruns()).toHaveLength(1)
  })

  test.each([0, -1, Number.NaN, '100'])('is not started with a time of %p', async (maxRunTime) => {
    const options = { maxRunTime } as StartOptions
    await expect(spawn(options)).rejects.toThrow(/Expected `maxRunTime` to be a number from 1/)
  })
})

/** Whose time is what a handler says it took. */
class SlowClock extends ManualClock {
  spent = 0

  override now(): number {
    return super.now() + this.spent
  }
}

test('An actor here that blocks its thread for longer is told of when it returns, and lives on', async () => {
  const clock = new SlowClock()
  const system = new ActorSystem({ name: 'test', clock, askTimeout: undefined, host: 1 })
  const told: unknown[] = []
  system.events$.subscribe((event) => (event as SystemEvent).type === 'overrun' && told.push(event))
  const calculator = defineActor({
    init: () => 0,
    on: { block: (_, ms: number) => void (clock.spent += ms), hello: () => 'hello' },
  })
  const options = { maxRunTime: MAX, name: 'calculator' }
  const target = await system.spawner.start(calculator, undefined, options, undefined)
  const ref: ActorRef<any> = system.refOf(target as NonNullable<typeof target>)
  await ref.ask('block', MAX)
  await ref.ask('block', 5 * MAX)
  await clock.advance(2 * MAX)
  expect(await ref.ask('hello')).toBe('hello')
  const about = { id: ref.id, name: 'calculator', ran: 5 * MAX, maxRunTime: MAX }
  expect(told).toEqual([{ type: 'overrun', at: expect.any(Number), ...about }])
  await system.stop()
})
