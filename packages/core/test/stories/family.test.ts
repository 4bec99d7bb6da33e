import { type ActorRef, type Context, createSystem, defineActor, ignore } from '@troupe/core'
import { crew, places } from '../support/crew.js'
import { memoryHost, memoryModule } from '../support/memory-host.js'
import { deferred, turn, until } from '../support/settle.js'

/** Actors that write down their ends. */
function family(ends: string[]) {
  const child = defineActor({
    init: (name: string) => name,
    on: {
      fail(name): void {
        throw new Error(`${name} failed`)
      },
      quit: (_, _arg, ctx) => ctx.exit(),
    },
    onStop: (name) => void ends.push(name),
  })
  const parent = defineActor({
    init: () => ({ children: [] as ActorRef<any>[] }),
    on: {
      async spawn(state, name: string, ctx) {
        const ref = await ctx.spawn(child, name)
        state.children.push(ref)
        return ref
      },
      me: (_, _arg, ctx) => ctx.self,
    },
    onStop: () => void ends.push('parent'),
  })
  return { parent, child }
}

describe('children', () => {
  const team = crew()

  test('end with their parent, last started first, before its onStop', async () => {
    const ends: string[] = []
    const ref = await team.system.spawn(family(ends).parent)
    const children = [await ref.ask('spawn', 'a'), await ref.ask('spawn', 'b'), await ref.ask('spawn', 'c')]
    await ref.stop()
    expect(ends).toEqual(['c', 'b', 'a', 'parent'])
    for (const child of children) expect(await child.exited).toEqual({ type: 'shutdown' })
  })

  test('of which one is slow to stop: the next waits for it', async () => {
    const ends: string[] = []
    const gate = deferred()
    const slow = defineActor({
      init: () => undefined,
      on: {},
      async onStop() {
        await gate.promise
        ends.push('slow')
      },
    })
    const quick = defineActor({ init: () => undefined, on: {}, onStop: () => void ends.push('quick') })
    const ref = await team.system.spawn(
      defineActor({
        init: async (_: undefined, ctx) => {
          await ctx.spawn(quick)
          await ctx.spawn(slow)
          return 0
        },
        on: {},
      }),
    )
    const stopped = ref.stop()
    await turn()
    expect(ends).toEqual([])
    gate.resolve()
    await stopped
    expect(ends).toEqual(['slow', 'quick'])
  })

  test('take their parent along when they end abnormally, with their reason, and the siblings stop', async () => {
    const ends: string[] = []
    const ref = await team.system.spawn(family(ends).parent)
    await ref.ask('spawn', 'a')
    const child = await ref.ask('spawn', 'b')
    child.tell('fail')
    expect(await ref.exited).toMatchObject({ type: 'error', error: { message: 'b failed' } })
    // The parent did not stop in peace: no onStop of its own.
    expect(ends).toEqual(['a'])
  })

  test.each(['quit', 'stop'] as const)('leave their parent alone when they end cleanly: %s', async (how) => {
    const ends: string[] = []
    const ref = await team.system.spawn(family(ends).parent)
    const child = await ref.ask('spawn', 'a')
    if (how === 'quit') child.tell('quit')
    else await child.stop()
    await child.exited
    expect(await ref.ask('me')).toBeDefined()
    await ref.stop()
    expect(ends).toEqual(['a', 'parent'])
  })

  test('take their parent along when killed from outside', async () => {
    const ref = await team.system.spawn(family([]).parent)
    const child = await ref.ask('spawn', 'a')
    await child.kill()
    expect(await ref.exited).toEqual({ type: 'killed' })
  })

  test('are killed with a parent that is killed, down to the last grandchild, and none runs onStop', async () => {
    const ends: string[] = []
    const nest = defineActor({
      init: async (depth: number, ctx: Context): Promise<ActorRef<any>[]> => {
        if (depth === 0) return [ctx.self]
        const below = await ctx.spawn(nest, depth - 1)
        return [ctx.self, ...((await below.ask('all')) as ActorRef<any>[])]
      },
      on: { all: (state: ActorRef<any>[]): ActorRef<any>[] => state },
      onStop: () => void ends.push('stopped'),
    })
    const ref = await team.system.spawn(nest, 3)
    const all = await ref.ask('all')
    expect(all.length).toBe(4)
    await ref.kill()
    for (const each of all) expect(await each.exited).toEqual({ type: 'killed' })
    expect(ends).toEqual([])
  })

  test('in hosts of their own end with their parent too', async () => {
    const ends: string[] = []
    const far = memoryModule(family(ends))
    const on = memoryHost()
    const ref = await team.system.spawn(
      defineActor({
        init: async (_: undefined, ctx) => [
          await ctx.spawn(far.child, 'a', { on }),
          await ctx.spawn(far.child, 'b', { on }),
        ],
        on: { all: (state) => state },
      }),
    )
    const children = await ref.ask('all')
    await ref.stop()
    expect(ends).toEqual(['b', 'a'])
    for (const child of children) expect(await child.exited).toEqual({ type: 'shutdown' })
    await until(() => team.system.tree().split('\n').length === 1)
  })

  test.each(places)(
    'whose start fails reject their spawn, and the parent that catches it lives on (%s)',
    async (place) => {
      const bad = defineActor({
        init: () => {
          throw new Error('no start')
        },
        on: {},
      })
      const none = defineActor({ init: () => ignore, on: {} })
      const far = memoryModule({ bad, none })
      const on = place === 'here' ? undefined : await team.on(place)
      const ref = await team.system.spawn(
        defineActor({
          init: () => undefined,
          on: {
            async attempt(_: undefined, which: 'bad' | 'none', ctx) {
              try {
                if (place === 'here') await ctx.spawn(which === 'bad' ? bad : none)
                else await ctx.spawn(far[which], undefined, { on })
                return 'spawned'
              } catch (error) {
                return (error as { code: string }).code
              }
            },
            async clash(_: undefined, _arg, ctx) {
              await ctx.spawn(bad, undefined, { name: 'taken' }).catch(() => undefined)
              await ctx.spawn(bad, undefined, { timeout: 0 }).catch(() => undefined)
              return 'alive'
            },
          },
        }),
      )
      expect(await ref.ask('attempt', 'bad')).toBe('ERR_ACTOR_DOWN')
      expect(await ref.ask('attempt', 'none')).toBe('ERR_ACTOR_DOWN')
      await team.system.spawn(defineActor({ init: () => undefined, on: {} }), undefined, { name: 'taken' })
      expect(await ref.ask('clash')).toBe('alive')
    },
  )

  test('that crash right after their start take their parent along', async () => {
    const hasty = defineActor({
      init: (_: undefined, ctx): number => {
        ctx.self.tell('fail')
        return 0
      },
      on: {
        fail() {
          throw new Error('at once')
        },
      },
    })
    const ref = await team.system.spawn(
      defineActor({
        init: () => undefined,
        on: { spawn: async (_: undefined, _arg, ctx) => void (await ctx.spawn(hasty)) },
      }),
    )
    ref.tell('spawn')
    expect(await ref.exited).toMatchObject({ type: 'error', error: { message: 'at once' } })
  })

  test('cannot be had by an actor that has ended: nobody would end them', async () => {
    let kept: Context | undefined
    const { child } = family([])
    const ref = await team.system.spawn(
      defineActor({
        init: (_: undefined, ctx) => {
          kept = ctx
          return 0
        },
        on: {},
        async onStop(_, _reason, ctx) {
          await ctx.spawn(child, 'born in onStop').catch(() => undefined)
        },
      }),
    )
    await ref.stop()
    await (kept as Context).spawn(child, 'born too late').catch(() => undefined)
    await turn()
    expect(team.system.tree()).toBe('test')
  })

  test('have a parent, those of the system have none, and all know their system', async () => {
    const seen: unknown[] = []
    const child = defineActor({
      init: (_: undefined, ctx) => {
        seen.push(ctx.parent?.id, ctx.system)
        return 0
      },
      on: {},
    })
    const ref = await team.system.spawn(
      defineActor({
        init: async (_: undefined, ctx) => {
          seen.push(ctx.parent)
          return ctx.spawn(child)
        },
        on: {},
      }),
    )
    expect(seen).toEqual([undefined, ref.id, team.system])
  })
})

