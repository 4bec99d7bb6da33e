import { ActorDownError, defineActor, MailboxFullError, type SystemEvent, TimeoutError } from '@troupe/core'
import { crew, places } from '../support/crew.js'
import { stateOf, turn, until } from '../support/settle.js'

/** Stashes its work until it is opened, and again after `shut`. */
const shop = defineActor({
  init: () => ({ open: false, done: [] as unknown[] }),
  on: {
    work(state, n: number, ctx) {
      if (!state.open) return ctx.stash()
      state.done.push(n)
      return n
    },
    async later(state, n: number, ctx) {
      await turn()
      if (!state.open) {
        ctx.stash()
        await turn()
        return -1
      }
      state.done.push(n)
      return n
    },
    async heed(state, _, ctx) {
      state.done.push('heeded')
      if (!state.open) await new Promise<void>((resolve) => ctx.signal.addEventListener('abort', () => resolve()))
      ctx.stash()
    },
    open(state, _, ctx) {
      state.open = true
      state.done.push('open')
      ctx.unstash()
    },
    /** Open for one message. */
    peep(state, _, ctx) {
      ctx.unstash()
      state.done.push('peep')
    },
    twice(_, _arg, ctx) {
      ctx.stash()
      try {
        ctx.stash()
      } catch (error) {
        ctx.self.tell('caught', String(error))
      }
    },
    caught(state, text: string) {
      state.done.push(text)
    },
    fail() {
      throw new RangeError('boom')
    },
    stashAndFail(_, _arg, ctx) {
      ctx.stash()
      throw new RangeError('boom')
    },
    done: (state) => state.done,
  },
  mailbox: { capacity: 4 },
})

