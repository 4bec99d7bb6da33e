/** `maxRunTime` in processes and threads: what an actor does to its thread, it cannot do to whoever started it. */
import type { ActorRef, Reason, System, SystemEvent } from '@troupe/core'
import type { ActorSystem, StartOptions } from '@troupe/core/internal'
import { createProbe } from '@troupe/core/testing'
import { remote } from '@troupe/transport-node'
import { type Place, placed, places } from './places.js'
import { isAlive, SETTLES, stopSystems, testSystem, until, within } from './support.js'

const { stuck } = remote<typeof import('../fixtures/stuck.js')>(new URL('../fixtures/stuck.js', import.meta.url))

/** Far more than the start of a message takes on a slow machine. */
const MAX = 300
/** By when an actor that never returns is down: a shared host has a second to end it alone. */
const ENDS = 1.25 * MAX + 1_000 + SETTLES
const KILLED: Reason = { type: 'killed' }

afterEach(stopSystems)

interface Scene {
  readonly system: System
  readonly events: readonly SystemEvent[]
  /** Starts an actor in the place, with that bound. */
  spawn(maxRunTime?: number): Promise<ActorRef<any>>
  overruns(): readonly SystemEvent[]
}

function scene(place: Place): Scene {
  const { system, events } = testSystem()
  return {
    system,
    events,
    async spawn(maxRunTime) {
      const options = { on: await placed(system, place), maxRunTime } as StartOptions
      const target = await (system as ActorSystem).spawner.start(stuck, undefined, options, undefined)
      return (system as ActorSystem).refOf(target as NonNullable<typeof target>)
    },
    overruns: () => events.filter(({ type }) => type === 'overrun'),
  }
}

describe.each(places)('An actor whose time at one message is bounded (%s)', (place) => {
  test('is ended though its handler never returns; whoever shares its host learns of that end', async () => {
    const { events, overruns, spawn } = scene(place)
    const ref = await spawn(MAX)
    const bystander = place.startsWith('shared') ? await spawn() : ref
    const asked = ref.ask('spin', Infinity).catch((error: unknown) => error)
    expect(await within(ENDS, ref.exited)).toEqual(KILLED)
    expect(await bystander.exited).toEqual(KILLED)
    expect(await asked).toMatchObject({ code: 'ERR_ACTOR_DOWN', reason: KILLED })
    const { id } = ref
    expect(overruns()).toEqual([expect.objectContaining({ id, ran: expect.any(Number), maxRunTime: MAX })])
    expect((overruns()[0] as { ran: number }).ran).toBeGreaterThanOrEqual(1.25 * MAX)
    expect(events.filter((event) => event.id === id).map(({ type }) => type)).toEqual(['spawned', 'overrun', 'down'])
    expect(events.filter(({ type }) => type === 'crashed')).toEqual([])
    if (place.endsWith('process')) await until(() => !isAlive(pidOf(events, id)), 'the end of the process')
  })

  test('is ended while it waits for ever; whoever shares its host lives on', async () => {
    const { overruns, spawn } = scene(place)
    const [ref, bystander] = [await spawn(MAX), await spawn()]
    ref.tell('hang')
    expect(await within(ENDS, ref.exited)).toEqual(KILLED)
    expect(await bystander.ask('hello')).toBe('hello')
    expect(overruns().map(({ id }) => id)).toEqual([ref.id])
  })

  test('lives on while it is busy for longer with many messages, and while this thread does not hear it', async () => {
    const { system, overruns, spawn } = scene(place)
    const ref = await spawn(MAX)
    const from = Date.now()
    for (let message = 0; message < 30; message += 1) ref.tell('spin', MAX / 20)
    expect(await ref.ask('hello')).toBe('hello')
    expect(Date.now() - from).toBeGreaterThan(1.25 * MAX)
    const probe = await createProbe<string>(system)
    ref.tell('work', { to: probe.ref, ms: MAX / 2 })
    await probe.next()
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 2 * MAX)
    expect(await ref.ask('hello')).toBe('hello')
    expect(overruns()).toEqual([])
  })
})

test('A step of a stream that never ends is ended as a message is; its consumer is told', async () => {
  const { overruns, spawn } = scene('process')
  const ref = await spawn(MAX)
  const read = (async () => {
    for await (const item of ref.stream('items')) expect(item).toBe(1)
  })()
  const error = await within(
    ENDS,
    read.catch((reason: unknown) => reason),
  )
  expect(error).toMatchObject({ code: 'ERR_ACTOR_DOWN', reason: KILLED })
  expect(overruns().map(({ id }) => id)).toEqual([ref.id])
})

/** Of the process that the actor of that id was started in. */
function pidOf(events: readonly SystemEvent[], id: string): number {
  return events.flatMap((event) => (event.type === 'spawned' && event.id === id ? (event.pid ?? []) : []))[0] as number
}
