import { type ActorRef, type Context, createSystem, defineActor, refuse } from '@troupe/core'
import { crew, type Place, places } from '../support/crew.js'
import { deferred, turn } from '../support/settle.js'

interface Source {
  count(to: number): AsyncIterable<number>
  countSync(to: number): AsyncIterable<number>
  later(to: number): AsyncIterable<number>
  fail(after: number): AsyncIterable<number>
  refuse(after: number): AsyncIterable<number>
  bad(): AsyncIterable<unknown>
  hang(): AsyncIterable<number>
  echo(value: unknown): unknown
  log(): string[]
}

const source = defineActor.for<Source>()({
  init: () => ({ log: [] as string[] }),
  on: {
    async *count({ log }, to) {
      try {
        for (let n = 1; n <= to; n += 1) {
          log.push(`made ${n}`)
          yield n
        }
      } finally {
        log.push('finally')
      }
    },
    *countSync({ log }, to) {
      try {
        for (let n = 1; n <= to; n += 1) {
          log.push(`made ${n}`)
          yield n
        }
      } finally {
        log.push('finally')
      }
    },
    async *later(_, to) {
      for (let n = 1; n <= to; n += 1) {
        await turn()
        yield n
      }
    },
    async *fail(_, after) {
      for (let n = 1; n <= after; n += 1) yield n
      throw new RangeError('no more')
    },
    // eslint-disable-next-line require-yield
    async *refuse(_, after) {
      for (let n = 1; n <= after; n += 1) yield n
      return refuse(new RangeError('not today')) as never
    },
    async *bad() {
      yield 1
      yield () => 2
    },
    async *hang({ log }, _, ctx) {
      try {
        yield 1
        await ctx.sleep(1_000_000)
      } finally {
        log.push('finally')
      }
    },
    echo: (_, value) => value,
    log: ({ log }) => log,
  },
})

async function all<T>(stream: AsyncIterable<T>): Promise<T[]> {
  const items: T[] = []
  for await (const item of stream) items.push(item)
  return items
}

/** What came, and the error after it. */
async function allAndError<T>(stream: AsyncIterable<T>): Promise<[T[], unknown]> {
  const items: T[] = []
  try {
    for await (const item of stream) items.push(item)
  } catch (error) {
    return [items, error]
  }
  return [items, undefined]
}

const upTo = (n: number): number[] => Array.from({ length: n }, (_, index) => index + 1)

