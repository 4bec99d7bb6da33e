import { createSystem, defineActor, type System } from '@troupe/core'
import { systemClock } from '@troupe/core/internal'
import { ManualClock } from '@troupe/core/testing'
import { crew, places } from '../support/crew.js'
import { deferred, turn } from '../support/settle.js'

interface Wish {
  readonly key: string | number
  readonly ms: number
  readonly message?: string
  readonly arg?: unknown
}

/** Sets and clears the timers it is told to, and keeps what they bring. */
function clockmaker() {
  const gate = deferred()
  const definition = defineActor({
    init: () => [] as unknown[],
    on: {
      set(_, { key, ms, message = 'ring', arg }: Wish, ctx) {
        ctx.setTimer(key, ms, message, arg)
      },
      clear(_, key: string, ctx) {
        ctx.clearTimer(key)
      },
      async busy(_, wish: Wish | undefined, ctx) {
        await gate.promise
        if (wish !== undefined) ctx.setTimer(wish.key, wish.ms, 'ring', wish.arg)
      },
      ring(rung, what: unknown) {
        rung.push(what)
      },
      keep(_, _arg, ctx) {
        ctx.stash()
      },
      replay(_, _arg, ctx) {
        ctx.unstash()
      },
      rung: (rung) => rung,
    },
    onStop: (_, _reason, ctx) => ctx.setTimer('late', 1, 'ring', 'late'),
    mailbox: { capacity: 2, overflow: 'reject' },
  })
  return { definition, gate }
}

