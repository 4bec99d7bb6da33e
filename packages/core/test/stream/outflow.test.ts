import { type Consumer, Outflow, type OutflowOwner, sourceOf } from '@troupe/core/internal'
import { deferred, turn } from '../support/settle.js'

type Told = string | [what: string, value: unknown]

interface Taking extends Consumer {
  /** What it was told, in order. */
  readonly told: Told[]
  open: boolean
  leave(reason: unknown): void
}

function consumer(items: number, given: { bytes?: number; itemBytes?: number } = {}): Taking {
  const told: Told[] = []
  const waiters: { opened(): void }[] = []
  let open = true
  const taking: Taking = {
    told,
    window: { items, bytes: given.bytes ?? 1_000 },
    settled: false,
    abandoned: false,
    get open() {
      return open
    },
    set open(now) {
      open = now
      if (open) for (const waiter of waiters.splice(0)) waiter.opened()
    },
    whenOpen: (waiter) => void waiters.push(waiter),
    item(value) {
      if (typeof value === 'function') throw new TypeError('a function is no data')
      told.push(['item', value])
      return given.itemBytes ?? 0
    },
    resolve: (value) => void told.push(['end', value]),
    reject: (error) => void told.push(['error', (error as Error).message]),
    leave(reason) {
      Object.assign(taking, { abandoned: true })
      taking.onAbandon?.(taking, reason)
    },
  }
  return taking
}

/** One whose steps run when `run` is called; `log` tells of the rest. */
function owner(heeds = true) {
  const steps: (() => void)[] = []
  const log: string[] = []
  const own: OutflowOwner = {
    schedule: (step) => void steps.push(step),
    threw: (error) => {
      log.push(`threw ${(error as Error).message}`)
      return error
    },
    abort: () => {
      log.push('abort')
      return heeds
    },
    over: () => void log.push('over'),
  }
  const run = (): void => {
    for (let step = steps.shift(); step !== undefined; step = steps.shift()) step()
  }
  return { own, log, run, steps }
}

/** Lets everything happen that can. */
async function settle(run: () => void): Promise<void> {
  for (let round = 0; round < 5; round += 1) {
    run()
    await turn()
  }
}

const items = (told: readonly Told[]): unknown[] =>
  told.filter((each): each is [string, unknown] => each[0] === 'item').map(([, value]) => value)

function flow(source: unknown, taking: Taking, heeds?: boolean) {
  const owned = owner(heeds)
  const outflow = new Outflow(sourceOf(source) as never, taking, owned.own)
  outflow.start()
  return { outflow, ...owned }
}

/** Notes each call in `log`; gives 1, 2, 3 … or what `next` gives. */
function noting(log: string[], next?: () => unknown): object {
  let n = 0
  return {
    next: () => {
      log.push('next')
      return next === undefined ? { done: false, value: (n += 1) } : next()
    },
    return: () => {
      log.push('return')
      return { done: true, value: undefined }
    },
  }
}