describe.each(places)('a stream (%s)', (place: Place) => {
  const team = crew()
  const open = (): Promise<ActorRef<Source>> => team.spawn(place, source)

  test.each(['count', 'countSync', 'later'] as const)(
    'gives the items of a generator in order, and ends: %s',
    async (name) => {
      const ref = await open()
      expect(await all(ref.stream(name, 1_000))).toEqual(upTo(1_000))
      expect(await all(ref.stream(name, 0))).toEqual([])
    },
  )

  test.each(['count', 'countSync'] as const)('runs at most a window ahead of its consumer: %s', async (name) => {
    const ref = await open()
    const stream = ref.stream(name, 100, { window: 4 })
    for (let round = 0; round < 20; round += 1) await turn()
    expect((await ref.ask('log')).filter((line) => line.startsWith('made'))).toHaveLength(4)
    expect((await stream.next()).value).toBe(1)
    expect((await stream.next()).value).toBe(2)
    for (let round = 0; round < 20; round += 1) await turn()
    expect((await ref.ask('log')).length).toBe(6)
    await stream.return?.()
  })

  test('a break runs the finally of the generator before it goes on', async () => {
    const ref = await open()
    for await (const n of ref.stream('count', 1_000, { window: 2 })) if (n === 3) break
    expect((await ref.ask('log')).at(-1)).toBe('finally')
    expect(await ref.ask('echo', 1)).toBe(1)
  })

  test('a break ends a generator that awaits, by its own signal', async () => {
    const ref = await open()
    const stream = ref.stream('hang')
    expect((await stream.next()).value).toBe(1)
    await stream.return?.()
    expect(await ref.ask('log')).toEqual(['finally'])
    expect(ref.equals(ref)).toBe(true)
    expect(await ref.ask('echo', 'alive')).toBe('alive')
  })

  test('an error comes after all that was delivered, and ends the actor as of any handler', async () => {
    const ref = await open()
    const [items, error] = await allAndError(ref.stream('fail', 5))
    expect(items).toEqual(upTo(5))
    expect(error).toMatchObject({ code: 'ERR_ACTOR_DOWN', cause: { name: 'RangeError', message: 'no more' } })
    expect((await ref.exited).type).toBe('error')
  })

  test('a refusal that a generator returns is its error, and the actor lives on', async () => {
    const ref = await open()
    const [items, error] = await allAndError(ref.stream('refuse', 3))
    expect(items).toEqual(upTo(3))
    expect(error).toMatchObject({ name: 'RangeError', message: 'not today' })
    expect(await ref.ask('echo', 1)).toBe(1)
  })

  test('other messages are handled between its steps', async () => {
    const ref = await open()
    const stream = ref.stream('count', 10, { window: 1 })
    await stream.next()
    expect(await ref.ask('echo', 'between')).toBe('between')
    expect((await stream.next()).value).toBe(2)
    await stream.return?.()
  })

  test('ends with its actor: by kill, by stop, and what was delivered comes first', async () => {
    for (const end of ['kill', 'stop'] as const) {
      const ref = await open()
      const stream = ref.stream('count', 100, { window: 3 })
      expect((await stream.next()).value).toBe(1)
      for (let round = 0; round < 10; round += 1) await turn()
      await ref[end]()
      const [items, error] = await allAndError(stream)
      expect(items).toEqual([2, 3])
      expect(error).toMatchObject({ code: 'ERR_ACTOR_DOWN' })
      expect(await stream.next()).toEqual({ done: true, value: undefined })
    }
  })

  test('ask of a generator and stream of a plain handler are refused, with the cure', async () => {
    const ref = (await open()) as ActorRef<any>
    await expect(ref.ask('count', 3)).rejects.toThrow(/'count' of .* is a stream: use stream/)
    await expect(ref.stream('echo', 3).next()).rejects.toThrow(/is no stream: use ask/)
    expect(await ref.ask('echo', 1)).toBe(1)
  })

  test('a timeout of one item and an abort close it', async () => {
    const ref = await open()
    const slow = ref.stream('hang', undefined, { timeout: 20 })
    await slow.next()
    await expect(slow.next()).rejects.toMatchObject({ code: 'ERR_TIMEOUT' })
    const controller = new AbortController()
    const aborted = ref.stream('hang', undefined, { signal: controller.signal })
    await aborted.next()
    const pending = aborted.next()
    controller.abort(new Error('enough'))
    await expect(pending).rejects.toThrow('enough')
    expect(await aborted.next()).toEqual({ done: true, value: undefined })
    await expect(ref.stream('hang', undefined, { signal: controller.signal }).next()).rejects.toThrow('enough')
    expect(await ref.ask('echo', 1)).toBe(1)
  })

  test('10,000 cancelled midway leave nothing behind', async () => {
    const ref = await open()
    const count = 10_000
    for (let index = 0; index < count; index += 100) {
      await Promise.all(
        upTo(100).map(async () => {
          for await (const n of ref.stream('count', 1_000, { window: 2 })) if (n === 1) break
        }),
      )
    }
    const log = await ref.ask('log')
    expect(log.filter((line) => line === 'finally')).toHaveLength(count)
  }, 30_000)
})

