import { type ActorRef, defineActor } from '@troupe/core'
import { crew, places } from '../support/crew.js'

interface Caller {
  know(other: ActorRef<Caller>): void
  /** Asks the next, which asks the next, `hops` times; the last one gives its answer. */
  around(hops: number): Promise<string>
  background(): void
  answer(): string
  items(hops: number): AsyncIterable<string>
  late(hops: number): Promise<AsyncIterable<string>>
  follow(hops: number): Promise<string[]>
  self(): Promise<string>
}

const caller = defineActor.for<Caller>()({
  init: () => ({ other: undefined as ActorRef<Caller> | undefined }),
  on: {
    know(state, other) {
      state.other = other
    },
    around: (state, hops, ctx) =>
      hops === 0 ? 'home' : ctx.ask(state.other as ActorRef<Caller>, 'around', hops - 1, { timeout: 1_000 }),
    background(state, _, ctx) {
      // Not awaited: by the time it comes back this message is over.
      void ctx.ask(state.other as ActorRef<Caller>, 'around', 1)
    },
    answer: () => 'here',
    async *items(state, hops, ctx) {
      yield await ctx.ask(state.other as ActorRef<Caller>, 'around', hops, { timeout: 1_000 })
    },
    // Keeps its actor until it has the stream, as any async handler.
    async late(state, hops, ctx) {
      const answer = await ctx.ask(state.other as ActorRef<Caller>, 'around', hops, { timeout: 1_000 })
      return (async function* () {
        yield answer as string
      })()
    },
    async follow(state, hops, ctx) {
      const items: string[] = []
      for await (const item of ctx.stream(state.other as ActorRef<Caller>, 'items', hops)) items.push(item)
      return items
    },
    self: (_, __, ctx) => ctx.ask(ctx.self as ActorRef<Caller>, 'answer', undefined, { timeout: 1_000 }),
  },
})

describe.each(places)('a question that would wait for itself (%s)', (place) => {
  const team = crew()

  async function ring(length: number): Promise<ActorRef<Caller>[]> {
    const refs = await Promise.all(Array.from({ length }, () => team.spawn(place, caller)))
    await Promise.all(refs.map((ref, index) => ref.ask('know', refs[(index + 1) % length] as ActorRef<Caller>)))
    return refs
  }

  test('over two and over three actors rejects at once, with the way round, instead of by its timeout', async () => {
    for (const length of [2, 3]) {
      const [first] = await ring(length)
      const failure = await first?.ask('around', length).catch((error: unknown) => error)
      // Each on the way lets it crash; the first cause is the deadlock.
      let cause = failure as { code?: string; cause?: unknown } | undefined
      while (cause?.code === 'ERR_ACTOR_DOWN') cause = cause.cause as typeof cause
      expect(cause).toMatchObject({ code: 'ERR_DEADLOCK', message: expect.stringMatching(/ -> .* -> /) })
    }
  })

  test('of an actor that asks itself too', async () => {
    const [first] = await ring(1)
    await expect(first?.ask('self')).rejects.toMatchObject({ cause: { code: 'ERR_DEADLOCK' } })
  })

  test('over a stream too', async () => {
    const [first] = await ring(2)
    const failure = (await first?.ask('follow', 1).catch((error: unknown) => error)) as {
      code?: string
      cause?: unknown
    }
    let cause = failure as typeof failure | undefined
    while (cause?.code === 'ERR_ACTOR_DOWN') cause = cause.cause as typeof cause
    expect(cause).toMatchObject({ code: 'ERR_DEADLOCK' })
  })

  test('also while a handler prepares a stream; a generator that asks holds up nobody', async () => {
    const [first] = await ring(2)
    const got: string[] = []
    for await (const item of (first as ActorRef<Caller>).stream('items', 1)) got.push(item)
    expect(got).toEqual(['home'])
    const failure = await (first as ActorRef<any>)
      .stream('late', 1)
      .next()
      .catch((error: unknown) => error)
    let cause = failure as { code?: string; cause?: unknown } | undefined
    while (cause?.code === 'ERR_ACTOR_DOWN') cause = cause.cause as typeof cause
    expect(cause).toMatchObject({ code: 'ERR_DEADLOCK' })
  })

  test('is told from one that comes back when the message is over, and from one that only passes by', async () => {
    const [first, second] = await ring(2)
    first?.tell('background')
    expect(await first?.ask('answer')).toBe('here')
    expect(await second?.ask('answer')).toBe('here')
    const [one] = await ring(3)
    expect(await one?.ask('around', 2)).toBe('home')
  })

  test('with `ref.ask` a new chain starts: there the timeout decides', async () => {
    const asker = defineActor({
      init: () => 0,
      on: { self: (_: number, ref: ActorRef<Caller>) => ref.ask('around', 1, { timeout: 30 }) },
    })
    const [first] = await ring(1)
    const ref = await team.spawn(place, asker)
    await expect(ref.ask('self', first as ActorRef<Caller>)).rejects.toMatchObject({ code: 'ERR_ACTOR_DOWN' })
  })
})
