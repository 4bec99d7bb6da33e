import { ActorDownError, createSystem, defineActor, refuse, TimeoutError } from '@troupe/core'
import { ManualClock } from '@troupe/core/testing'
import { crew, places } from '../support/crew.js'
import { deferred, stateOf, turn, until } from '../support/settle.js'

class OutOfStock extends RangeError {
  readonly item: string
  constructor(item: string) {
    super(`no ${item}`)
    this.item = item
  }
}

const shop = defineActor({
  init: () => ({ sold: 0 }),
  on: {
    buy(state, item: string) {
      if (item === 'tea') return refuse(Object.assign(new RangeError('no tea'), { item }))
      if (item === 'fire') throw new RangeError('on fire', { cause: 'match' })
      state.sold += 1
      return state.sold
    },
    async buyLater(_, item: string) {
      await Promise.resolve()
      if (item === 'fire') throw new TypeError('on fire later')
      return item
    },
    wait: (_, _ms: number, ctx) => ctx.sleep(2_147_483_647),
    nothing() {},
    quit: (_, _arg, ctx) => ctx.exit(),
  },
})

describe('an ask settles', () => {
  const team = crew()

  test.each(places)('by the reply (%s)', async (place) => {
    const ref = await team.spawn(place, shop)
    expect(await ref.ask('buy', 'bread')).toBe(1)
    expect(await ref.ask('buyLater', 'bread')).toBe('bread')
    expect(await ref.ask('nothing')).toBeUndefined()
  })

  test.each(places)('by a refusal, with its error, and the actor lives on (%s)', async (place) => {
    const ref = await team.spawn(place, shop)
    await expect(ref.ask('buy', 'tea')).rejects.toMatchObject({ name: 'RangeError', message: 'no tea', item: 'tea' })
    expect(await ref.ask('buy', 'bread')).toBe(1)
  })

  test.each(places)('by a throw: the actor ends, and the error is cause and reason (%s)', async (place) => {
    for (const name of ['buy', 'buyLater'] as const) {
      const ref = await team.spawn(place, shop)
      const error = await ref.ask(name, 'fire').catch((thrown: unknown) => thrown as ActorDownError)
      expect(error).toBeInstanceOf(ActorDownError)
      const { cause, reason } = error as ActorDownError
      expect(cause).toBeInstanceOf(name === 'buy' ? RangeError : TypeError)
      expect((cause as Error).message).toMatch(/^on fire/)
      expect(reason).toMatchObject({ type: 'error', error: { message: (cause as Error).message } })
      expect(await ref.exited).toMatchObject({ type: 'error', error: { message: (cause as Error).message } })
    }
  })

  test.each(places)('by the death of the actor, also when it waits in the queue (%s)', async (place) => {
    const ref = await team.spawn(place, shop)
    const inHand = ref.ask('wait', 1)
    const queued = ref.ask('buy', 'bread')
    const settled = Promise.allSettled([inHand, queued])
    await ref.kill()
    for (const outcome of await settled) {
      expect(outcome).toMatchObject({
        status: 'rejected',
        reason: { code: 'ERR_ACTOR_DOWN', reason: { type: 'killed' } },
      })
    }
  })

  test.each(places)('at once when the actor is down already (%s)', async (place) => {
    const ref = await team.spawn(place, shop)
    await ref.stop()
    await expect(ref.ask('buy', 'bread')).rejects.toThrow(ActorDownError)
  })

  test.each(places)("with the actor's own end while it was asked (%s)", async (place) => {
    const ref = await team.spawn(place, shop)
    expect(await ref.ask('quit')).toBeUndefined()
    expect(await ref.exited).toMatchObject({ type: 'normal' })
  })

  test.each(places)('by a timeout, whose error names the ask and the time (%s)', async (place) => {
    const ref = await team.spawn(place, shop)
    const error = await ref.ask('wait', 1, { timeout: 5 }).catch((thrown: unknown) => thrown as Error)
    expect(error).toBeInstanceOf(TimeoutError)
    expect((error as Error).message).toMatch(/ask\('wait'\) of .* took longer than 5 ms/)
  })

  test.each(places)("by an abort, with the signal's reason (%s)", async (place) => {
    const ref = await team.spawn(place, shop)
    const controller = new AbortController()
    const asked = ref.ask('wait', 1, { signal: controller.signal })
    controller.abort('enough')
    await expect(asked).rejects.toBe('enough')
    await expect(ref.ask('buy', 'x', { signal: controller.signal })).rejects.toBe('enough')
  })

  test.each(places)(
    'and when a timed-out handler obeys ctx.signal, its actor lives on and takes the next message (%s)',
    async (place) => {
      const ref = await team.spawn(place, shop)
      await expect(ref.ask('wait', 1, { timeout: 1 })).rejects.toThrow(TimeoutError)
      expect(await ref.ask('buy', 'bread')).toBe(1)
      await expect(ref.ask('wait', 1, { timeout: 1 })).rejects.toThrow(TimeoutError)
      expect(await ref.ask('buy', 'bread')).toBe(2)
    },
  )

  test('a handler that throws something else after the ask was given up is a crash all the same', async () => {
    const gate = deferred()
    const ref = await team.system.spawn(
      defineActor({
        init: () => undefined,
        on: {
          async work() {
            await gate.promise
            throw new Error('really broken')
          },
        },
      }),
    )
    await expect(ref.ask('work', undefined, { timeout: 1 })).rejects.toThrow(TimeoutError)
    gate.resolve()
    expect(await ref.exited).toMatchObject({ type: 'error', error: { message: 'really broken' } })
  })

  test('ctx.signal of the next message is a fresh one', async () => {
    const seen: boolean[] = []
    const ref = await team.system.spawn(
      defineActor({
        init: () => undefined,
        on: {
          async wait(_: undefined, _arg, ctx) {
            await ctx.sleep(2_147_483_647)
          },
          look: (_: undefined, _arg, ctx) => void seen.push(ctx.signal.aborted),
        },
      }),
    )
    await expect(ref.ask('wait', undefined, { timeout: 1 })).rejects.toThrow(TimeoutError)
    await ref.ask('look')
    expect(seen).toEqual([false])
  })

  test('a given-up ask that waits in the queue is never handled', async () => {
    const handled: string[] = []
    const gate = deferred()
    const ref = await team.system.spawn(
      defineActor({
        init: () => undefined,
        on: {
          async work(_: undefined, name: string) {
            handled.push(name)
            await gate.promise
          },
        },
      }),
    )
    ref.tell('work', 'first')
    await turn()
    await expect(ref.ask('work', 'given up', { timeout: 0 })).rejects.toThrow(TimeoutError)
    const last = ref.ask('work', 'last')
    gate.resolve()
    await last
    expect(handled).toEqual(['first', 'last'])
  })

  test.each<[string, unknown, RegExp]>([
    ['a timeout that is none', { timeout: '5' }, /Expected `timeout` to be a number from 0 to 2147483647, got '5'/],
    ['a negative timeout', { timeout: -1 }, /`timeout`/],
    ['a signal that is none', { signal: {} }, /Expected `signal` to be an AbortSignal, got Object/],
  ])('at once for %s', async (_, options, message) => {
    const ref = await team.system.spawn(shop)
    await expect(ref.ask('buy', 'x', options as never)).rejects.toThrow(message)
    expect(await ref.ask('buy', 'x')).toBe(1)
  })

  test.each(places)('with words for a name that the actor does not take (%s)', async (place) => {
    const ref = await team.spawn(place, shop)
    await expect((ref as any).ask('sell')).rejects.toThrow(/has no handler called 'sell': it takes 'buy', 'buyLater'/)
    await expect((ref as any).ask('')).rejects.toThrow(/Expected `name` to be a non-empty string/)
    expect(await ref.ask('buy', 'bread')).toBe(1)
  })

  test("its error keeps class and fields of one that is not Troupe's", async () => {
    const ref = await team.spawn(
      'elsewhere',
      defineActor({ init: () => undefined, on: { buy: (_: undefined, item: string) => refuse(new OutOfStock(item)) } }),
    )
    const error = await ref
      .ask('buy', 'tea')
      .catch((thrown: unknown) => thrown as Error & { item: string; remoteStack: string })
    expect(error).toMatchObject({ message: 'no tea', item: 'tea' })
    expect((error as { remoteStack: string }).remoteStack).toMatch(/no tea\n\s+at /)
  })

  test('with a SerializationError when argument or reply is no data, and both sides go on', async () => {
    const ref = await team.spawn(
      'elsewhere',
      defineActor({ init: () => 0, on: { get: (_: number, good: unknown) => (good === 1 ? 1 : { f: () => 0 }) } }),
    )
    await expect(ref.ask('get', { f: () => 0 })).rejects.toMatchObject({ code: 'ERR_SERIALIZATION', path: 'arg.f' })
    expect(() => ref.tell('get', { s: Symbol('s') })).toThrow(
      /The argument of 'get' cannot be sent: arg\.s is a symbol/,
    )
    await expect(ref.ask('get', 2)).rejects.toMatchObject({ code: 'ERR_SERIALIZATION' })
    expect(await ref.ask('get', 1)).toBe(1)
  })
})