describe('across hosts', () => {
  const team = crew()

  test('an item that is no data ends the stream with a SerializationError, and the actor lives on', async () => {
    const ref = await team.spawn('elsewhere', source)
    const [items, error] = await allAndError(ref.stream('bad'))
    expect(items).toEqual([1])
    expect(error).toMatchObject({ code: 'ERR_SERIALIZATION', message: expect.stringContaining('a function') })
    expect(await ref.ask('echo', 1)).toBe(1)
  })

  test('a stream is no part of a reply: the ask rejects and says so', async () => {
    const ref = await team.spawn(
      'elsewhere',
      defineActor({ init: () => 0, on: { give: () => [upTo(1).values(), items()] } }),
    )
    await expect(ref.ask('give')).rejects.toMatchObject({ code: 'ERR_SERIALIZATION' })
  })

  test('the bytes of a window bound what is ahead, one item may go beyond', async () => {
    const big = defineActor({
      init: () => ({ made: 0 }),
      on: {
        async *chunks(state: { made: number }, size: number) {
          for (;;) {
            state.made += 1
            yield 'x'.repeat(size)
          }
        },
        made: ({ made }) => made,
      },
    })
    const ref = await team.spawn('elsewhere', big)
    const stream = ref.stream('chunks', 1_000, { windowBytes: 2_500 })
    for (let round = 0; round < 20; round += 1) await turn()
    expect(await ref.ask('made')).toBe(3)
    await stream.next()
    await stream.next()
    for (let round = 0; round < 20; round += 1) await turn()
    expect(await ref.ask('made')).toBe(5)
    await stream.return?.()
  })

  test('the death of the consumer closes what flows to it, and what it was sent', async () => {
    const closed = deferred()
    const own = defineActor({
      init: () => 0,
      on: {
        async *flow() {
          try {
            for (let n = 0; ; n += 1) yield n
          } finally {
            closed.resolve()
          }
        },
      },
    })
    const producer = await team.spawn('here', own)
    const taker = defineActor({
      init: () => 0,
      on: {
        async take(_: number, from: ActorRef<{ flow(): AsyncIterable<number> }>) {
          for await (const n of from.stream('flow', undefined, { window: 2 }))
            if (n === 5) await new Promise(() => undefined)
        },
        async drink(_: number, given: AsyncIterable<number>) {
          for await (const n of given) if (n === 5) await new Promise(() => undefined)
        },
      },
    })
    const first = await team.spawn('elsewhere', taker)
    first.tell('take', producer as never)
    for (let round = 0; round < 20; round += 1) await turn()
    await first.kill()
    await closed.promise
    const given = deferred()
    async function* endless(): AsyncGenerator<number> {
      try {
        for (let n = 0; ; n += 1) yield n
      } finally {
        given.resolve()
      }
    }
    const second = await team.spawn('elsewhere', taker)
    second.tell('drink', endless())
    for (let round = 0; round < 20; round += 1) await turn()
    await second.kill()
    await given.promise
  })

  test('one that nobody asked for is closed when its question is answered', async () => {
    const ref = await team.spawn(
      'elsewhere',
      defineActor({ init: () => 0, on: { ignore: (state: number, given: unknown) => (given === state ? 1 : 7) } }),
    )
    const over = deferred()
    const given = {
      [Symbol.asyncIterator]: () => ({ next: () => new Promise<never>(() => undefined), return: over.resolve }),
    }
    class Custom {
      [Symbol.asyncIterator] = given[Symbol.asyncIterator]
    }
    expect(await ref.ask('ignore', new Custom())).toBe(7)
    await over.promise
  })
})

async function* items(): AsyncGenerator<number> {
  yield 1
}

