import { setImmediate as turn } from 'node:timers/promises'
import { TimeoutError } from '@troupe/core'
import { Waits } from '@troupe/core/internal'
import { ManualClock } from '@troupe/core/testing'
import type { ImapOptions } from '@troupe/pool'
import fc from 'fast-check'
import { Imap, type ImapPool } from '../../dist/call/imap.js'
import type { Chunk, Work } from '../../dist/call/work.js'

const name = { url: 'file:///tasks.js', export: 'square' }

/** Keeps the works until the test answers them. */
class FakePool implements ImapPool {
  readonly clock: ManualClock = new ManualClock()
  readonly waits: Waits = new Waits(this.clock)
  readonly works: Work[] = []
  readonly cancelled: unknown[] = []

  submit(work: Work): void {
    this.works.push(work)
  }

  cancel(work: Work, reason: unknown): void {
    this.cancelled.push(reason)
    this.works.splice(this.works.indexOf(work), 1)
    work.failed(reason)
  }

  /** What has been measured of the task. */
  ms: number | undefined

  pace(): number | undefined {
    return this.ms
  }

  /** Those that have not pulled all of their sources. */
  readonly pullers = new Set<object>()

  pulling(puller: object): void {
    this.pullers.add(puller)
  }

  pulledAll(puller: object): void {
    this.pullers.delete(puller)
  }

  snapshot(item: unknown): unknown {
    if (typeof item === 'function') throw new TypeError('no data')
    return item
  }

  /** Squares the items of one work; an item below 0 fails. */
  answer(index = 0): void {
    const [work] = this.works.splice(index, 1)
    const items = (work as Chunk).request(0).arg.items as readonly number[]
    const values = items.map((x) => (x < 0 ? undefined : x * x))
    const errors = items.flatMap((x, at) => (x < 0 ? [[at, new RangeError(`negative: ${x}`)] as const] : []))
    work?.done({ from: 0, values, errors })
  }
}

function imapOf(
  pool: FakePool,
  source: Iterable<unknown> | AsyncIterable<unknown>,
  options: ImapOptions = {},
  { ordered = true, workers = 2 } = {},
): Imap<number> {
  return new Imap<number>(pool, { name, source, options, workers, ordered })
}

function counted(length: number): { source: Iterable<number>; pulled: () => number; closed: () => number } {
  let pulled = 0
  let closed = 0
  function* generate(): Generator<number> {
    try {
      while (pulled < length) yield pulled++
    } finally {
      closed += 1
    }
  }
  return { source: generate(), pulled: () => pulled, closed: () => closed }
}

/** What `promise` comes to; undefined while it has not settled. */
function watch<T>(promise: Promise<T>): { value?: T; error?: any } {
  const seen: { value?: T; error?: unknown } = {}
  promise.then(
    (value) => (seen.value = value),
    (error: unknown) => (seen.error = error),
  )
  return seen
}

const done = { done: true, value: undefined }

test('its pool knows of it until nothing more is pulled: at the end of its source, of itself, or of the pool', async () => {
  const pool = new FakePool()
  const exhausted = imapOf(pool, [1], { chunkSize: 2 })
  const closed = imapOf(pool, [1, 2])
  const ended = imapOf(pool, counted(Infinity).source)
  imapOf(pool, [1], { signal: AbortSignal.abort(new Error('too late')) })
  expect([...pool.pullers]).toEqual([exhausted, closed, ended])
  watch(exhausted.next())
  await turn()
  await closed.return()
  expect([...pool.pullers]).toEqual([ended])
  ended.poolOver(new Error('over'))
  expect(pool.pullers.size).toBe(0)
  await expect(ended.next()).rejects.toThrow('over')
})