describe('the producing end of a stream', () => {
  test('gives as many items as the window has room, and more as that is given back', async () => {
    const taking = consumer(3)
    const { run } = flow(noting([]), taking)
    await settle(run)
    expect(items(taking.told)).toEqual([1, 2, 3])
    taking.onGrant?.(2, 0)
    await settle(run)
    expect(items(taking.told)).toEqual([1, 2, 3, 4, 5])
  })

  test('one item may go beyond the bytes of the window, none is made while they are used up', async () => {
    const taking = consumer(100, { bytes: 25, itemBytes: 10 })
    const { run } = flow(noting([]), taking)
    await settle(run)
    expect(items(taking.told)).toHaveLength(3)
    taking.onGrant?.(1, 5)
    await settle(run)
    expect(items(taking.told)).toHaveLength(3)
    taking.onGrant?.(1, 1)
    await settle(run)
    expect(items(taking.told)).toHaveLength(4)
  })

  test('room that is given back while an item is taken counts', async () => {
    const taking = consumer(1, { bytes: 10, itemBytes: 10 })
    const { item } = taking
    taking.item = (value) => {
      const bytes = item(value)
      if (value === 1) taking.onGrant?.(1, bytes)
      return bytes
    }
    const { run } = flow(noting([]), taking)
    await settle(run)
    expect(items(taking.told)).toEqual([1, 2])
  })

  test('waits while the way is full', async () => {
    const taking = consumer(10)
    taking.open = false
    const { run } = flow(noting([]), taking)
    await settle(run)
    expect(taking.told).toEqual([])
    taking.open = true
    await settle(run)
    expect(items(taking.told)).toHaveLength(10)
  })

  test.each<[string, Iterator<unknown> | AsyncIterator<unknown>]>([
    ['a list', [1, 2].values()],
    [
      'promises of a sync generator',
      (function* () {
        yield Promise.resolve(1)
        yield 2
      })(),
    ],
    [
      'an async generator',
      (async function* () {
        yield 1
        yield 2
      })(),
    ],
  ])('gives what %s has, and tells the end once', async (_, source) => {
    const taking = consumer(10)
    const { run, log } = flow(source, taking)
    await settle(run)
    expect(taking.told).toEqual([
      ['item', 1],
      ['item', 2],
      ['end', undefined],
    ])
    expect(log).toEqual(['over'])
  })

  test('an error of the source follows its items', async () => {
    const taking = consumer(10)
    const source = async function* (): AsyncGenerator<number> {
      yield 1
      throw new Error('broken')
    }
    const { run, log } = flow(source(), taking)
    await settle(run)
    expect(taking.told).toEqual([
      ['item', 1],
      ['error', 'broken'],
    ])
    expect(log).toEqual(['over', 'threw broken'])
  })

  test.each<[string, () => unknown]>([
    ['a promise of nothing', async () => undefined],
    ['nothing', () => undefined],
    [
      'what cannot be looked at',
      async () => ({
        get value() {
          throw new TypeError('no look')
        },
      }),
    ],
  ])('an iterator that gives %s has failed, and nothing is left unhandled', async (_, next) => {
    const taking = consumer(10)
    const { run, log } = flow(noting([], next), taking)
    await settle(run)
    expect(taking.told).toEqual([['error', expect.any(String)]])
    expect(log).toHaveLength(2)
  })

  test('a promise among its items that rejects fails it, and its finally runs', async () => {
    const taking = consumer(10)
    const log: string[] = []
    const source = (function* () {
      try {
        yield Promise.reject(new Error('broken item'))
      } finally {
        log.push('finally')
      }
    })()
    const { run } = flow(source, taking)
    await settle(run)
    expect(taking.told).toEqual([['error', 'broken item']])
    expect(log).toEqual(['finally'])
  })

  test('an item that cannot travel ends it: the consumer is told, the source is closed and not to blame', async () => {
    const taking = consumer(10)
    const calls: string[] = []
    const { run, log } = flow(
      noting(calls, () => ({ done: false, value: () => 1 })),
      taking,
    )
    await settle(run)
    expect(taking.told).toEqual([['error', 'a function is no data']])
    expect(calls).toEqual(['next', 'return'])
    expect(log).toEqual(['over', 'abort'])
  })

  describe('is closed once', () => {
    test('when its consumer leaves, in a step of its owner', async () => {
      const taking = consumer(2)
      const calls: string[] = []
      const { run, log } = flow(noting(calls), taking)
      await settle(run)
      taking.leave(new Error('enough'))
      taking.leave(new Error('enough'))
      expect(calls).toEqual(['next', 'next'])
      await settle(run)
      expect(calls).toEqual(['next', 'next', 'return'])
      expect(log).toEqual(['abort', 'over'])
      expect(taking.told.at(-1)).toEqual(['end', undefined])
    })

    test('when its consumer leaves before it starts', async () => {
      const taking = consumer(2)
      const calls: string[] = []
      taking.leave(new Error('enough'))
      const { run } = flow(noting(calls), taking)
      await settle(run)
      expect(calls).toEqual(['return'])
    })

    test('when its consumer leaves within `next`: sync, and with a promise', async () => {
      for (const later of [false, true]) {
        const taking = consumer(5)
        const calls: string[] = []
        const next = (): unknown => {
          taking.leave(new Error('enough'))
          const result = { done: false, value: 1 }
          return later ? Promise.resolve(result) : result
        }
        const { run } = flow(noting(calls, next), taking)
        await settle(run)
        expect(calls).toEqual(['next', 'return'])
        expect(taking.told).toEqual([['end', undefined]])
      }
    })

    test('when its owner ends while it is being closed', async () => {
      const taking = consumer(2)
      const calls: string[] = []
      const closing = deferred<unknown>()
      const source = { ...noting(calls), return: () => (calls.push('return'), closing.promise) }
      const { run, outflow } = flow(source, taking)
      await settle(run)
      taking.leave(new Error('enough'))
      await settle(run)
      const ended = outflow.end(new Error('down'))
      let waits = true
      void ended.then(() => (waits = false))
      await settle(run)
      expect([waits, calls]).toEqual([true, ['next', 'next', 'return']])
      closing.resolve({ done: true })
      await ended
      expect(taking.told.at(-1)).toEqual(['error', 'down'])
    })

    test('when its owner ends between leaving and closing', async () => {
      const taking = consumer(1)
      const calls: string[] = []
      const { run, outflow } = flow(noting(calls), taking)
      await settle(run)
      taking.leave(new Error('enough'))
      await outflow.end(new Error('down'))
      await settle(run)
      expect(calls).toEqual(['next', 'return'])
    })
  })

  test.each(['sync', 'async'])(
    'whose owner ends within `next` gives nothing more, and its finally runs: %s',
    async (kind) => {
      const taking = consumer(5)
      const log: string[] = []
      const held: { outflow?: Outflow } = {}
      function* body(): Generator<number> {
        try {
          for (let n = 1; ; n += 1) {
            if (n === 2) void held.outflow?.end(new Error('down'))
            yield n
          }
        } finally {
          log.push('finally')
        }
      }
      async function* later(): AsyncGenerator<number> {
        yield* body()
      }
      const { run, outflow } = flow(kind === 'sync' ? body() : later(), taking)
      held.outflow = outflow
      await settle(run)
      expect(taking.told).toEqual([
        ['item', 1],
        ['error', 'down'],
      ])
      expect(log).toEqual(['finally'])
    },
  )

  test('that awaits what nobody can end does not keep its consumer from leaving', async () => {
    const never = async function* (): AsyncGenerator<number> {
      yield 1
      await new Promise(() => undefined)
    }
    const [deaf, heeding] = [consumer(5), consumer(5)]
    const flows = [flow(never(), deaf, false), flow(never(), heeding, true)]
    for (const { run } of flows) await settle(run)
    for (const taking of [deaf, heeding]) taking.leave(new Error('enough'))
    for (const { run } of flows) await settle(run)
    expect(deaf.told.at(-1)).toEqual(['end', undefined])
    expect(heeding.told.at(-1)).toEqual(['item', 1])
  })

  test('an error of what it awaited when its consumer left is no secret', async () => {
    const taking = consumer(5)
    const gate = deferred()
    const source = async function* (): AsyncGenerator<number> {
      yield 1
      await gate.promise
      throw new Error('broken later')
    }
    const { run, log } = flow(source(), taking)
    await settle(run)
    taking.leave(new Error('enough'))
    gate.resolve()
    await settle(run)
    expect(log).toEqual(['abort', 'over', 'threw broken later'])
  })
})

describe('what can be asked for items', () => {
  test('is an async iterable, a generator, or an iterator; nothing else', () => {
    const plain = [1].values()
    expect(sourceOf(plain)).toBe(plain)
    expect(sourceOf({ [Symbol.asyncIterator]: () => plain })).toBe(plain)
    for (const none of [undefined, null, 1, 'text', [], {}, { next: 1 }, () => plain]) {
      expect(sourceOf(none)).toBeUndefined()
    }
  })
})
