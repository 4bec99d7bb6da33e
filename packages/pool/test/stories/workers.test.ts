/** What concerns single workers: broadcast, checkout, and the progress that tasks tell of. */
import { PoolTerminatedError, TimeoutError, WorkerCrashedError } from '@troupe/core'
import { type Checkout, remote } from '@troupe/pool'
import { eventOf, newDesk, newPool } from '../support/pools.js'
import { failure, inTime, until } from '../support/settle.js'

const tasks = remote<typeof import('../fixtures/tasks.js')>(new URL('../fixtures/tasks.js', import.meta.url))

describe('broadcast', () => {
  test('runs once in each worker, and starts those that are not there', async () => {
    const pool = newPool({ size: 3 })
    const ids = (await pool.broadcast(tasks.self, [])).map(({ workerId }) => workerId)
    expect(ids).toEqual(['worker-1', 'worker-2', 'worker-3'])
    expect(await pool.broadcast(tasks.count, [])).toEqual([1, 1, 1])
    expect(await pool.broadcast(tasks.count, [])).toEqual([2, 2, 2])
  })

  test('comes before all that waits', async () => {
    const desk = await newDesk()
    const pool = newPool({ size: 1 })
    const held = pool.apply(tasks.visit, [desk.key, 'held'])
    await desk.next()
    const waiting = pool.apply(tasks.visit, [desk.key, 'waiting'], { priority: 9 })
    const all = pool.broadcast(tasks.visit, [desk.key, 'broadcast'])
    desk.open()
    expect(await all).toEqual(['broadcast'])
    await Promise.all([held, waiting])
    expect(desk.visits.map(({ label }) => label)).toEqual(['held', 'broadcast', 'waiting'])
  })

  test('rejects with the first error after all have ended; and with TimeoutError, taking back what has not begun', async () => {
    const desk = await newDesk()
    const pool = newPool({ size: 2 })
    expect(await failure(pool.broadcast(tasks.throwIf, [-1]))).toMatchObject({ message: 'negative: -1' })
    const held = pool.apply(tasks.visit, [desk.key, 'held'])
    await desk.next()
    expect(await failure(pool.broadcast(tasks.count, [], { timeout: 30 }))).toBeInstanceOf(TimeoutError)
    desk.open()
    await held
    await until(() => pool.stats().running === 0)
    // One of the two has run it.
    expect((await pool.broadcast(tasks.count, [])).sort((a, b) => a - b)).toEqual([1, 2])
  })
})

