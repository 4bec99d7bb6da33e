import { type ActorRef, child, createSystem, defineActor, type Exit, type Reason, type RefBase } from '@troupe/core'
import { targetOf, type Target } from '@troupe/core/internal'
import { crew, places } from '../support/crew.js'
import { memoryHost, memoryModule } from '../support/memory-host.js'
import { turn, until } from '../support/settle.js'

type Seen = string | { exit: string; type: Reason['type']; error?: unknown }

/** Links as it is told, and keeps what it hears in order. */
function partner(seen: Seen[] = []) {
  return defineActor({
    init: (trap: boolean | undefined, ctx) => ctx.trapExit(trap === true),
    on: {
      link: (_, ref: RefBase, ctx) => ctx.link(ref),
      unlink: (_, ref: RefBase, ctx) => ctx.unlink(ref),
      trap: (_, on: boolean, ctx) => ctx.trapExit(on),
      linkSelf: (_, _arg, ctx) => ctx.link(ctx.self),
      note: (_, text: string) => void seen.push(text),
      ping: () => 'pong',
      /** Holds the mailbox until that one has ended, then takes the link back. */
      async holdThenUnlink(_, ref: RefBase, ctx) {
        await ref.exited
        await turn()
        ctx.unlink(ref)
      },
      talk(_, { to, count }: { to: ActorRef<{ note(text: string): void }>; count: number }, ctx) {
        for (let index = 0; index < count; index += 1) to.tell('note', String(index))
        ctx.exit()
      },
      fail() {
        throw new TypeError('boom')
      },
      quit: (_, _arg, ctx) => ctx.exit(),
      linkThenFail(_, ref: RefBase, ctx) {
        ctx.link(ref)
        throw new TypeError('boom')
      },
    },
    onExit(_, { ref, reason }: Exit) {
      seen.push({ exit: ref.id, type: reason.type, ...(reason.error === undefined ? {} : { error: reason.error }) })
    },
    onStop: () => void seen.push('onStop'),
  })
}

const boom = expect.objectContaining({ name: 'TypeError', message: 'boom' })
const ends: [how: string, end: (ref: ActorRef<any>) => unknown, reason: object][] = [
  ['a throw', (ref) => ref.tell('fail'), { type: 'error', error: boom }],
  ['a stop', (ref) => ref.stop(), { type: 'shutdown' }],
  ['a kill', (ref) => ref.kill(), { type: 'killed' }],
]