describe('the timeout of a system', () => {
  const sleeper = defineActor({ init: () => undefined, on: { wait: (_: undefined, _arg, ctx) => ctx.sleep(100_000) } })

  test.each<[string, object | undefined, number]>([
    ['holds for asks that name none', undefined, 50],
    ['holds for asks that leave theirs undefined', { timeout: undefined }, 50],
    ['yields to one that an ask names', { timeout: 20 }, 20],
  ])('%s', async (_, options, ms) => {
    const clock = new ManualClock()
    const system = createSystem({ clock, askTimeout: 50 })
    const ref = await system.spawn(sleeper)
    const asked = ref.ask('wait', undefined, options)
    const outcome = asked.catch((error: unknown) => error)
    await clock.advance(ms - 1)
    expect(await stateOf(asked)).toBe('pending')
    await clock.advance(1)
    expect(await outcome).toBeInstanceOf(TimeoutError)
    await system.stop()
  })

  test('by default there is none', async () => {
    const clock = new ManualClock()
    const system = createSystem({ clock })
    const ref = await system.spawn(sleeper)
    const asked = ref.ask('wait')
    const outcome = asked.catch((error: unknown) => error)
    await clock.advance(90_000)
    expect(await stateOf(asked)).toBe('pending')
    const stopped = system.stop()
    await clock.advance(5_000)
    await stopped
    expect(await outcome).toBeInstanceOf(ActorDownError)
  })

  test('a thousand asks put one listener on a signal they share, and take it away', async () => {
    const clock = new ManualClock()
    const system = createSystem({ clock })
    const ref = await system.spawn(defineActor({ init: () => undefined, on: { get: () => 1 } }))
    const controller = new AbortController()
    let [added, removed] = [0, 0]
    const { signal } = controller
    const { addEventListener, removeEventListener } = signal
    signal.addEventListener = (...args: any[]) => ((added += 1), (addEventListener as any).apply(signal, args))
    signal.removeEventListener = (...args: any[]) => ((removed += 1), (removeEventListener as any).apply(signal, args))
    await Promise.all(Array.from({ length: 1_000 }, () => ref.ask('get', undefined, { signal })))
    await until(() => removed === 1)
    expect([added, removed]).toEqual([1, 1])
    await system.stop()
  })
})