describe('the window', () => {
  test('holds for any chunk size, any window, any order of answers and of takers', async () => {
    const steps = fc.array(fc.oneof(fc.constant('next' as const), fc.nat(5)), { maxLength: 40 })
    const given = fc.record({
      chunkSize: fc.integer({ min: 1, max: 5 }),
      window: fc.integer({ min: 1, max: 12 }),
      ordered: fc.boolean(),
      steps,
    })
    await fc.assert(
      fc.asyncProperty(given, async ({ chunkSize, window, ordered, steps }) => {
        const pool = new FakePool()
        const { source, pulled } = counted(Infinity)
        const iterator = imapOf(pool, source, { chunkSize, window }, { ordered })
        const whole = Math.ceil(window / chunkSize) * chunkSize
        const taken: ReturnType<typeof watch<IteratorResult<number, void>>>[] = []
        for (const step of steps) {
          if (step === 'next') taken.push(watch(iterator.next()))
          else if (pool.works.length > 0) pool.answer(step % pool.works.length)
          await turn()
          const out = taken.filter(({ value }) => value !== undefined).length
          expect(pulled() - out).toBeLessThan(whole + chunkSize)
          // Filled as far as it goes, once somebody has asked.
          if (taken.length > 0) expect(pulled() - out).toBeGreaterThanOrEqual(whole)
          else expect(pulled()).toBe(0)
        }
      }),
      { numRuns: 100 },
    )
  })

  test('is two chunks a worker by default, and at least a chunk', async () => {
    for (const [options, workers, held] of [
      [{}, 3, 6],
      [{ chunkSize: 4 }, 2, 16],
      [{ chunkSize: 4, window: 1 }, 2, 4],
      [{ chunkSize: 4, window: 5 }, 2, 8],
    ] as const) {
      const pool = new FakePool()
      const { source, pulled } = counted(Infinity)
      watch(imapOf(pool, source, options, { workers }).next())
      await turn()
      expect(pulled()).toBe(held)
    }
  })

  test('what has been answered and not taken counts', async () => {
    const pool = new FakePool()
    const { source, pulled } = counted(Infinity)
    const iterator = imapOf(pool, source, { window: 3 })
    watch(iterator.next())
    await turn()
    pool.answer()
    await turn()
    for (let left = pool.works.length; left > 0; left -= 1) pool.answer()
    await turn()
    expect([pulled(), pool.works.length]).toEqual([4, 0])
    await iterator.next()
    await turn()
    expect([pulled(), pool.works.length]).toEqual([5, 1])
  })
})

describe('results', () => {
  test('come all, once, and in order when they are to, for any sizes and any order of answers', async () => {
    const given = fc.record({
      length: fc.integer({ min: 0, max: 25 }),
      chunkSize: fc.integer({ min: 1, max: 4 }),
      window: fc.integer({ min: 1, max: 8 }),
      ordered: fc.boolean(),
      picks: fc.array(fc.nat(9), { minLength: 30, maxLength: 30 }),
    })
    await fc.assert(
      fc.asyncProperty(given, async ({ length, chunkSize, window, ordered, picks }) => {
        const pool = new FakePool()
        const { source, closed } = counted(length)
        const iterator = imapOf(pool, source, { chunkSize, window }, { ordered })
        const results: number[] = []
        let over = false
        const collecting = (async () => {
          for await (const y of iterator) results.push(y)
          over = true
        })()
        await turn()
        for (let at = 0; !over; at += 1) {
          if (pool.works.length > 0) pool.answer((picks[at % picks.length] as number) % pool.works.length)
          await turn()
          expect(at).toBeLessThan(60)
        }
        await collecting
        const expected = Array.from({ length }, (_, x) => x * x)
        if (ordered) expect(results).toEqual(expected)
        else expect(results.sort((a, b) => a - b)).toEqual(expected)
        expect(closed()).toBe(1)
      }),
      { numRuns: 100 },
    )
  })

  test('of several that wait go to them in turn', async () => {
    const pool = new FakePool()
    const iterator = imapOf(pool, [1, 2, 3])
    const takers = [iterator.next(), iterator.next(), iterator.next(), iterator.next()]
    await turn()
    pool.answer(2)
    pool.answer(1)
    pool.answer(0)
    expect(await Promise.all(takers)).toEqual([
      { done: false, value: 1 },
      { done: false, value: 4 },
      { done: false, value: 9 },
      done,
    ])
  })

  test.each([1, 2, 3])(
    'that are errors stand at their place, in chunks of %i, and the iteration goes on',
    async (chunkSize) => {
      const pool = new FakePool()
      const iterator = imapOf(pool, [1, -2, 3], { chunkSize })
      const taken = [1, 2, 3, 4].map(() => watch(iterator.next()))
      await turn()
      while (pool.works.length > 0) pool.answer(pool.works.length - 1)
      await turn()
      expect(taken).toEqual([
        { value: { done: false, value: 1 } },
        { error: new RangeError('negative: -2') },
        { value: { done: false, value: 9 } },
        { value: done },
      ])
    },
  )

  test.each([1, 2, 3])('of what cannot be sent are errors at their place, in chunks of %i', async (chunkSize) => {
    const pool = new FakePool()
    const iterator = imapOf(pool, [1, () => 2, 3], { chunkSize })
    const taken = [1, 2, 3, 4].map(() => watch(iterator.next()))
    await turn()
    while (pool.works.length > 0) pool.answer()
    await turn()
    expect(taken).toEqual([
      { value: { done: false, value: 1 } },
      { error: new TypeError('no data') },
      { value: { done: false, value: 9 } },
      { value: done },
    ])
  })
})