describe.each(places)('the maker of a stream (%s)', (place: Place) => {
  const team = crew()
  const unhandled: unknown[] = []
  const note = (error: unknown): void => void unhandled.push(error)
  beforeEach(() => process.on('unhandledRejection', note))
  afterEach(async () => {
    await turn()
    process.off('unhandledRejection', note)
    expect(unhandled.splice(0)).toEqual([])
  })

  test.each(['sync', 'async'] as const)(
    'that kills its own actor gives nothing more, and its finally runs: %s',
    async (kind) => {
      const closed = deferred()
      function* body(ctx: Context): Generator<number> {
        try {
          yield 1
          void ctx.self.kill()
          for (let n = 2; ; n += 1) yield n
        } finally {
          closed.resolve()
        }
      }
      const suicidal = defineActor({
        init: () => 0,
        on: {
          *sync(_, _arg: undefined, ctx) {
            yield* body(ctx)
          },
          async *async(_, _arg: undefined, ctx) {
            yield* body(ctx)
          },
        },
      })
      const ref = await team.spawn(place, suicidal)
      const [given, error] = await allAndError<unknown>(ref.stream(kind, undefined))
      expect(given).toEqual([1])
      expect(error).toMatchObject({ code: 'ERR_ACTOR_DOWN', reason: { type: 'killed' } })
      await closed.promise
    },
  )

  test('that asks for the end of its actor: nothing that is queued is handled any more', async () => {
    const handled: number[] = []
    const leaving = defineActor({
      init: () => 0,
      on: {
        *give(_, _arg: undefined, ctx) {
          ctx.self.tell('work', 1)
          ctx.exit()
          for (let n = 1; ; n += 1) yield n
        },
        work: (_, n: number) => void handled.push(n),
      },
    })
    const ref = await team.spawn(place, leaving)
    const [, error] = await allAndError<unknown>(ref.stream('give', undefined))
    expect(error).toMatchObject({ code: 'ERR_ACTOR_DOWN', reason: { type: 'normal' } })
    expect(handled).toEqual([])
  })

  test.each(['now', 'later'] as const)('that gives what cannot be iterated fails as any handler: %s', async (when) => {
    const broken = {
      [Symbol.asyncIterator](): never {
        throw new RangeError('not today')
      },
    }
    const definition = defineActor({
      init: () => 0,
      on: { now: (): AsyncIterable<number> => broken, later: async (): Promise<AsyncIterable<number>> => broken },
    })
    const ref = (await team.spawn(place, definition)) as ActorRef<any>
    const [given, error] = await allAndError(ref.stream(when))
    expect(given).toEqual([])
    expect(error).toMatchObject({ code: 'ERR_ACTOR_DOWN', cause: { message: 'not today' } })
    expect((await ref.exited).type).toBe('error')
  })

  test('that throws in its finally, at a break, fails as any handler; who left is not told', async () => {
    const ref = await team.spawn(
      place,
      defineActor({
        init: () => 0,
        on: {
          async *give() {
            try {
              for (let n = 0; ; n += 1) yield n
            } finally {
              // oxlint-disable-next-line no-unsafe-finally -- what the story is about
              throw new RangeError('in its finally')
            }
          },
        },
      }),
    )
    for await (const n of ref.stream('give')) if (n === 3) break
    expect(await ref.exited).toMatchObject({ type: 'error', error: { message: 'in its finally' } })
  })

  test('that cancels its own consumer is closed', async () => {
    const closed = deferred()
    const held: { stream?: AsyncIterableIterator<number> } = {}
    const ref = await team.spawn(
      place,
      defineActor({
        init: () => 0,
        on: {
          *give() {
            try {
              yield 1
              void held.stream?.return?.()
              for (let n = 2; ; n += 1) yield n
            } finally {
              closed.resolve()
            }
          },
          idle: () => 'idle',
        },
      }),
    )
    held.stream = ref.stream('give', undefined, { window: 1 })
    expect((await held.stream.next()).value).toBe(1)
    expect(await held.stream.next()).toEqual({ done: true, value: undefined })
    await closed.promise
    expect(await ref.ask('idle')).toBe('idle')
  })

  test('whose mailbox is full is waited for under `wait`, and taken back by a break or an abort', async () => {
    const gate = deferred()
    const opened: string[] = []
    const busy = defineActor({
      init: () => 0,
      on: {
        hold: () => gate.promise,
        async *give(_, name: string) {
          opened.push(name)
          yield name
        },
      },
      mailbox: { capacity: 1, overflow: 'wait' },
    })
    const ref = await team.spawn(place, busy)
    const held = [ref.ask('hold'), ref.ask('hold'), ref.ask('hold')]
    const controller = new AbortController()
    const [kept, left, aborted] = [
      ref.stream('give', 'kept'),
      ref.stream('give', 'left'),
      ref.stream('give', 'aborted', { signal: controller.signal }),
    ]
    await left.return?.()
    controller.abort(new Error('enough'))
    await expect(aborted.next()).rejects.toThrow('enough')
    gate.resolve()
    await Promise.all(held)
    expect(await all(kept)).toEqual(['kept'])
    expect(opened).toEqual(['kept'])
  })

  test('drains its queue at a stop, not its streams: they end with it', async () => {
    const closed: string[] = []
    const ref = await team.spawn(
      place,
      defineActor({
        init: () => 0,
        on: {
          async *give() {
            try {
              for (let n = 0; ; n += 1) yield n
            } finally {
              closed.push('finally')
            }
          },
          work: () => void closed.push('work'),
        },
        onStop: () => void closed.push('onStop'),
      }),
    )
    const stream = ref.stream('give', undefined, { window: 2 })
    await stream.next()
    const outcome = allAndError(stream)
    ref.tell('work')
    expect(await ref.stop({ drain: true })).toEqual({ type: 'shutdown' })
    expect((await outcome)[1]).toMatchObject({ code: 'ERR_ACTOR_DOWN' })
    expect(closed).toEqual(['work', 'finally', 'onStop'])
  })
})

describe('isolated', () => {
  test('items are copies, in both directions; one that is no data ends the stream', async () => {
    const system = createSystem({ isolate: true })
    const seen: unknown[] = []
    const item = { n: 1 }
    const ref = await system.spawn(
      defineActor({
        init: () => 0,
        on: {
          async *give() {
            yield item
            yield { close: () => 1 }
          },
          idle: () => 'idle',
        },
      }),
    )
    const [given, error] = await allAndError(ref.stream('give'))
    seen.push(...given)
    expect(seen).toEqual([{ n: 1 }])
    expect(seen[0]).not.toBe(item)
    expect(error).toMatchObject({ code: 'ERR_SERIALIZATION', message: expect.stringMatching(/^An item of the stream/) })
    expect(await ref.ask('idle')).toBe('idle')
    for await (const _ of ref.stream('give', undefined, { window: 1 })) break
    await system.stop()
  })
})

