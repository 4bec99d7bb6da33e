import { type ActorRef, createSystem, defineActor, type SystemEvent } from '@troupe/core'
import { ManualClock } from '@troupe/core/testing'
import { memoryHost, memoryModule } from '../support/memory-host.js'
import { reports } from '../support/report.js'
import { turn, until } from '../support/settle.js'

const fragile = defineActor({
  init: () => undefined,
  on: {
    fail() {
      throw new RangeError('boom')
    },
    idle() {},
  },
})
const far = memoryModule({ fragile })

describe('a crash', () => {
  test.each(['here', 'elsewhere'] as const)(
    'is written once, with its stack, when nobody listens (%s)',
    async (place) => {
      const written = await reports(async () => {
        const system = createSystem()
        const ref = await (place === 'here'
          ? system.spawn(fragile, undefined, { name: 'cook' })
          : system.spawn(far.fragile, undefined, { name: 'cook', on: memoryHost() }))
        await ref.ask('fail').catch(() => undefined)
        await ref.exited
        await turn()
        await system.stop()
      })
      expect(written).toEqual([expect.stringMatching(/^Troupe: cook \(\d\.\d+\) crashed: RangeError: boom\n\s+at /)])
    },
  )

  test('is not written while somebody listens', async () => {
    const events: SystemEvent[] = []
    const written = await reports(async () => {
      const system = createSystem()
      system.events$.subscribe((event) => events.push(event))
      const ref = await system.spawn(fragile)
      ref.tell('fail')
      await ref.exited
      await system.stop()
    })
    expect(written).toEqual([])
    expect(events.filter(({ type }) => type === 'crashed')).toMatchObject([{ error: { message: 'boom' } }])
  })

  test('is written again once the last listener has gone', async () => {
    const written = await reports(async () => {
      const system = createSystem()
      system.events$.subscribe(() => undefined).unsubscribe()
      const ref = await system.spawn(fragile)
      ref.tell('fail')
      await ref.exited
      await system.stop()
    })
    expect(written.length).toBe(1)
  })

  test('a stop and a kill are no crash', async () => {
    const written = await reports(async () => {
      const system = createSystem()
      await (await system.spawn(fragile)).stop()
      await (await system.spawn(fragile)).kill()
      await system.stop()
    })
    expect(written).toEqual([])
  })

  test('in init is written once, although the spawn rejects too', async () => {
    const written = await reports(async () => {
      const system = createSystem()
      const init = () => {
        throw new Error('no start')
      }
      await system.spawn(defineActor({ init, on: {} })).catch(() => undefined)
      await system.stop()
    })
    expect(written.length).toBe(1)
  })

  test('whose error cannot travel is told all the same', async () => {
    const events: SystemEvent[] = []
    const error = Object.assign(new Error('odd'), { socket: { write: () => 0 }, self: undefined as unknown })
    error.self = error
    const odd = memoryModule({
      odd: defineActor({
        init: () => undefined,
        on: {
          fail() {
            throw error
          },
        },
      }),
    })
    const system = createSystem()
    system.events$.subscribe((event) => events.push(event))
    const ref = await system.spawn(odd.odd, undefined, { on: memoryHost() })
    await expect(ref.ask('fail')).rejects.toMatchObject({ code: 'ERR_ACTOR_DOWN', cause: { message: 'odd' } })
    expect(await ref.exited).toMatchObject({ type: 'error', error: { message: 'odd' } })
    expect(events.filter(({ type }) => type === 'crashed')).toMatchObject([{ id: ref.id, error: { message: 'odd' } }])
    await system.stop()
  })
})

