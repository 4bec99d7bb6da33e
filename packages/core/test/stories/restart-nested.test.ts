import { type ActorRef, child, createSystem, defineActor, type System } from '@troupe/core'
import { memoryHost, memoryModule } from '../support/memory-host.js'
import { until } from '../support/settle.js'

interface Worker {
  hi(): string
  fail(): void
}

describe('a child that is forgotten, and comes back with the next life of its supervisor', () => {
  let system: System
  beforeEach(() => {
    system = createSystem({ name: 'test' })
    system.events$.subscribe(() => undefined)
  })
  afterEach(() => system.stop({ timeout: 200 }))

  const worker = defineActor.for<Worker>()({
    init: () => undefined,
    on: {
      hi: () => 'hi',
      fail() {
        throw new Error('failed')
      },
    },
  })

  test.each(['ended, being temporary', 'was deleted'])(
    'that %s has the same ref, here and elsewhere',
    async (forgotten) => {
      const { user } = memoryModule({
        user: defineActor({
          init: () => undefined,
          on: { use: (_, ref: ActorRef<Worker>, ctx) => ctx.ask(ref, 'hi').catch((error: Error) => error.name) },
        }),
      })
      const there = await system.spawn(user, undefined, { on: memoryHost() })
      const restart = forgotten === 'was deleted' ? 'permanent' : 'temporary'
      const children = [child('t', worker, undefined, { restart }), child('p', worker)] as const
      const app = await system.supervise({ children: [child.supervisor('in', { intensity: 0, children })] })
      const inner = app.supervisor('in')
      const ref = inner.ref('t')
      expect(await there.ask('use', ref)).toBe('hi')
      if (forgotten === 'was deleted') {
        await inner.terminateChild('t')
        await inner.deleteChild('t')
      } else ref.tell('fail')
      await until(() => inner.count().specs === 1)
      expect(await there.ask('use', ref)).toBe('ActorDownError')
      inner.ref('p').tell('fail')
      await until(() => inner.count().active === 2)
      expect([await ref.ask('hi'), await there.ask('use', ref), inner.ref('t').equals(ref)]).toEqual(['hi', 'hi', true])
    },
  )

  test('that is a supervisor goes on with its events', async () => {
    const below = child.supervisor('below', { children: [child('w', worker)] }, { restart: 'temporary' })
    const app = await system.supervise({
      children: [child.supervisor('in', { intensity: 0, children: [below, child('p', worker)] })],
    })
    const inner = app.supervisor('in')
    const lowest = inner.supervisor('below')
    const events: string[] = []
    lowest.events$.subscribe(({ type }) => void events.push(type))
    await lowest.kill()
    await until(() => inner.count().specs === 1)
    inner.ref('p').tell('fail')
    await until(() => inner.count().active === 2)
    expect([await lowest.ref('w').ask('hi'), events.at(-1)]).toEqual(['hi', 'spawned'])
  })
})
