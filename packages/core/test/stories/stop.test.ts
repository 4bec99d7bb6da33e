import { createSystem, defineActor, type Reason } from '@troupe/core'
import { ManualClock } from '@troupe/core/testing'
import { crew, places } from '../support/crew.js'
import { deferred, stateOf, turn } from '../support/settle.js'

function worker() {
  const gate = deferred()
  const log: string[] = []
  const definition = defineActor({
    init: () => undefined,
    on: {
      async work(_: undefined, name: string) {
        log.push(`begin ${name}`)
        await gate.promise
        log.push(`end ${name}`)
        return name
      },
      look: (_: undefined, _arg, ctx) => ctx.signal.aborted,
    },
    onStop: (_, reason: Reason) => void log.push(`onStop ${reason.type}`),
  })
  return { gate, log, definition }
}

describe('stop', () => {
  const team = crew()

  test.each(places)('finishes the message in hand, refuses what is queued, then runs onStop (%s)', async (place) => {
    const { gate, log, definition } = worker()
    const ref = await team.spawn(place, definition)
    const first = ref.ask('work', 'a')
    const second = ref.ask('work', 'b')
    const outcome = Promise.allSettled([first, second])
    await turn()
    const stopped = ref.stop()
    await turn()
    expect(log).toEqual(['begin a'])
    gate.resolve()
    expect(await stopped).toEqual({ type: 'shutdown' })
    expect(log).toEqual(['begin a', 'end a', 'onStop shutdown'])
    expect(await outcome).toMatchObject([
      { status: 'fulfilled', value: 'a' },
      { status: 'rejected', reason: { code: 'ERR_ACTOR_DOWN', reason: { type: 'shutdown' } } },
    ])
  })

  test.each(places)('with `drain` handles first what is queued, and takes nothing more (%s)', async (place) => {
    const { gate, log, definition } = worker()
    const ref = await team.spawn(place, definition)
    const outcome = Promise.allSettled([ref.ask('work', 'a'), ref.ask('work', 'b')])
    ref.tell('work', 'c')
    const stopped = ref.stop({ drain: true })
    await turn()
    if (place === 'here') expect(ref.tell('work', 'late')).toBe(false)
    else ref.tell('work', 'late')
    gate.resolve()
    await stopped
    expect(log.filter((each) => !each.startsWith('end'))).toEqual(['begin a', 'begin b', 'begin c', 'onStop shutdown'])
    expect(await outcome).toMatchObject([{ value: 'a' }, { value: 'b' }])
  })

  test.each(places)('kills after its timeout, without onStop, and resolves with the reason (%s)', async (place) => {
    const { log, definition } = worker()
    const ref = await team.spawn(place, definition)
    const asked = ref.ask('work', 'for ever')
    const outcome = asked.catch((error: unknown) => error)
    await turn()
    expect(await ref.stop({ timeout: 1 })).toEqual({ type: 'killed' })
    expect(await outcome).toMatchObject({ code: 'ERR_ACTOR_DOWN', reason: { type: 'killed' } })
    expect(log).toEqual(['begin for ever'])
  })

  test('waits 5 seconds unless told otherwise, and for ever with Infinity', async () => {
    const clock = new ManualClock()
    const system = createSystem({ clock })
    const [a, b] = [await system.spawn(worker().definition), await system.spawn(worker().definition)]
    for (const ref of [a, b]) ref.tell('work', 'x')
    await turn()
    const [byDefault, never] = [a.stop(), b.stop({ timeout: Infinity })]
    await clock.advance(4_999)
    expect(await stateOf(byDefault)).toBe('pending')
    await clock.advance(1)
    expect(await byDefault).toEqual({ type: 'killed' })
    await clock.advance(1_000_000)
    expect(await stateOf(never)).toBe('pending')
    await b.kill()
    expect(await never).toEqual({ type: 'killed' })
    await system.stop()
    expect(clock.pending).toBe(0)
  })

  test('waits for an async onStop, which a kill cuts short', async () => {
    const gate = deferred()
    const definition = defineActor({ init: () => undefined, on: {}, onStop: () => gate.promise })
    const [a, b] = [await team.system.spawn(definition), await team.system.spawn(definition)]
    const [stopA, stopB] = [a.stop(), b.stop()]
    expect(await stateOf(stopA)).toBe('pending')
    await b.kill()
    expect(await stopB).toEqual({ type: 'killed' })
    gate.resolve()
    expect(await stopA).toEqual({ type: 'shutdown' })
  })

  test('that a kill cuts short while children still end runs no onStop', async () => {
    const log: string[] = []
    const slow = defineActor({ init: () => undefined, on: {}, onStop: () => new Promise(() => undefined) })
    const ref = await team.system.spawn(
      defineActor({
        init: async (_: undefined, ctx) => [await ctx.spawn(slow)],
        on: {},
        onStop: () => void log.push('onStop'),
      }),
    )
    const stopped = ref.stop()
    await turn()
    await ref.kill()
    expect(await stopped).toEqual({ type: 'killed' })
    await turn()
    expect(log).toEqual([])
  })

  test('is a crash when onStop throws', async () => {
    const definition = defineActor({
      init: () => undefined,
      on: {},
      onStop() {
        throw new Error('in onStop')
      },
    })
    expect(await (await team.system.spawn(definition)).stop()).toMatchObject({
      type: 'error',
      error: { message: 'in onStop' },
    })
  })

  test.each(places)('of an actor that is down resolves with its reason (%s)', async (place) => {
    const ref = await team.spawn(place, worker().definition)
    await ref.kill()
    expect(await ref.stop()).toEqual({ type: 'killed' })
    expect(await ref.kill()).toEqual({ type: 'killed' })
  })

  test.each<[object, RegExp]>([
    [{ timeout: 'soon' }, /Expected `timeout` to be a number/],
    [{ drain: 1 }, /Expected `drain` to be a boolean, got 1/],
    [{ gracefully: true }, /Unknown option `gracefully` in stop options/],
  ])('refuses %j', async (options, message) => {
    const ref = await team.system.spawn(worker().definition)
    await expect(ref.stop(options)).rejects.toThrow(message)
    expect(await ref.ask('look')).toBe(false)
  })

  test('is what `await using` does', async () => {
    const { log, definition } = worker()
    const ref = await team.system.spawn(definition)
    await ref[Symbol.asyncDispose]()
    expect(log).toEqual(['onStop shutdown'])
  })
})