describe.each(places)('a link (%s)', (place) => {
  const team = crew()

  test.each(ends)('passes an end on to the other, from either side, with its reason: %s', async (_, end, reason) => {
    for (const which of ['linker', 'linked'] as const) {
      const seen: Seen[] = []
      const linker = await team.spawn('here', partner(seen))
      const linked = await team.spawn(place, partner(seen))
      await linker.ask('link', linked)
      // The far side knows of the link once it has answered what was sent behind it.
      await linked.ask('ping')
      const [first, other] = which === 'linker' ? [linker, linked] : [linked, linker]
      void end(first)
      expect(await other.exited).toMatchObject(reason)
      // The other was not asked to stop: it has failed.
      expect(seen).toEqual((reason as Reason).type === 'shutdown' ? ['onStop'] : [])
    }
  })

  test('passes no normal end on, and is over with it', async () => {
    const linker = await team.spawn('here', partner())
    const linked = await team.spawn(place, partner())
    await linker.ask('link', linked)
    linked.tell('quit')
    expect(await linked.exited).toEqual({ type: 'normal' })
    expect(await linker.ask('ping')).toBe('pong')
    const again = await team.spawn(place, partner())
    await again.ask('link', linker)
    linker.tell('quit')
    await linker.exited
    expect(await again.ask('ping')).toBe('pong')
  })

  test('is one for a pair, however often it is made, and from whichever side', async () => {
    const seen: Seen[] = []
    const linker = await team.spawn('here', partner(seen), true)
    const linked = await team.spawn(place, partner(), true)
    for (let times = 0; times < 2; times += 1) {
      await linker.ask('link', linked)
      await linked.ask('link', linker)
    }
    await linked.kill()
    await until(() => seen.length > 0)
    await linker.ask('note', 'after')
    expect(seen).toEqual([{ exit: linked.id, type: 'killed' }, 'after'])
  })

  test('that is trapped is news, in order, after all that the actor had sent; a normal end too', async () => {
    const seen: Seen[] = []
    const linker = await team.spawn('here', partner(seen), true)
    const linked = await team.spawn(place, partner())
    await linked.ask('link', linker)
    linked.tell('talk', { to: linker, count: 50 })
    await until(() => seen.length > 50)
    expect(seen).toEqual([...Array.from({ length: 50 }, (_, n) => String(n)), { exit: linked.id, type: 'normal' }])
    for (const [, end, reason] of ends) {
      const next = await team.spawn(place, partner())
      await linker.ask('link', next)
      seen.length = 0
      void end(next)
      await until(() => seen.some((each) => typeof each === 'object'))
      expect(seen.at(-1)).toEqual({ exit: next.id, ...reason })
    }
    expect(await linker.ask('ping')).toBe('pong')
  })

  test('is trapped as long as `trapExit` says so, and dropped where there is no onExit', async () => {
    const linker = await team.spawn('here', partner(), true)
    await linker.ask('link', await team.spawn(place, partner()).then((ref) => (void ref.kill(), ref)))
    expect(await linker.ask('ping')).toBe('pong')
    const other = await team.spawn(place, partner())
    await linker.ask('link', other)
    await linker.ask('trap', false)
    await other.kill()
    expect(await linker.exited).toEqual({ type: 'killed' })

    const deaf = await team.spawn(
      'here',
      defineActor({
        init: (_: undefined, ctx) => ctx.trapExit(true),
        on: { link: (_, ref: RefBase, ctx) => ctx.link(ref), ping: () => 'pong' },
      }),
    )
    const last = await team.spawn(place, partner())
    await deaf.ask('link', last)
    await last.kill()
    expect(await deaf.ask('ping')).toBe('pong')
  })

  test('cannot be trapped by the one that is killed; the others can, and see `killed`', async () => {
    const seen: Seen[] = []
    const linker = await team.spawn('here', partner(seen), true)
    const linked = await team.spawn(place, partner(), true)
    await linker.ask('link', linked)
    expect(await linked.kill()).toEqual({ type: 'killed' })
    await until(() => seen.length > 0)
    expect(seen).toEqual([{ exit: linked.id, type: 'killed' }])
  })

  test('to one that is gone is a signal at once: noproc', async () => {
    const gone = await team.spawn(place, partner())
    await gone.stop()
    const seen: Seen[] = []
    const trapping = await team.spawn('here', partner(seen), true)
    await trapping.ask('link', gone)
    await trapping.ask('note', 'after')
    expect(seen).toEqual([{ exit: gone.id, type: 'noproc' }, 'after'])
    const linker = await team.spawn(place, partner())
    linker.tell('link', gone)
    expect(await linker.exited).toEqual({ type: 'noproc' })
  })

  test('made right before an end passes its reason on all the same', async () => {
    const linked = await team.spawn('here', partner())
    const linker = await team.spawn(place, partner())
    linker.tell('linkThenFail', linked)
    expect(await linked.exited).toMatchObject({ type: 'error', error: boom })
    const [far, near] = [await team.spawn(place, partner()), await team.spawn('here', partner())]
    near.tell('linkThenFail', far)
    expect(await far.exited).toMatchObject({ type: 'error', error: boom })
  })

  test.each(['linker', 'linked'] as const)('taken back by the %s is over for both', async (by) => {
    const linker = await team.spawn('here', partner())
    const linked = await team.spawn(place, partner())
    for (const first of [0, 1]) {
      const pair = [await team.spawn('here', partner()), await team.spawn(place, partner())] as const
      await pair[0].ask('link', pair[1])
      await pair[1].ask('ping')
      const [unlinker, other] = by === 'linker' ? pair : [pair[1], pair[0]]
      await unlinker.ask('unlink', other)
      await other.ask('ping')
      await pair[first]?.kill()
      expect(await pair[1 - first]?.ask('ping')).toBe('pong')
    }
    // Taken back and made anew it holds.
    await linker.ask('link', linked)
    await linker.ask('unlink', linked)
    await linker.ask('link', linked)
    await linked.ask('ping')
    await linker.kill()
    expect(await linked.exited).toEqual({ type: 'killed' })
  })

  test('taken back brings no news, though these wait already', async () => {
    const seen: Seen[] = []
    const linker = await team.spawn('here', partner(seen), true)
    const linked = await team.spawn(place, partner())
    await linker.ask('link', linked)
    const held = linker.ask('holdThenUnlink', linked)
    await linked.kill()
    await held
    await linker.ask('note', 'after')
    expect(seen).toEqual(['after'])
  })

  test('of many that end leaves nothing with the one that lives on', async () => {
    const count = place === 'elsewhere' ? 20 : 500
    let news = 0
    const hub = await team.spawn(
      'here',
      defineActor({
        init: (_: undefined, ctx) => ctx.trapExit(true),
        on: { link: (_, ref: RefBase, ctx) => ctx.link(ref), ping: () => 'pong' },
        onExit: () => void (news += 1),
      }),
    )
    const watchers = watchersOf(hub)
    const some = Array.from({ length: count }, async (_, index) => {
      const ref = await team.spawn(place, partner())
      if (index % 2 === 0) await ref.ask('link', hub)
      else await hub.ask('link', ref)
      ref.tell('quit')
      await ref.exited
    })
    await Promise.all(some)
    await until(() => news === count)
    expect(await hub.ask('ping')).toBe('pong')
    // What the others had of it: a host that several share may go on to watch it for itself.
    expect(watchers.size).toBeLessThanOrEqual(1)
  })
})

