/** The inline placement takes closures, and is otherwise as far away as a process. */
import { createSystem, defineActor, ignore, type RemoteActor } from '@troupe/core'
import { inline } from '@troupe/core/testing'

describe('an inline actor', () => {
  test('may be a closure; messages are snapshots, errors keep their class, and its end is the end of its host', async () => {
    const system = createSystem()
    const events: string[] = []
    system.events$.subscribe(({ type }) => events.push(type))
    const seen: unknown[] = []
    const definition = defineActor({
      init: (input: { start: number }) => ({ n: input.start }),
      on: {
        note(state, list: number[]): number {
          seen.push(list)
          return state.n + list.length
        },
        crash(): void {
          throw new RangeError('enough')
        },
      },
    })
    const on = inline()
    const ref = await system.spawn(definition, { start: 5 }, { on, name: 'near' })
    const list = [1, 2]
    const answer = ref.ask('note', list)
    list.push(3)
    expect([await answer, seen, seen[0] === list]).toEqual([7, [[1, 2]], false])
    expect(ref.id).toBe('2.16')
    const failed = await ref.ask('crash').catch((error: unknown) => error)
    expect(failed).toMatchObject({ code: 'ERR_ACTOR_DOWN', cause: expect.any(RangeError) })
    expect(await on.hosts[0]?.gone).toEqual({ code: 0, signal: null, killed: false })
    await system.stop()
    expect(events).toEqual(expect.arrayContaining(['hostUp', 'crashed', 'down', 'hostDown']))
  })

  test('may be started by one, and by the same definition twice', async () => {
    const system = createSystem()
    const on = inline()
    const inner = defineActor({ init: () => undefined, on: { where: (_, __, ctx): string => ctx.self.id } })
    const outer = defineActor({
      init: async (_: undefined, ctx) => ctx.spawn(inner, undefined, { on }),
      on: { inner: (ref): Promise<string> => ref.ask('where') },
    })
    const refs = await Promise.all([1, 2].map(() => system.spawn(outer, undefined, { on })))
    const ids = await Promise.all(refs.map((ref) => ref.ask('inner')))
    expect(new Set([...ids, ...refs.map(({ id }) => id)]).size).toBe(4)
    await system.stop()
    expect(await Promise.all(on.hosts.map(({ gone }) => gone))).toHaveLength(4)
  })

  test('may be named as a module, which is loaded in this thread', async () => {
    const system = createSystem()
    const name = { url: import.meta.resolve('../fixtures/inline-actor.js'), export: 'doubler' }
    const ref = await system.spawn(name as unknown as RemoteActor<undefined, { twice(n: number): number }>, undefined, {
      on: inline(),
    })
    expect(await ref.ask('twice', 4)).toBe(8)
    await system.stop()
  })

  test('that declines to start leaves nothing', async () => {
    const system = createSystem()
    const on = inline()
    const definition = defineActor({ init: () => ignore, on: {} })
    await expect(system.spawn(definition, undefined, { on })).rejects.toThrow('ignore')
    expect(await on.hosts[0]?.gone).toMatchObject({ killed: expect.any(Boolean) })
    await system.stop()
  })
})