describe('ctx.setTimer()', () => {
  let clock: ManualClock
  let system: System
  beforeEach(() => {
    clock = new ManualClock()
    system = createSystem({ clock })
    system.events$.subscribe(() => undefined)
  })
  afterEach(() => system.stop())

  test('tells the actor itself that message, once, when its time has come', async () => {
    const ref = await system.spawn(clockmaker().definition)
    ref.tell('set', { key: 'a', ms: 10, arg: 'A' })
    ref.tell('set', { key: 2, ms: 5, arg: 'B' })
    await clock.advance(9)
    expect(await ref.ask('rung')).toEqual(['B'])
    await clock.advance(1_000)
    expect(await ref.ask('rung')).toEqual(['B', 'A'])
  })

  test('of the same key replaces the timer, clearTimer takes it back', async () => {
    const ref = await system.spawn(clockmaker().definition)
    ref.tell('set', { key: 'a', ms: 5, arg: 'first' })
    ref.tell('set', { key: 'a', ms: 20, arg: 'second' })
    await clock.advance(0)
    ref.tell('set', { key: 'b', ms: 5, arg: 'B' })
    ref.tell('clear', 'b')
    await clock.advance(0)
    ref.tell('clear', 'nobody')
    await clock.advance(10)
    expect(await ref.ask('rung')).toEqual([])
    await clock.advance(10)
    expect(await ref.ask('rung')).toEqual(['second'])
  })

  test.each(['replaced', 'cleared'] as const)('also when its message waits already: %s', async (how) => {
    const { definition, gate } = clockmaker()
    const ref = await system.spawn(definition)
    ref.tell('set', { key: 'a', ms: 5, arg: 'first' })
    await clock.advance(0)
    ref.tell('busy', how === 'replaced' ? { key: 'a', ms: 5, arg: 'second' } : undefined)
    await clock.advance(0)
    if (how === 'cleared') ref.tell('clear', 'a')
    await clock.advance(5)
    gate.resolve()
    await clock.advance(4)
    expect(await ref.ask('rung')).toEqual([])
    await clock.advance(1)
    expect(await ref.ask('rung')).toEqual(how === 'replaced' ? ['second'] : [])
  })

  test('finds room in a full mailbox, and takes none from messages', async () => {
    const { definition, gate } = clockmaker()
    const ref = await system.spawn(definition)
    ref.tell('set', { key: 'a', ms: 5, arg: 'A' })
    await clock.advance(0)
    ref.tell('busy', undefined)
    await clock.advance(0)
    expect(['x', 'y', 'z'].map((each) => ref.tell('ring', each))).toEqual([true, true, false])
    await clock.advance(5)
    gate.resolve()
    await clock.advance(0)
    expect(await ref.ask('rung')).toEqual(['x', 'y', 'A'])
  })

  test('for Infinity is never, and takes back what was set', async () => {
    const ref = await system.spawn(clockmaker().definition)
    ref.tell('set', { key: 'a', ms: 5, arg: 'A' })
    ref.tell('set', { key: 'a', ms: Infinity, arg: 'A' })
    await clock.advance(100)
    expect(await ref.ask('rung')).toEqual([])
  })

  test('its message is one as any other: it can be stashed', async () => {
    const ref = await system.spawn(
      defineActor({
        init: () => ({ open: false, rung: 0 }),
        on: {
          set: (_, _arg, ctx) => ctx.setTimer('a', 5, 'ring'),
          ring(state, _, ctx) {
            if (state.open) state.rung += 1
            else ctx.stash()
          },
          open(state, _, ctx) {
            state.open = true
            ctx.unstash()
          },
          rung: (state) => state.rung,
        },
      }),
    )
    ref.tell('set')
    await clock.advance(5)
    expect(await ref.ask('rung')).toBe(0)
    ref.tell('open')
    expect(await ref.ask('rung')).toBe(1)
  })

  test('ends with the actor, also one that is set in onStop or after a kill', async () => {
    const ref = await system.spawn(clockmaker().definition)
    const before = clock.pending
    ref.tell('set', { key: 'a', ms: 5 })
    await clock.advance(0)
    expect(clock.pending).toBe(before + 1)
    const stopped = ref.stop({ timeout: Infinity })
    await clock.advance(0)
    expect(await stopped).toEqual({ type: 'shutdown' })
    expect(clock.pending).toBe(before)
    const { definition, gate } = clockmaker()
    const killed = await system.spawn(definition)
    killed.tell('set', { key: 'a', ms: 5 })
    killed.tell('busy', { key: 'b', ms: 5 })
    await clock.advance(0)
    await killed.kill()
    gate.resolve()
    await clock.advance(0)
    expect(clock.pending).toBe(before)
  })

  test.each<[Wish, RegExp]>([
    [{ key: 'a', ms: 1, message: 'sing' }, /has no handler called 'sing': it takes 'set', /],
    [{ key: 'a', ms: -1 }, /Expected `ms` to be/],
    [{ key: {} as never, ms: 1 }, /Expected `key` to be a string or a number, got Object/],
  ])('refuses %j', async (wish, problem) => {
    const ref = await system.spawn(clockmaker().definition)
    await expect(ref.ask('set', wish)).rejects.toMatchObject({ cause: { message: expect.stringMatching(problem) } })
  })
})

describe('a timer', () => {
  const team = crew()

  test('does not keep the process alive', async () => {
    const set: NodeJS.Timeout[] = []
    const clock = {
      ...systemClock(),
      setTimeout: (callback: () => void, ms: number) => {
        const timer = setTimeout(callback, ms)
        if (ms === 60_000) set.push(timer)
        return timer
      },
    }
    const system = createSystem({ clock })
    const ref = await system.spawn(clockmaker().definition)
    await ref.ask('set', { key: 'a', ms: 60_000 })
    expect(set.map((timer) => timer.hasRef())).toEqual([false])
    await system.stop()
  })

  test.each(places)('reaches its actor (%s)', async (place) => {
    const ref = await team.spawn(place, clockmaker().definition)
    ref.tell('set', { key: 'a', ms: 1, arg: 'A' })
    let rung: unknown[] = []
    while (rung.length === 0) {
      await turn()
      rung = await ref.ask('rung')
    }
    expect(rung).toEqual(['A'])
  })
})