/** Who waits for the end of an actor of this thread, from now on. */
function watchersOf(ref: RefBase): Set<unknown> {
  const watchers = new Set<unknown>()
  const target = targetOf(ref) as Target
  const { onEnd, offEnd } = target
  target.onEnd = (watcher) => (watchers.add(watcher), onEnd.call(target, watcher))
  target.offEnd = (watcher) => (watchers.delete(watcher), offEnd.call(target, watcher))
  return watchers
}

test('what is no ref cannot be linked, nor unlinked, and traps are on or off', async () => {
  const system = createSystem({ name: 'test' })
  system.events$.subscribe(() => undefined)
  const wrong = defineActor({
    init: () => undefined,
    on: {
      link: (_: undefined, what: unknown, ctx) => ctx.link(what as never),
      unlink: (_: undefined, what: unknown, ctx) => ctx.unlink(what as never),
      trap: (_: undefined, what: unknown, ctx) => ctx.trapExit(what as never),
    },
  })
  for (const [name, words] of [
    ['link', /Expected `ref` to be an ActorRef, got Object/],
    ['unlink', /Expected `ref` to be an ActorRef, got Object/],
    ['trap', /Expected `on` to be a boolean, got/],
  ] as const) {
    const ref = await system.spawn(wrong)
    await expect(ref.ask(name, { id: '1.16' })).rejects.toMatchObject({
      cause: { name: 'TypeError', message: expect.stringMatching(words) },
    })
  }
  await system.stop()
})

test('an actor whose onExit throws has crashed', async () => {
  const system = createSystem({ name: 'test' })
  system.events$.subscribe(() => undefined)
  const ref = await system.spawn(
    defineActor({
      init: (_: undefined, ctx) => ctx.trapExit(true),
      on: { link: (_, other: RefBase, ctx) => ctx.link(other) },
      onExit() {
        throw new TypeError('boom')
      },
    }),
  )
  const other = await system.spawn(partner())
  await ref.ask('link', other)
  await other.kill()
  expect(await ref.exited).toMatchObject({ type: 'error', error: boom })
  await system.stop()
})

test('an actor is not linked to itself', async () => {
  const system = createSystem({ name: 'test' })
  const seen: Seen[] = []
  const ref = await system.spawn(partner(seen), true)
  await ref.ask('linkSelf')
  await ref.kill()
  await turn()
  expect(seen).toEqual([])
  await system.stop()
})

describe('a link over hosts', () => {
  const team = crew()

  test('that die takes the other along, who may live in a third', async () => {
    const on = memoryHost()
    const far = memoryModule({ partner: partner() })
    const a = await team.system.spawn(far.partner, undefined, { on })
    const b = await team.system.spawn(far.partner, undefined, { on: memoryHost() })
    await b.ask('link', a)
    on.hosts[0]?.crash(9)
    expect(await b.exited).toEqual({ type: 'exit', code: 9, signal: null })
  })
})