describe('the error of a source', () => {
  test.each([
    [true, 1],
    [true, 3],
    [false, 1],
    [false, 3],
  ])('is told once, after all that came before it (ordered %p, chunks of %i)', async (ordered, chunkSize) => {
    const pool = new FakePool()
    function* source(): Generator<number> {
      yield 1
      yield 2
      throw new RangeError('dry')
    }
    const iterator = imapOf(pool, source(), { chunkSize }, { ordered })
    const taken = [1, 2, 3, 4, 5].map(() => watch(iterator.next()))
    await turn()
    while (pool.works.length > 0) pool.answer()
    await turn()
    expect(taken).toEqual([
      { value: { done: false, value: 1 } },
      { value: { done: false, value: 4 } },
      { error: new RangeError('dry') },
      { value: done },
      { value: done },
    ])
  })
})

describe('next(ms)', () => {
  test('that times out loses nothing: the next one gets the result', async () => {
    const pool = new FakePool()
    const iterator = imapOf(pool, [1, 2])
    const early = [watch(iterator.next(10)), watch(iterator.next(20))]
    await pool.clock.advance(10)
    expect(early[0]?.error).toBeInstanceOf(TimeoutError)
    expect(String(early[0]?.error)).toContain('next() of imap over square took longer than 10 ms')
    pool.answer()
    await turn()
    expect(early[1]).toEqual({ value: { done: false, value: 1 } })
    await pool.clock.advance(100)
    pool.answer()
    expect(await iterator.next(0)).toEqual({ done: false, value: 4 })
    expect(await iterator.next(5)).toEqual(done)
  })

  test('of a wrong time is refused, and takes nothing', async () => {
    const pool = new FakePool()
    const iterator = imapOf(pool, [1, 2])
    const first = iterator.next()
    await turn()
    pool.answer()
    pool.answer()
    await first
    await expect(iterator.next(-1)).rejects.toThrow(/Expected `ms` to be a number/)
    expect(await iterator.next()).toEqual({ done: false, value: 4 })
  })
})

