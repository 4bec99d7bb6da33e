import { type ActorRef, defineActor, type Down, type Reason, type WatchToken } from '@troupe/core'
import { crew, places } from '../support/crew.js'
import { turn, until } from '../support/settle.js'

type Seen = string | { down: string; type: Reason['type']; error?: unknown }

/** Watches what it is told to, and keeps what it hears in order. */
function watcher(seen: Seen[]) {
  const tokens: WatchToken[] = []
  return defineActor({
    init: () => tokens,
    on: {
      watch: (_, ref: ActorRef<any>, ctx) => void tokens.push(ctx.watch(ref)),
      unwatch: (_, what: ActorRef<any> | number, ctx) =>
        ctx.unwatch(typeof what === 'number' ? (tokens[what] as WatchToken) : what),
      note: (_, text: string) => void seen.push(text),
      /** Holds the mailbox while DOWN may arrive, then takes the watch back. */
      async holdThenUnwatch(_, { ref, what }: { ref: ActorRef<any>; what: ActorRef<any> | number }, ctx) {
        await ref.exited
        await turn()
        ctx.unwatch(typeof what === 'number' ? (tokens[what] as WatchToken) : what)
      },
    },
    onDown(_, { ref, reason }: Down) {
      seen.push({ down: ref.id, type: reason.type, ...(reason.error === undefined ? {} : { error: reason.error }) })
    },
  })
}

const talker = defineActor({
  init: () => undefined,
  on: {
    talk(_: undefined, { to, count }: { to: ActorRef<{ note(text: string): void }>; count: number }, ctx) {
      for (let index = 0; index < count; index += 1) to.tell('note', String(index))
      ctx.exit()
    },
    fail() {
      throw new TypeError('boom')
    },
    idle() {},
  },
})