describe('ctx.stash()', () => {
  const team = crew()

  test.each(places)(
    'keeps messages until ctx.unstash(), then they come in order, before what waits (%s)',
    async (place) => {
      const ref = await team.spawn(place, shop)
      for (const n of [1, 2]) ref.tell('work', n)
      await ref.ask('done')
      ref.tell('open')
      ref.tell('work', 3)
      expect(await ref.ask('done')).toEqual(['open', 1, 2, 3])
    },
  )

  test.each(places)('keeps who asked waiting, and answers when the message is replayed (%s)', async (place) => {
    const ref = await team.spawn(place, shop)
    const asked = [ref.ask('work', 1), ref.ask('later', 2), ref.ask('work', 3)]
    expect(await ref.ask('done')).toEqual([])
    expect(await stateOf(Promise.race(asked))).toBe('pending')
    ref.tell('open')
    expect(await Promise.all(asked)).toEqual([1, 2, 3])
    expect(await ref.ask('done')).toEqual(['open', 1, 2, 3])
  })

  test('again during a replay keeps the order', async () => {
    const ref = await team.system.spawn(shop)
    for (const n of [1, 2, 3]) ref.tell('work', n)
    ref.tell('peep')
    await ref.ask('done')
    ref.tell('work', 4)
    ref.tell('open')
    expect(await ref.ask('done')).toEqual(['peep', 'open', 1, 2, 3, 4])
  })

  test('ctx.unstash() in the middle of a replay puts the older before the rest of it', async () => {
    const seen: number[] = []
    const definition = defineActor({
      init: () => ({ left: 2 }),
      on: {
        work(state, n: number, ctx) {
          if (state.left > 0 && n === 1) {
            state.left -= 1
            ctx.stash()
            if (state.left === 0) ctx.unstash()
            return
          }
          if (n !== 1 && state.left > 0) return ctx.stash()
          seen.push(n)
        },
        replay: (_, _arg, ctx) => ctx.unstash(),
      },
    })
    const ref = await team.system.spawn(definition)
    for (const n of [1, 2, 3]) ref.tell('work', n)
    ref.tell('replay')
    ref.tell('work', 4)
    await ref.stop({ drain: true })
    expect(seen).toEqual([1, 2, 3, 4])
  })

  test.each(places)('gives the room of what it keeps back to the sender (%s)', async (place) => {
    const ref = await team.spawn(place, shop)
    for (const n of [1, 2, 3, 4]) expect(ref.tell('work', n)).toBe(true)
    expect(await ref.ask('done')).toEqual([])
    await ref.ready()
    for (let n = 0; n < 4; n += 1) expect(ref.tell('caught', 'x')).toBe(true)
    await ref.ready()
    ref.tell('open')
    expect(await ref.ask('done')).toEqual(['x', 'x', 'x', 'x', 'open', 1, 2, 3, 4])
  })

  test.each(places)('takes an ask back that was given up meanwhile (%s)', async (place) => {
    const ref = await team.spawn(place, shop)
    const given = new AbortController()
    const up = ref.ask('work', 1, { signal: given.signal })
    const kept = ref.ask('work', 2)
    await ref.ask('done')
    given.abort(new Error('no more'))
    await expect(up).rejects.toThrow('no more')
    ref.tell('open')
    expect(await kept).toBe(2)
    expect(await ref.ask('done')).toEqual(['open', 2])
  })

  test('of an ask that was given up before keeps nothing', async () => {
    const ref = await team.system.spawn(shop)
    await expect(ref.ask('heed', undefined, { timeout: 5 })).rejects.toThrow(TimeoutError)
    ref.tell('open')
    expect(await ref.ask('done')).toEqual(['heeded', 'open'])
  })

  test('keeps as many as the mailbox takes, and throws MailboxFullError beyond', async () => {
    const ref = await team.system.spawn(shop)
    const kept = [1, 2, 3, 4].map((n) => ref.ask('work', n))
    await ref.ask('done')
    const error = await ref.ask('work', 5).catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({ code: 'ERR_ACTOR_DOWN', cause: { code: 'ERR_MAILBOX_FULL' } })
    expect((error as Error).cause).toBeInstanceOf(MailboxFullError)
    expect(((error as Error).cause as Error).message).toMatch(/has stashed 4 messages, as many as its mailbox takes/)
    for (const each of kept) await expect(each).rejects.toThrow(ActorDownError)
  })

  test.each(places)('leaves nobody waiting when the actor is stopped, killed, or crashes (%s)', async (place) => {
    const letters: unknown[] = []
    team.system.events$.subscribe((event: SystemEvent) => {
      if (event.type === 'deadLetter') letters.push([event.message?.name, event.message?.arg, event.policy])
    })
    const ends = [
      (ref: any) => ref.stop(),
      (ref: any) => ref.stop({ drain: true }),
      (ref: any) => ref.tell('fail'),
      (ref: any) => ref.tell('stashAndFail'),
      ...(place === 'here' ? [(ref: any) => ref.kill()] : []),
    ]
    for (const end of ends) {
      letters.length = 0
      const ref = await team.spawn(place, shop)
      ref.tell('work', 1)
      const asked = ref.ask('work', 2)
      await ref.ask('done')
      end(ref)
      await expect(asked).rejects.toThrow(ActorDownError)
      await until(() => letters.length > 0)
      expect(letters[0]).toEqual(['work', 1, 'down'])
    }
  })

  test('with `drain` what is being replayed is handled first', async () => {
    const ref = await team.system.spawn(shop)
    const asked = [1, 2].map((n) => ref.ask('work', n))
    await ref.ask('done')
    ref.tell('open')
    const stopped = ref.stop({ drain: true })
    expect(await Promise.all(asked)).toEqual([1, 2])
    await stopped
  })

  test('of what is kept already throws, and keeps it once', async () => {
    const ref = await team.system.spawn(shop)
    ref.tell('twice')
    await ref.ask('done')
    expect(await ref.ask('done')).toEqual([expect.stringMatching(/ctx.stash\(\) keeps the message in hand, and it is/)])
  })

  test('throws where no message is in hand', async () => {
    const init = defineActor({ init: (_: undefined, ctx) => ctx.stash(), on: {} })
    await expect(team.system.spawn(init)).rejects.toThrow(/there is none: call it once within a handler of `on`/)
    const down = defineActor({
      init: (_: undefined, ctx) => ctx,
      on: { watch: (_, ref: any, ctx) => void ctx.watch(ref) },
      onDown: (_, _down, ctx) => ctx.stash(),
    })
    const ref = await team.system.spawn(down)
    ref.tell('watch', await team.system.spawn(shop).then((each) => (void each.stop(), each)))
    expect(await ref.exited).toMatchObject({
      type: 'error',
      error: { message: expect.stringMatching(/there is none/) },
    })
  })

  test('shows in tree() as what waits', async () => {
    const ref = await team.system.spawn(shop)
    ref.tell('work', 1)
    await ref.ask('done')
    expect(team.system.tree()).toMatch(/, 1 waiting$/)
  })
})
