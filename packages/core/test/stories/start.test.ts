import {
  ActorDownError,
  createSystem,
  defineActor,
  child,
  ignore,
  NotPortableError,
  type SystemEvent,
  TimeoutError,
} from '@troupe/core'
import { ManualClock } from '@troupe/core/testing'
import { crew, places } from '../support/crew.js'
import { memoryHost, memoryModule } from '../support/memory-host.js'
import { turn, until } from '../support/settle.js'

const idle = defineActor({ init: () => undefined, on: { hello: () => 'hello' } })
const never = defineActor({ init: () => new Promise<number>(() => undefined), on: {} })

describe('a start', () => {
  const team = crew()

  test.each(places)(
    'that throws rejects the spawn, with the error as cause, and leaves nothing (%s)',
    async (place) => {
      for (const init of [
        () => {
          throw new RangeError('no start')
        },
        async () => {
          throw new RangeError('no start')
        },
      ]) {
        const error = await team.spawn(place, defineActor({ init, on: {} })).catch((thrown: unknown) => thrown)
        expect(error).toBeInstanceOf(ActorDownError)
        expect(error).toMatchObject({ reason: { type: 'error' }, cause: { name: 'RangeError', message: 'no start' } })
        await until(() => team.system.tree() === 'test')
      }
    },
  )

  test.each(places)('that returns `ignore` takes along what it has spawned (%s)', async (place) => {
    const parent = defineActor({
      init: async (_: undefined, ctx) => {
        await ctx.spawn(idle)
        return ignore
      },
      on: {},
    })
    await expect(team.spawn(place, parent)).rejects.toThrow(ActorDownError)
    await until(() => team.system.tree() === 'test')
  })

  test.each(places)('that returns `ignore` is no actor: the spawn rejects, as a clean end (%s)', async (place) => {
    const crashes: SystemEvent[] = []
    team.system.events$.subscribe((event) => event.type === 'crashed' && crashes.push(event))
    for (const init of [() => ignore, async () => ignore]) {
      const error = await team.spawn(place, defineActor({ init, on: {} })).catch((thrown: unknown) => thrown)
      expect(error).toMatchObject({ code: 'ERR_ACTOR_DOWN', reason: { type: 'normal' } })
      await until(() => team.system.tree() === 'test')
    }
    expect(crashes).toEqual([])
  })

  test.each(places)(
    'that returns `ignore` is no failure of its supervisor, and its name is free (%s)',
    async (place) => {
      const { shy } = memoryModule({ shy: defineActor({ init: () => ignore, on: {} }) })
      const { here } = { here: defineActor({ init: () => ignore, on: {} }) }
      const spec =
        place === 'here'
          ? child('shy', here, undefined, { name: 'shy' })
          : child('shy', shy, undefined, { name: 'shy', on: await team.on(place) })
      const app = await team.system.supervise({ children: [spec] })
      expect(app.which()).toEqual([{ id: 'shy', type: 'worker', status: 'down' }])
      await team.system.spawn(idle, undefined, { name: 'shy' })
      expect(app.ref<{ any(): void }>('shy').tell('any')).toBe(false)
      await app.stop()
    },
  )

  test('that takes too long rejects with TimeoutError, and the actor is killed', async () => {
    await expect(team.system.spawn(never, undefined, { timeout: 1 })).rejects.toThrow(TimeoutError)
    const far = memoryModule({ never })
    await expect(team.system.spawn(far.never, undefined, { on: memoryHost(), timeout: 1 })).rejects.toThrow(
      TimeoutError,
    )
    await expect(team.system.spawn(far.never, undefined, { on: memoryHost({ startTimeout: 1 }) })).rejects.toThrow(
      TimeoutError,
    )
    await until(() => team.system.tree() === 'test')
  })

  test.each(places)('given up by a signal rejects with its reason, and leaves nothing (%s)', async (place) => {
    const far = memoryModule({ never })
    const spawn = async (signal: AbortSignal) =>
      place === 'here'
        ? team.system.spawn(never, undefined, { signal })
        : team.system.spawn(far.never, undefined, { on: await team.on(place), signal })
    const controller = new AbortController()
    const pending = spawn(controller.signal)
    await turn()
    controller.abort('enough')
    await expect(pending).rejects.toBe('enough')
    // One that was given up before it began is no unhandled rejection either.
    await expect(spawn(controller.signal)).rejects.toBe('enough')
    await turn()
    await until(() => team.system.tree() === 'test')
  })

  test.each<[string, (system: typeof team.system) => Promise<unknown>, RegExp]>([
    [
      'a function',
      (s) => (s as any).spawn((() => 0) as never),
      /a function cannot run elsewhere: it exists only in the process/,
    ],
    [
      'no actor',
      (s) => (s as any).spawn({} as never),
      /Expected `actor` to be what defineActor\(\) made, or a remote name/,
    ],
    [
      'a misspelt option',
      (s) => s.spawn(idle, undefined, { nam: 'x' } as never),
      /Unknown option `nam` in spawn options/,
    ],
    ['an empty name', (s) => s.spawn(idle, undefined, { name: '' }), /Expected `name` to be a non-empty string/],
    ['a wrong timeout', (s) => s.spawn(idle, undefined, { timeout: -1 }), /Expected `timeout` to be a number/],
    [
      'a remote name without a place',
      (s) => (s as any).spawn({ url: 'memory:x', export: 'y' }),
      /Expected `on` to be a placement/,
    ],
    [
      'no export of that name',
      (s) => (s as any).spawn({ url: 'memory:x', export: 'y' }, undefined, { on: memoryHost() }),
      /is no actor/,
    ],
  ])('is refused with words for %s', async (_, spawn, message) => {
    await expect(spawn(team.system)).rejects.toThrow(message)
    await turn()
    await until(() => team.system.tree() === 'test')
  })

  test('of a local definition elsewhere is refused: it exists here only', async () => {
    await expect(team.system.spawn(idle, undefined, { on: memoryHost() } as never)).rejects.toThrow(NotPortableError)
  })

  test('is refused by a system that is stopped', async () => {
    const system = createSystem({ name: 'gone' })
    await system.stop()
    await expect(system.spawn(idle)).rejects.toMatchObject({ code: 'ERR_SYSTEM_STOPPED' })
  })

  test('leaves no timer behind when it is done', async () => {
    const clock = new ManualClock()
    const system = createSystem({ clock })
    await system.spawn(idle, undefined, { timeout: 1_000 })
    const before = clock.pending
    await system.spawn(idle, undefined, { timeout: 1_000 })
    expect(clock.pending).toBe(before)
    await system.stop()
    expect(clock.pending).toBe(0)
  })
})