describe.each(places)('a child of ctx.spawn (%s)', (place) => {
  const team = crew()

  /** Spawns one child, and does with the link what it is told. */
  async function family(seen: Seen[]) {
    const child = partner()
    const far = memoryModule({ child })
    const on = place === 'here' ? undefined : await team.on(place)
    const parent = await team.spawn(
      'here',
      defineActor({
        init: () => undefined,
        on: {
          async spawn(_: undefined, __, ctx): Promise<ActorRef<any>> {
            return on === undefined ? ctx.spawn(child) : ctx.spawn(far.child, undefined, { on })
          },
          trap: (_: undefined, trapping: boolean, ctx) => ctx.trapExit(trapping),
          link: (_: undefined, ref: RefBase, ctx) => ctx.link(ref),
          unlink: (_: undefined, ref: RefBase, ctx) => ctx.unlink(ref),
          ping: () => 'pong',
        },
        onExit: (_, { ref, reason }) => void seen.push({ exit: ref.id, type: reason.type }),
      }),
    )
    return { parent, child: (await parent.ask('spawn')) as ActorRef<any> }
  }

  test('ends its parent only when it ends abnormally; a parent that traps hears of every end', async () => {
    const seen: Seen[] = []
    const { parent, child } = await family(seen)
    await parent.ask('trap', true)
    for (const [each, end, type] of [
      [child, (ref: ActorRef<any>) => ref.tell('quit'), 'normal'],
      [await parent.ask('spawn'), (ref: ActorRef<any>) => ref.stop(), 'shutdown'],
      [await parent.ask('spawn'), (ref: ActorRef<any>) => ref.tell('fail'), 'error'],
    ] as const) {
      void end(each)
      await until(() => seen.length > 0)
      expect(seen.splice(0)).toEqual([{ exit: each.id, type }])
    }
    await parent.ask('trap', false)
    await (await parent.ask('spawn')).stop()
    expect(await parent.ask('ping')).toBe('pong')
    await (await parent.ask('spawn')).kill()
    expect(await parent.exited).toEqual({ type: 'killed' })
  })

  test('that is unlinked ends its parent no more, and still ends with it', async () => {
    const { parent, child } = await family([])
    await parent.ask('unlink', child)
    child.tell('fail')
    expect(await child.exited).toMatchObject({ type: 'error' })
    expect(await parent.ask('ping')).toBe('pong')
    const next = await parent.ask('spawn')
    await parent.ask('unlink', next)
    await parent.stop()
    expect(await next.exited).toEqual({ type: 'shutdown' })
  })

  test('that is linked besides is linked as any other: a stop of it ends its parent', async () => {
    const { parent, child } = await family([])
    await parent.ask('link', child)
    await child.stop()
    expect(await parent.exited).toEqual({ type: 'shutdown' })
  })
})

describe.each(places)('a link to a ref that follows restarts (%s)', (place) => {
  const team = crew()

  test('is to the life at the call: its end is told once, that of the next life is not', async () => {
    const seen: Seen[] = []
    const definition = partner()
    const { far } = memoryModule({ far: definition })
    const spec =
      place === 'here' ? child('a', definition, undefined) : child('a', far, undefined, { on: await team.on(place) })
    const app = await team.system.supervise({ intensity: 5, children: [spec] })
    const ref = app.ref<any>('a')
    const linker = await team.spawn('here', partner(seen))
    await linker.ask('trap', true)
    await linker.ask('link', ref)
    for (let life = 1; life <= 2; life += 1) {
      await ref.kill()
      expect(await ref.ask('ping')).toBe('pong')
      await linker.ask('ping')
      expect([life, seen]).toEqual([life, [{ exit: ref.id, type: 'killed' }]])
    }
    await linker.ask('link', ref)
    await linker.ask('unlink', ref)
    await ref.kill()
    expect(await ref.ask('ping')).toBe('pong')
    expect(await linker.ask('ping')).toBe('pong')
    expect(seen).toHaveLength(1)
    await app.stop()
  })
})
