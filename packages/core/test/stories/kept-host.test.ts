/** An actor in a host of its own spawns others there: the host lives for it, not for them. */
import { type ActorRef, child, createSystem, defineActor, type Supervisor } from '@troupe/core'
import { memoryHost, memoryModule } from '../support/memory-host.js'

const worker = defineActor({ init: () => undefined, on: { hi: () => 'hi' } })
const { keeper } = memoryModule({
  keeper: defineActor({
    init: async (how: 'spawn' | 'supervise', ctx): Promise<{ ref: ActorRef<any>; app?: Supervisor<any> }> => {
      ctx.trapExit(true)
      if (how === 'spawn') return { ref: await ctx.spawn(worker) }
      const app = await ctx.system.supervise({ children: [child('a', worker)] })
      return { ref: app.ref('a'), app }
    },
    on: { ref: ({ ref }) => ref, hi: () => 'hi' },
  }),
})

describe.each(['spawn', 'supervise'] as const)('a host of its own, whose actor has others there (%s)', (how) => {
  test.each(['stop', 'kill'] as const)('lives on when one of them is ended from elsewhere: %s', async (end) => {
    const system = createSystem({ name: 'test' })
    system.events$.subscribe(() => undefined)
    const ref = await system.spawn(keeper, how, { on: memoryHost() })
    const other = (await ref.ask('ref')) as ActorRef<any>
    expect(await other.ask('hi')).toBe('hi')
    const ended = end === 'stop' ? other.stop({ timeout: 10 }) : other.kill()
    expect(await ended).toEqual({ type: end === 'stop' ? 'shutdown' : 'killed' })
    // Longer than the stop may take: then the host would be killed.
    await new Promise((resolve) => setTimeout(resolve, 40))
    expect(await ref.ask('hi')).toBe('hi')
    if (how === 'supervise') expect(await other.ask('hi')).toBe('hi')
    expect(await ref.kill()).toEqual({ type: 'killed' })
    await system.stop()
  })
})