describe('names', () => {
  const team = crew()
  const far = memoryModule({ idle })

  test.each(places)('find the living actor, from anywhere (%s)', async (place) => {
    const seeker = defineActor({
      init: () => undefined,
      on: { find: async (_: undefined, name: string, ctx) => (await ctx.system.whereis(name))?.ask('hello') },
    })
    const ref = await (place === 'here'
      ? team.system.spawn(idle, undefined, { name: 'front' })
      : team.system.spawn(far.idle, undefined, { name: 'front', on: await team.on(place) }))
    expect((await team.system.whereis('front'))?.id).toBe(ref.id)
    expect(await team.system.whereis('back')).toBeUndefined()
    for (const from of places) expect(await (await team.spawn(from, seeker)).ask('find', 'front')).toBe('hello')
    expect(ref.toString()).toBe(`ActorRef(front (${ref.id}))`)
  })

  test.each(places)('are unique: another actor of that name does not start (%s)', async (place) => {
    const events: SystemEvent[] = []
    await team.system.spawn(idle, undefined, { name: 'front' })
    if (place === 'shared') await team.on(place)
    team.system.events$.subscribe((event) => events.push(event))
    const spawn = async () =>
      place === 'here'
        ? team.system.spawn(idle, undefined, { name: 'front' })
        : team.system.spawn(far.idle, undefined, { name: 'front', on: await team.on(place) })
    await expect(spawn()).rejects.toMatchObject({ code: 'ERR_NAME_TAKEN' })
    await expect(spawn()).rejects.toThrow(/The name front is taken by 1\.\d+/)
    expect((await team.system.whereis('front'))?.id).toBeDefined()
    expect(events).toEqual([])
  })

  test.each(places)('are free again before anybody hears of the end (%s)', async (place) => {
    const spawn = async () =>
      place === 'here'
        ? team.system.spawn(idle, undefined, { name: 'front' })
        : team.system.spawn(far.idle, undefined, { name: 'front', on: await team.on(place) })
    for (let life = 0; life < 3; life += 1) {
      const ref = await spawn()
      const again = ref.exited.then(() => spawn())
      void ref.kill()
      await (await again).stop()
    }
    expect(await team.system.whereis('front')).toBeUndefined()
  })

  test('of a start that failed are free again', async () => {
    const bad = defineActor({
      init: () => {
        throw new Error('no')
      },
      on: {},
    })
    const remote = memoryModule({ bad })
    for (const spawn of [
      () => team.system.spawn(bad, undefined, { name: 'front' }),
      () => team.system.spawn(remote.bad, undefined, { name: 'front', on: memoryHost() }),
    ]) {
      for (let attempt = 0; attempt < 2; attempt += 1) {
        await expect(spawn()).rejects.toMatchObject({ code: 'ERR_ACTOR_DOWN', reason: { type: 'error' } })
      }
    }
  })

  test('given in a host by one of its actors hold in the whole system, and are free when theirs ends', async () => {
    const boss = defineActor({
      init: () => undefined,
      on: {
        async hire(_: undefined, name: string, ctx) {
          return ctx.spawn(idle, undefined, { name })
        },
      },
    })
    const ref = await team.spawn('elsewhere', boss)
    for (let life = 0; life < 2; life += 1) {
      const hired = await ref.ask('hire', 'clerk')
      expect((await team.system.whereis('clerk'))?.id).toBe(hired.id)
      await expect(team.system.spawn(idle, undefined, { name: 'clerk' })).rejects.toMatchObject({
        code: 'ERR_NAME_TAKEN',
      })
      await hired.stop()
      expect(await team.system.whereis('clerk')).toBeUndefined()
    }
  })
})