describe('events$', () => {
  test('tells lives in order, each with its time, id and name', async () => {
    const clock = new ManualClock()
    const system = createSystem({ clock })
    await clock.advance(7)
    const events: SystemEvent[] = []
    system.events$.subscribe((event) => events.push(event))
    const ref = await system.spawn(fragile, undefined, { name: 'cook' })
    ref.tell('fail')
    await ref.exited
    await turn()
    expect(events).toEqual([
      { at: 7, type: 'spawned', id: ref.id, name: 'cook', host: 1 },
      { at: 7, type: 'crashed', id: ref.id, name: 'cook', error: expect.any(RangeError) },
      { at: 7, type: 'down', id: ref.id, name: 'cook', reason: { type: 'error', error: expect.any(RangeError) } },
    ])
    await system.stop()
  })

  test('tells of hosts, and of the lives in them, at the root', async () => {
    const system = createSystem()
    const events: SystemEvent[] = []
    system.events$.subscribe((event) => events.push(event))
    const ref = await system.spawn(far.fragile, undefined, { name: 'cook', on: memoryHost() })
    await ref.stop()
    await until(() => events.some(({ type }) => type === 'hostDown'))
    expect(events.map(({ type, id }) => `${type} ${id}`)).toEqual([
      'hostUp 2',
      `spawned ${ref.id}`,
      `down ${ref.id}`,
      'hostDown 2',
    ])
    expect(events[1]).toMatchObject({ name: 'cook', host: 2 })
    expect(events[3]).toMatchObject({ host: 2, code: 0, signal: null })
    await system.stop()
  })

  test('a subscriber that throws harms nobody, and is reported', async () => {
    const seen: string[] = []
    const written = await reports(async () => {
      const system = createSystem()
      system.events$.subscribe(() => {
        throw new Error('bad subscriber')
      })
      system.events$.subscribe({
        next: (event) => void seen.push(event.type),
        complete() {
          seen.push('complete')
          throw new Error('bad end')
        },
      })
      system.events$.subscribe({ complete: () => void seen.push('complete too') })
      await (await system.spawn(fragile)).stop()
      await system.stop()
    })
    expect(seen).toEqual(['spawned', 'down', 'complete', 'complete too'])
    expect(written[0]).toMatch(/a subscriber of events threw: Error: bad subscriber/)
  })

  test('is what RxJS takes for an Observable', async () => {
    const { from, firstValueFrom, toArray } = await import('rxjs')
    const system = createSystem()
    const all = firstValueFrom(from(system.events$ as never).pipe(toArray()))
    await (await system.spawn(fragile)).stop()
    await system.stop()
    expect(((await all) as SystemEvent[]).map(({ type }) => type)).toEqual(['spawned', 'down'])
  })

  test('an unsubscribed one hears nothing more, also in the middle of an event', async () => {
    const system = createSystem()
    const seen: string[] = []
    const first = system.events$.subscribe(({ type }) => {
      seen.push(type)
      first.unsubscribe()
    })
    await (await system.spawn(fragile)).stop()
    await system.stop()
    expect(seen).toEqual(['spawned'])
  })
})

describe('tree()', () => {
  test('draws who lives under whom, where, and how much waits', async () => {
    const system = createSystem({ name: 'shop' })
    const parent = defineActor({
      init: async (_: undefined, ctx): Promise<ActorRef<any>[]> => [
        await ctx.spawn(fragile, undefined, { name: 'left' }),
        await ctx.spawn(far.fragile, undefined, { name: 'right', on: memoryHost() }),
      ],
      on: {},
    })
    const busy = defineActor({ init: () => undefined, on: { work: () => new Promise<void>(() => undefined) } })
    await system.spawn(parent, undefined, { name: 'parent' })
    const ref = await system.spawn(busy)
    for (let index = 0; index < 3; index += 1) ref.tell('work')
    await turn()
    expect(system.tree().split('\n')).toEqual([
      'shop',
      expect.stringMatching(/^├─ parent \(1\.\d+\)$/),
      expect.stringMatching(/^│ {2}├─ left \(1\.\d+\)$/),
      expect.stringMatching(/^│ {2}└─ right \(2\.\d+\) on host 2$/),
      expect.stringMatching(/^└─ actor \(1\.\d+\), 2 waiting$/),
    ])
    await system.stop({ timeout: 10 })
    expect(system.tree()).toBe('shop')
  })
})
