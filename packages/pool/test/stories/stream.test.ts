import { remote } from '@troupe/pool'
import { newDesk, newPool, sharedPool } from '../support/pools.js'
import { failure, inTime, until } from '../support/settle.js'

const streams = remote<typeof import('../fixtures/streams.js')>(new URL('../fixtures/streams.js', import.meta.url))

const upTo = (n: number): number[] => Array.from({ length: n }, (_, index) => index + 1)

async function all<T>(stream: AsyncIterable<T>): Promise<T[]> {
  const items: T[] = []
  for await (const item of stream) items.push(item)
  return items
}

/** What came, and the error after it. */
async function allAndError<T>(stream: AsyncIterable<T>): Promise<[T[], any]> {
  const items: T[] = []
  try {
    for await (const item of stream) items.push(item)
  } catch (error) {
    return [items, error]
  }
  return [items, undefined]
}

describe('a generator task', () => {
  const pool = sharedPool(1)

  test('gives its items in order, sync and async ones alike, and frees its worker at the end', async () => {
    expect(await all(pool().stream(streams.upTo, [1_000]))).toEqual(upTo(1_000))
    expect(await all(pool().stream(streams.slowly, [300]))).toEqual(upTo(300))
    expect(await all(pool().stream(streams.list as never, []))).toEqual([1, 2, 3])
    expect(await pool().apply(streams.five, [])).toBe(5)
  })

  test('runs a window ahead and no further; a break closes it, its finally included', async () => {
    const desk = await newDesk()
    const own = newPool({ size: 1 })
    const stream = own.stream(streams.noting, [desk.key], { window: 4 })
    await until(() => desk.visits.length === 4)
    expect(own.stats().running).toBe(1)
    for await (const n of stream) if (n === 2) break
    await until(() => desk.visits.at(-1)?.label === 'closed')
    expect(desk.visits.length).toBeLessThanOrEqual(7)
    expect(await own.apply(streams.five, [])).toBe(5)
  })

  test('its error comes after its items, and the worker lives on', async () => {
    const [items, error] = await allAndError(pool().stream(streams.failing, [5]))
    expect(items).toEqual(upTo(5))
    expect(error).toMatchObject({ name: 'RangeError', message: 'no more', code: 'ERR_OWN' })
    expect(error.remoteStack).toContain('failing')
    expect(await pool().apply(streams.five, [])).toBe(5)
  })

  test('that gives no stream is refused with the cure', async () => {
    const error = await failure(
      pool()
        .stream(streams.five as never, [])
        .next(),
    )
    expect(error.message).toMatch(/gives number, which is no stream: use apply/)
  })

  test('that crashes after its items rejects with WorkerCrashedError, after them', async () => {
    const own = newPool({ size: 1 })
    const [items, error] = await allAndError(own.stream(streams.exiting, [3], { retries: 2, idempotent: true }))
    expect(items).toEqual([1, 2, 3])
    expect(error).toMatchObject({ code: expect.stringMatching(/ERR_WORKER_CRASHED|ERR_POISON_TASK/) })
    expect(await own.apply(streams.five, [])).toBe(5)
  })

  test('that crashed before its first item runs again, when it may', async () => {
    const own = newPool({ size: 1 })
    expect(await all(own.stream(streams.second, [], { retries: 1, idempotent: true }))).toEqual([2])
  })

  test('that heeds its signal ends at a break; one that does not is killed with its worker', async () => {
    const desk = await newDesk()
    const own = newPool({ size: 1, cancelGrace: 50 })
    for await (const _ of own.stream(streams.hanging, [desk.key])) break
    await until(() => desk.visits.at(-1)?.label === 'aborted')
    for await (const _ of own.stream(streams.stubborn, [])) break
    expect(await own.apply(streams.five, [])).toBe(5)
    expect(own.stats().restarts).toBe(1)
  })

  test('that waits in the queue is taken back at a break, and by its signal', async () => {
    const desk = await newDesk()
    const own = newPool({ size: 1 })
    const busy = own.stream(streams.noting, [desk.key], { window: 1 })
    await busy.next()
    const queued = own.stream(streams.upTo, [3])
    await queued.return?.()
    const controller = new AbortController()
    const aborted = own.stream(streams.upTo, [3], { signal: controller.signal })
    controller.abort(new Error('enough'))
    expect(await failure(aborted.next())).toMatchObject({ message: 'enough' })
    await busy.return?.()
    expect(own.stats()).toMatchObject({ queued: 0 })
  })

  test('pending when the pool ends: it rejects, and stop() lets it finish', async () => {
    const desk = await newDesk()
    const own = newPool({ size: 1 })
    const stream = own.stream(streams.noting, [desk.key], { window: 1 })
    await stream.next()
    await stream.next()
    const pending = allAndError(stream)
    await own.terminate()
    const [, error] = await inTime(pending)
    expect(error).toMatchObject({ code: 'ERR_POOL_TERMINATED' })
    const orderly = newPool({ size: 1 })
    const items = all(orderly.stream(streams.slowly, [100]))
    await orderly.stop()
    expect(await items).toEqual(upTo(100))
  })
})

describe('a stream as an argument', () => {
  const pool = sharedPool(1)

  async function* numbers(to: number, over: () => void = () => undefined): AsyncGenerator<number> {
    try {
      for (let n = 1; n <= to; n += 1) yield n
    } finally {
      over()
    }
  }

  test('flows into the task, and through a generator task', async () => {
    expect(await pool().apply(streams.sum, [numbers(1_000)])).toBe(500_500)
    expect(await all(pool().stream(streams.doubled, [numbers(100)]))).toEqual(upTo(100).map((n) => 2 * n))
  })

  test('may be a plain object when it is an argument itself; deeper within one it is refused at the call', async () => {
    const plain = { [Symbol.asyncIterator]: () => numbers(10) }
    expect(await pool().apply(streams.sum, [plain])).toBe(55)
    const error = await failure(pool().apply(streams.sum, [[plain] as never]))
    expect(error).toMatchObject({
      code: 'ERR_SERIALIZATION',
      message: expect.stringContaining('a stream made of a plain object'),
    })
  })

  test('is closed when the task leaves it', async () => {
    let over: () => void = () => undefined
    const closed = new Promise<void>((resolve) => {
      over = resolve
    })
    expect(await pool().apply(streams.first, [numbers(1_000_000, over)])).toBe(1)
    await inTime(closed)
  })

  test('does not go with retries: what was taken of it is gone', async () => {
    const options = { retries: 1, idempotent: true }
    await expect(pool().apply(streams.sum, [numbers(1)], options)).rejects.toThrow(/do not go together/)
  })
})