describe('return()', () => {
  test('takes back what is under way, tells those who wait, and closes the source before it resolves', async () => {
    const pool = new FakePool()
    let finish: () => void = () => undefined
    const finished = new Promise<void>((resolve) => {
      finish = resolve
    })
    async function* source(): AsyncGenerator<number> {
      try {
        yield 1
        yield 2
        yield 3
        yield 4
        yield 5
      } finally {
        await finished
      }
    }
    const iterator = imapOf(pool, source(), { window: 3 })
    const waiting = watch(iterator.next())
    await turn()
    expect(pool.works).toHaveLength(3)
    const first = watch(iterator.return())
    const second = watch(iterator.return())
    await turn()
    expect(pool.works).toHaveLength(0)
    expect(pool.cancelled).toHaveLength(3)
    expect(waiting).toEqual({ value: done })
    expect([first, second]).toEqual([{}, {}])
    finish()
    await turn()
    expect([first, second]).toEqual([{ value: done }, { value: done }])
    expect(await iterator.next()).toEqual(done)
  })

  test('before anything was pulled closes the source too', async () => {
    const pool = new FakePool()
    let closed = 0
    const source: Iterable<number> = {
      [Symbol.iterator]: () => ({
        next: () => ({ done: false, value: 1 }),
        return: () => ((closed += 1), { done: true, value: undefined }),
      }),
    }
    const iterator = imapOf(pool, source)
    expect(await iterator.return()).toEqual(done)
    expect(closed).toBe(1)
    expect(await iterator.next()).toEqual(done)
    expect(pool.works).toEqual([])
  })

  test('while a slow source is being pulled drops what it gives then', async () => {
    const pool = new FakePool()
    let give: (result: IteratorResult<number>) => void = () => undefined
    let closed = 0
    const source: AsyncIterable<number> = {
      [Symbol.asyncIterator]: () => ({
        next: () => new Promise((resolve) => (give = resolve)),
        return: async () => ((closed += 1), { done: true, value: undefined }),
      }),
    }
    const iterator = imapOf(pool, source)
    const waiting = watch(iterator.next())
    await turn()
    expect(await iterator.return()).toEqual(done)
    give({ done: false, value: 1 })
    await turn()
    expect([waiting, pool.works, closed]).toEqual([{ value: done }, [], 1])
  })

  test('rejects with what the source says to its closing', async () => {
    const pool = new FakePool()
    const source: AsyncIterable<number> = {
      [Symbol.asyncIterator]: () => ({
        next: async () => ({ done: false, value: 1 }),
        return: () => Promise.reject(new RangeError('will not close')),
      }),
    }
    const iterator = imapOf(pool, source)
    watch(iterator.next())
    await turn()
    await expect(iterator.return()).rejects.toThrow('will not close')
  })
})

describe('an abort', () => {
  test('ends the iteration with its reason, once, and closes the source', async () => {
    const pool = new FakePool()
    const stop = new AbortController()
    const { source, closed } = counted(10)
    const iterator = imapOf(pool, source, { signal: stop.signal })
    const waiting = [watch(iterator.next()), watch(iterator.next())]
    await turn()
    const reason = new Error('enough')
    stop.abort(reason)
    await turn()
    expect(waiting).toEqual([{ error: reason }, { value: done }])
    expect(closed()).toBe(1)
    expect(pool.cancelled).toEqual([reason, reason, reason, reason])
    expect(await iterator.next()).toEqual(done)
  })

  test('that came before rejects the first next', async () => {
    const pool = new FakePool()
    const reason = new Error('enough')
    const iterator = imapOf(pool, [1], { signal: AbortSignal.abort(reason) })
    await expect(iterator.next()).rejects.toBe(reason)
    expect(await iterator.next()).toEqual(done)
    expect(pool.works).toEqual([])
  })

  test('is not listened for once all has been given', async () => {
    const pool = new FakePool()
    const { signal } = new AbortController()
    let listeners = 0
    const [add, remove] = [signal.addEventListener.bind(signal), signal.removeEventListener.bind(signal)]
    signal.addEventListener = (...args: Parameters<typeof add>) => ((listeners += 1), add(...args))
    signal.removeEventListener = (...args: Parameters<typeof remove>) => ((listeners -= 1), remove(...args))
    const iterator = imapOf(pool, [1], { signal })
    expect(listeners).toBe(1)
    const taken = [iterator.next(), iterator.next()]
    await turn()
    pool.answer()
    await Promise.all(taken)
    expect(listeners).toBe(0)
  })

  test('does not care what the source says to its closing', async () => {
    const pool = new FakePool()
    const stop = new AbortController()
    const source: AsyncIterable<number> = {
      [Symbol.asyncIterator]: () => ({
        next: async () => ({ done: false, value: 1 }),
        return: () => Promise.reject(new Error('will not close')),
      }),
    }
    const waiting = watch(imapOf(pool, source, { signal: stop.signal }).next())
    await turn()
    stop.abort('why')
    await turn()
    expect(waiting).toEqual({ error: 'why' })
  })
})