describe.each(places)('a stream in a message (%s)', (place: Place) => {
  const team = crew()

  interface Sink {
    sum(numbers: AsyncIterable<number>): Promise<number>
    first(numbers: AsyncIterable<number>): Promise<number | undefined>
    ignore(numbers: AsyncIterable<number>): number
    twice(numbers: AsyncIterable<number>): AsyncIterable<number>
    keep(numbers: AsyncIterable<number>): void
    kept(): Promise<number>
  }
  const sink = defineActor.for<Sink>()({
    init: () => ({ kept: undefined as Promise<number> | undefined }),
    on: {
      async sum(_, numbers) {
        let sum = 0
        for await (const n of numbers) sum += n
        return sum
      },
      async first(_, numbers) {
        for await (const n of numbers) return n
        return undefined
      },
      ignore: () => 7,
      async *twice(_, numbers) {
        for await (const n of numbers) yield 2 * n
      },
      keep(state, numbers) {
        state.kept = (async () => {
          let sum = 0
          for await (const n of numbers) sum += n
          return sum
        })()
      },
      kept: (state) => state.kept as Promise<number>,
    },
  })

  async function* numbers(to: number, over: () => void = () => undefined): AsyncGenerator<number> {
    try {
      for (let n = 1; n <= to; n += 1) yield n
    } finally {
      over()
    }
  }

  test('flows into a handler that asks for its items', async () => {
    const ref = await team.spawn(place, sink)
    expect(await ref.ask('sum', numbers(1_000))).toBe(500_500)
  })

  test('flows through a generator', async () => {
    const ref = await team.spawn(place, sink)
    expect(await all(ref.stream('twice', numbers(200)))).toEqual(upTo(200).map((n) => 2 * n))
  })

  test('a handler that leaves closes it at its source', async () => {
    const ref = await team.spawn(place, sink)
    const over = deferred()
    expect(await ref.ask('first', numbers(1_000_000, over.resolve))).toBe(1)
    await over.promise
  })

  test('of a tell it lives on after the handler, while the actor does', async () => {
    const ref = await team.spawn(place, sink)
    ref.tell('keep', numbers(100))
    expect(await ref.ask('kept')).toBe(5_050)
  })

  test('that cannot be iterated fails where it is asked for, and nowhere else', async () => {
    const ref = await team.spawn(place, sink)
    const broken = {
      [Symbol.asyncIterator](): never {
        throw new RangeError('not today')
      },
    }
    const [given, error] = await allAndError(ref.stream('twice', broken))
    expect(given).toEqual([])
    expect(error).toMatchObject({ code: 'ERR_ACTOR_DOWN', cause: { message: 'not today' } })
  })

  test('may be one that a handler takes from another actor, or was given: it flows on to a third', async () => {
    interface Relay {
      pass(how: { to: ActorRef<Sink>; items: AsyncIterable<number> }): Promise<number>
      fetch(how: { to: ActorRef<Sink>; from: ActorRef<Source> }): Promise<number>
    }
    const relay = defineActor.for<Relay>()({
      init: () => undefined,
      on: {
        pass: (_, { to, items: given }) => to.ask('sum', given),
        fetch: (_, { to, from }, ctx) => to.ask('sum', ctx.stream(from, 'count', 300)),
      },
    })
    const [first, last, maker] = [
      await team.spawn(place, relay),
      await team.spawn(place, sink),
      await team.spawn(place, source),
    ]
    expect(await first.ask('pass', { to: last, items: numbers(300) })).toBe(45_150)
    expect(await first.ask('fetch', { to: last, from: maker })).toBe(45_150)
  })

  test('lives on while its question is at work, though nobody waits for the answer any more', async () => {
    const ref = await team.spawn(place, sink)
    const gate = deferred()
    const over = deferred()
    async function* slow(): AsyncGenerator<number> {
      try {
        yield 1
        await gate.promise
        yield 2
      } finally {
        over.resolve()
      }
    }
    const controller = new AbortController()
    const asked = ref.ask('sum', slow(), { signal: controller.signal })
    await turn()
    controller.abort(new Error('enough'))
    await expect(asked).rejects.toThrow('enough')
    gate.resolve()
    await over.promise
    expect(await ref.ask('ignore', numbers(1))).toBe(7)
  })

  test('its error arrives after its items', async () => {
    const ref = await team.spawn(place, sink)
    async function* failing(): AsyncGenerator<number> {
      yield 1
      throw new RangeError('source broke')
    }
    const [items, error] = await allAndError(ref.stream('twice', failing()))
    expect(items).toEqual([2])
    expect(error).toMatchObject({ code: 'ERR_ACTOR_DOWN', cause: { message: 'source broke' } })
  })
})