describe('a parent that ends while it starts a child', () => {
  test('takes the child along, and nothing of the attempt is left, in no host either', async () => {
    const system = createSystem({ name: 'test' })
    system.events$.subscribe(() => undefined)
    const started = deferred()
    const slow = defineActor({ init: () => started.promise.then(() => 0), on: {} })
    const far = memoryModule({ slow })
    const on = memoryHost()
    const shared = await system.launch(on)
    for (const place of ['here', 'named', 'elsewhere', 'shared']) {
      const ref = await system.spawn(
        defineActor({
          init: () => undefined,
          on: {
            spawn: async (_: undefined, _arg, ctx) => {
              if (place === 'elsewhere') await ctx.spawn(far.slow, undefined, { on })
              else if (place === 'shared') await ctx.spawn(far.slow, undefined, { on: shared })
              else await ctx.spawn(slow, undefined, place === 'named' ? { name: 'late' } : {})
            },
          },
        }),
      )
      ref.tell('spawn')
      // The earliest moment: the spawn has just begun.
      await Promise.resolve()
      await ref.kill()
      await until(() => system.tree() === 'test')
    }
    expect(await system.whereis('late')).toBeUndefined()
    started.resolve()
    await turn()
    expect(system.tree()).toBe('test')
    await shared.stop()
    for (const host of on.hosts) await host.gone
    await system.stop()
  })
})