describe('checkout', () => {
  test('gives one worker to one holder alone, and takes it back', async () => {
    const pool = newPool({ size: 1 })
    let other: Promise<number> | undefined
    const counts = await pool.checkout(async (worker) => {
      expect(worker.id).toBe('worker-1')
      const first = await worker.apply(tasks.count, [])
      other = pool.apply(tasks.count, [])
      const [second, third] = await Promise.all([worker.apply(tasks.count, []), worker.apply(tasks.count, [])])
      expect(pool.stats()).toMatchObject({ running: 1, queued: 1 })
      return [first, second, third]
    })
    expect(counts).toEqual([1, 2, 3])
    expect(await other).toBe(4)
  })

  test('the worker stays that of its holder for more than its tasks or the new size; it ends when it is given back', async () => {
    const worn = newPool({ size: 1, maxTasksPerWorker: 1 })
    const twice = async (worker: Checkout): Promise<number[]> => [
      await worker.apply(tasks.count, []),
      await worker.apply(tasks.count, []),
    ]
    expect(await inTime(worn.checkout(twice))).toEqual([1, 2])
    expect(await inTime(worn.checkout(twice))).toEqual([1, 2])
    const pool = newPool({ size: 2 })
    await pool.ready()
    const both = [1, 2].map(() =>
      pool.checkout(async (worker) => {
        pool.resize(1)
        return worker.apply(tasks.count, [])
      }),
    )
    expect(await inTime(Promise.all(both))).toEqual([1, 1])
    await until(() => pool.stats().workers.length === 1)
  })

  test('refuses retries, which another worker would run', async () => {
    const pool = newPool({ size: 1 })
    const retried = pool.checkout((worker) => worker.apply(tasks.count, [], { retries: 1, idempotent: true }))
    expect(await failure(retried)).toMatchObject({ message: expect.stringMatching(/no other takes its place/) })
  })

  test('ends with the pool also when that ends before the holder has begun', async () => {
    const pool = newPool({ size: 1 })
    await pool.ready()
    const held = failure(pool.checkout(() => new Promise(() => undefined)))
    await pool.terminate()
    expect(await held).toBeInstanceOf(PoolTerminatedError)
  })

  test('what the holder throws is what it rejects with, and the worker is free again', async () => {
    const pool = newPool({ size: 1 })
    let kept: Checkout | undefined
    const failed = pool.checkout((worker) => {
      kept = worker
      throw new Error('in the holder')
    })
    expect(await failure(failed)).toMatchObject({ message: 'in the holder' })
    expect(await failure((kept as Checkout).apply(tasks.count, []))).toMatchObject({ code: 'ERR_CANCELLED' })
    expect(await pool.apply(tasks.count, [])).toBe(1)
  })

  test('whose worker dies: the calls fail, no other worker takes its place here, and the pool goes on', async () => {
    const pool = newPool({ size: 1 })
    const errors = await pool.checkout(async (worker) => [
      await failure(worker.apply(tasks.killSelf, [])),
      await failure(worker.apply(tasks.count, [])),
    ])
    for (const error of errors) expect(error).toBeInstanceOf(WorkerCrashedError)
    expect(errors.map(({ started }) => started)).toEqual([true, false])
    expect(await pool.apply(tasks.count, [])).toBe(1)
  })

  test('waits no longer than it is told to; close waits for the holder, terminate does not', async () => {
    const pool = newPool({ size: 1 })
    let leave: () => void = () => undefined
    const held = pool.checkout(() => new Promise<void>((resolve) => (leave = resolve)))
    await until(() => pool.stats().running === 1)
    expect(await failure(pool.checkout(() => 1, { timeout: 30 }))).toBeInstanceOf(TimeoutError)
    pool.close()
    expect(await failure(pool.join({ timeout: 30 }))).toBeInstanceOf(TimeoutError)
    leave()
    await held
    await inTime(pool.join())

    const ended = newPool({ size: 1 })
    const endless = failure(ended.checkout(() => new Promise<never>(() => undefined)))
    await until(() => ended.stats().running === 1)
    await ended.terminate()
    expect(await endless).toMatchObject({ code: 'ERR_POOL_TERMINATED' })
  })

  test('a holder that ends the pool himself is told, whatever he waits for', async () => {
    const pool = newPool({ size: 1 })
    const endless = pool.checkout(() => {
      void pool.terminate()
      return new Promise<never>(() => undefined)
    })
    expect(await failure(endless)).toMatchObject({ code: 'ERR_POOL_TERMINATED' })
  })

  test('a holder may use it after the pool was closed: it is part of what is drained', async () => {
    const pool = newPool({ size: 1 })
    const result = pool.checkout(async (worker) => {
      pool.close()
      return worker.apply(tasks.square, [3])
    })
    expect(await result).toBe(9)
    await inTime(pool.join())
  })
})

describe('progress', () => {
  test('of a task comes in order, and before its result', async () => {
    const pool = newPool({ size: 1 })
    const seen: unknown[] = []
    await pool.apply(tasks.climb, [3], { onProgress: (value) => seen.push(value) })
    expect(seen).toEqual([{ step: 1 }, { step: 2 }, { step: 3 }])
  })

  test('of an item of a map names its position', async () => {
    const pool = newPool({ size: 2 })
    const seen: unknown[] = []
    const onProgress = (value: any, index: number): void => void seen.push([index, value.step])
    await pool.map(tasks.climb, [1, 2], { onProgress, chunkSize: 1 })
    seen.sort((a, b) => String(a).localeCompare(String(b)))
    expect(seen).toEqual([
      [0, 1],
      [1, 1],
      [1, 2],
    ])
    seen.length = 0
    await pool.map(tasks.climb, [1, 2], { onProgress, chunkSize: 2 })
    expect(seen).toEqual([
      [0, 1],
      [1, 1],
      [1, 2],
    ])
  })

  test('that nobody wants costs nothing, one that is no data throws in the task, and a listener that throws is told', async () => {
    const pool = newPool({ size: 1 })
    expect(await pool.apply(tasks.tellsNothing, [])).toBe(false)
    const bad = pool.apply(tasks.badProgress, [], { onProgress: () => undefined })
    expect(await failure(bad)).toMatchObject({ code: 'ERR_SERIALIZATION' })
    const told = eventOf(pool, 'callbackError')
    const result = pool.apply(tasks.climb, [1], {
      onProgress: () => {
        throw new Error('in a listener')
      },
    })
    expect(await result).toBe(1)
    expect((await told).error).toMatchObject({ message: 'in a listener' })
  })
})
