/** When an actor hears of an end, names and groups have nothing of it left, wherever the two live. */
import { type ActorRef, defineActor, type RefBase } from '@troupe/core'
import { crew, type Place, places } from '../support/crew.js'
import { memoryHost, memoryModule } from '../support/memory-host.js'
import { until } from '../support/settle.js'

/** Looks up, within the hook, what is left of the one that has ended. */
function mourner(seen: unknown[]) {
  const look = async (hook: string, { system }: { system: any }): Promise<void> => {
    const [ref, members] = await Promise.all([system.whereis('held'), system.groups.members('desk')])
    seen.push({ hook, named: ref !== undefined, members: members.length })
  }
  return defineActor({
    init: (_: undefined, ctx) => ctx.trapExit(true),
    on: {
      tie(_, ref: RefBase, ctx): void {
        ctx.watch(ref)
        ctx.link(ref)
      },
      /** Nobody else has to do with it. */
      tieAndEnd(_, ref: ActorRef<any>, ctx): void {
        ctx.watch(ref)
        ctx.link(ref)
        ref.tell('joinThenQuit', true)
      },
    },
    onDown: (_, __, ctx) => look('onDown', ctx),
    onExit: (_, __, ctx) => look('onExit', ctx),
  })
}

const leaver = defineActor({
  init: () => undefined,
  on: {
    /** `late`: the root hears of it right before the end. */
    joinThenQuit(_: undefined, late: boolean, ctx) {
      ctx.system.groups.join('desk', ctx.self)
      if (late) ctx.exit()
    },
    quit: (_: undefined, __, ctx) => ctx.exit(),
  },
})

const pairs = places.flatMap((of) => places.map((to): [Place, Place] => [of, to]))

/** Starts a leaver in its own host, of which the root knows by what that does alone. */
const starter = defineActor({
  init: () => undefined,
  on: { start: async (_: undefined, __, ctx): Promise<any> => ctx.spawn(leaver) },
})

describe.each(pairs)('an end %s, heard of %s:', (of, to) => {
  const team = crew()

  test.each(['long before', 'right before'])(
    'names and groups are free in onDown and onExit, joined %s',
    async (when) => {
      const seen: unknown[] = []
      const far = memoryModule({ leaver })
      const named: ActorRef<any> =
        of === 'here'
          ? await team.system.spawn(leaver, undefined, { name: 'held' })
          : await team.system.spawn(far.leaver, undefined, { name: 'held', on: await team.on(of) })
      // Told before the root is, if nothing else decides: it watches first.
      const hears = await team.spawn(to, mourner(seen))
      await hears.ask('tie', named)
      if (when === 'right before') named.tell('joinThenQuit', true)
      else {
        await named.ask('joinThenQuit', false)
        named.tell('quit')
      }
      await until(() => seen.length === 2)
      const free = { named: false, members: 0 }
      expect(seen).toEqual([
        { hook: 'onDown', ...free },
        { hook: 'onExit', ...free },
      ])
    },
  )
})

describe('an actor that joins a group and ends, in a host that hears late of the root,', () => {
  const team = crew()

  test('has left it when others hear of its end', async () => {
    const seen: unknown[] = []
    const far = memoryModule({ starter })
    const starts: ActorRef<any> = await team.system.spawn(far.starter, undefined, { on: memoryHost({ lag: 10 }) })
    const ref = await starts.ask('start')
    const hears = await team.spawn('elsewhere', mourner(seen))
    await hears.ask('tieAndEnd', ref)
    await until(() => seen.length === 2)
    const free = { named: false, members: 0 }
    expect(seen).toEqual([
      { hook: 'onDown', ...free },
      { hook: 'onExit', ...free },
    ])
  })
})