describe('DOWN', () => {
  const team = crew()

  test.each(places)('comes exactly once per watch, after all that the actor had sent (%s)', async (place) => {
    const seen: Seen[] = []
    const to = await team.spawn('here', watcher(seen))
    const ref = await team.spawn(place, talker)
    await to.ask('watch', ref)
    ref.tell('talk', { to, count: 50 })
    await ref.exited
    await until(() => seen.length > 50)
    await turn()
    expect(seen).toEqual([...Array.from({ length: 50 }, (_, n) => String(n)), { down: ref.id, type: 'normal' }])
  })

  test.each(places)('watches stack: each has its own (%s)', async (place) => {
    const seen: Seen[] = []
    const to = await team.spawn('here', watcher(seen))
    const ref = await team.spawn(place, talker)
    for (let index = 0; index < 3; index += 1) await to.ask('watch', ref)
    await to.ask('unwatch', 1)
    await ref.stop()
    await until(() => seen.length >= 2)
    await turn()
    expect(seen).toEqual(new Array(2).fill({ down: ref.id, type: 'shutdown' }))
  })

  test.each(places)('names the reason: what was thrown, a kill, a stop (%s)', async (place) => {
    const seen: Seen[] = []
    const to = await team.spawn('here', watcher(seen))
    const ends: [(ref: ActorRef<any>) => unknown, object][] = [
      [
        (ref) => ref.tell('fail'),
        { type: 'error', error: expect.objectContaining({ name: 'TypeError', message: 'boom' }) },
      ],
      [(ref) => ref.kill(), { type: 'killed' }],
      [(ref) => ref.stop(), { type: 'shutdown' }],
    ]
    for (const [end, reason] of ends) {
      const ref = await team.spawn(place, talker)
      await to.ask('watch', ref)
      await end(ref)
      const { type } = await ref.exited
      await until(() => seen.length > 0)
      expect(seen.splice(0)).toEqual([{ down: ref.id, ...reason }])
      expect(type).toBe((reason as { type: string }).type)
    }
  })

  test.each(places)('comes at once, as noproc, for an actor that is gone already (%s)', async (place) => {
    const seen: Seen[] = []
    const to = await team.spawn('here', watcher(seen))
    const ref = await team.spawn(place, talker)
    await ref.stop()
    await to.ask('watch', ref)
    await to.ask('note', 'after')
    expect(seen).toEqual([{ down: ref.id, type: 'noproc' }, 'after'])
  })

  test('comes over hosts to a watcher that lives elsewhere, after all that was sent before', async () => {
    const { memoryHost, memoryModule } = await import('../support/memory-host.js')
    const seen: Seen[] = []
    const far = memoryModule({ watcher: watcher(seen), talker })
    const to = await team.system.spawn(far.watcher, undefined, { on: memoryHost() })
    const ref = await team.system.spawn(far.talker, undefined, { on: memoryHost() })
    await to.ask('watch', ref)
    ref.tell('talk', { to, count: 20 })
    await until(() => seen.length > 20)
    expect(seen).toEqual([...Array.from({ length: 20 }, (_, n) => String(n)), { down: ref.id, type: 'normal' }])
  })

  test.each(['by its token', 'by its ref'])('that waits in the queue is removed by unwatch, %s', async (how) => {
    const seen: Seen[] = []
    const to = await team.spawn('here', watcher(seen))
    const ref = await team.spawn('here', talker)
    await to.ask('watch', ref)
    const held = to.ask('holdThenUnwatch', { ref, what: how === 'by its token' ? 0 : ref })
    await ref.stop()
    await held
    await to.ask('note', 'after')
    expect(seen).toEqual(['after'])
  })

  test('unwatch with a ref takes all watches of that actor back, and no others', async () => {
    const seen: Seen[] = []
    const to = await team.spawn('here', watcher(seen))
    const [a, b] = [await team.spawn('here', talker), await team.spawn('here', talker)]
    for (const ref of [a, a, b]) await to.ask('watch', ref)
    await to.ask('unwatch', a)
    await a.stop()
    await b.stop()
    await to.ask('note', 'after')
    expect(seen).toEqual([{ down: b.id, type: 'shutdown' }, 'after'])
  })

  test('finds room in a full mailbox, and no actor is lost by it', async () => {
    const seen: Seen[] = []
    const definition = defineActor({
      init: () => undefined,
      on: {
        watch: (_: undefined, ref: ActorRef<any>, ctx) => void ctx.watch(ref),
        async work() {
          await turn()
          seen.push('work')
        },
      },
      onDown: (_, { ref, reason }) => void seen.push({ down: ref.id, type: reason.type }),
      mailbox: { capacity: 1 },
    })
    const to = await team.system.spawn(definition)
    const ref = await team.spawn('here', talker)
    await to.ask('watch', ref)
    to.tell('work')
    await Promise.resolve()
    to.tell('work')
    expect(to.tell('work')).toBe(false)
    await ref.stop()
    await until(() => seen.length === 3)
    expect(seen).toEqual(['work', 'work', { down: ref.id, type: 'shutdown' }])
  })

  test('an actor whose onDown throws has crashed, async too', async () => {
    for (const onDown of [
      () => {
        throw new Error('in onDown')
      },
      async () => {
        throw new Error('in onDown')
      },
    ]) {
      const ref = await team.spawn('here', talker)
      const to = await team.system.spawn(
        defineActor({
          init: () => undefined,
          on: { watch: (_: undefined, of: ActorRef<any>, ctx) => void ctx.watch(of) },
          onDown,
        }),
      )
      await to.ask('watch', ref)
      await ref.stop()
      expect(await to.exited).toMatchObject({ type: 'error', error: { message: 'in onDown' } })
    }
  })

  test('what is no ref cannot be watched, and unwatching it does nothing', async () => {
    const ref = await team.spawn(
      'here',
      defineActor({
        init: () => undefined,
        on: {
          watch: (_: undefined, what: unknown, ctx) => void ctx.watch(what as never),
          unwatch: (_: undefined, what: unknown, ctx) => ctx.unwatch(what as never),
        },
      }),
    )
    expect(await ref.ask('unwatch', { id: '1.16' })).toBeUndefined()
    await expect(ref.ask('watch', { id: '1.16' })).rejects.toMatchObject({
      cause: { message: expect.stringMatching(/Expected `ref` to be an ActorRef, got Object/) },
    })
  })
})

describe('exited', () => {
  const team = crew()

  test.each(places)('is one promise for everyone, and settles once with the reason (%s)', async (place) => {
    const ref = await team.spawn(place, talker)
    const { exited } = ref
    expect(ref.exited).toBe(exited)
    const [a, b, c] = await Promise.all([exited, ref.stop(), ref.kill()])
    expect(new Set([a, b, c]).size).toBe(1)
    expect(await ref.stop()).toBe(a)
  })
})