describe('kill', () => {
  const team = crew()

  test.each(places)(
    'ends at once, without onStop; the handler at work is disowned and told by ctx.signal (%s)',
    async (place) => {
      const told = deferred<unknown>()
      const log: string[] = []
      const ref = await team.spawn(
        place,
        defineActor({
          init: () => undefined,
          on: {
            async work(_: undefined, _arg, ctx) {
              ctx.signal.addEventListener('abort', () => told.resolve(ctx.signal.reason))
              await new Promise(() => undefined)
            },
          },
          onStop: () => void log.push('onStop'),
        }),
      )
      ref.tell('work')
      await turn()
      expect(await ref.kill()).toEqual({ type: 'killed' })
      expect(await told.promise).toMatchObject({ code: 'ERR_ACTOR_DOWN', reason: { type: 'killed' } })
      expect(log).toEqual([])
    },
  )

  test('what a disowned handler does afterwards changes nothing', async () => {
    const { gate, log, definition } = worker()
    const ref = await team.system.spawn(definition)
    const asked = ref.ask('work', 'a').catch((error: unknown) => error)
    await turn()
    await ref.kill()
    gate.resolve()
    await turn()
    expect(log).toEqual(['begin a', 'end a'])
    expect(await asked).toMatchObject({ code: 'ERR_ACTOR_DOWN' })
    expect(await ref.exited).toEqual({ type: 'killed' })
  })
})

describe('ctx.exit', () => {
  const team = crew()

  test.each(places)('ends the actor once the message in hand is done, and runs onStop (%s)', async (place) => {
    const log: string[] = []
    const ref = await team.spawn(
      place,
      defineActor({
        init: () => undefined,
        on: {
          async quit(_: undefined, reason: Reason | undefined, ctx) {
            ctx.exit(reason)
            await turn()
            log.push('done')
            return 'bye'
          },
        },
        onStop: (_, reason: Reason) => void log.push(reason.type),
      }),
    )
    expect(await ref.ask('quit', { type: 'shutdown' })).toBe('bye')
    expect(await ref.exited).toMatchObject({ type: 'shutdown' })
    expect(log).toEqual(['done', 'shutdown'])
  })

  test('refuses what is no reason', async () => {
    const ref = await team.system.spawn(
      defineActor({
        init: () => undefined,
        on: { quit: (_: undefined, why: unknown, ctx) => ctx.exit(why as Reason) },
      }),
    )
    await expect(ref.ask('quit', 'because')).rejects.toMatchObject({
      cause: { message: expect.stringMatching(/Expected `reason` to be a reason such as/) },
    })
  })
})
