import { PoisonTaskError, WorkerCrashedError } from '@troupe/core'
import { remote } from '@troupe/pool'
import { eventsOf, newDesk, newPool } from '../support/pools.js'
import { onThreads, processTest } from '../support/place.js'
import { failure, inTime, until } from '../support/settle.js'

const tasks = remote<typeof import('../fixtures/tasks.js')>(new URL('../fixtures/tasks.js', import.meta.url))
const errors = remote<typeof import('../fixtures/errors.js')>(new URL('../fixtures/errors.js', import.meta.url))
const again = (retries: number): { retries: number; idempotent: true } => ({ retries, idempotent: true })

describe('retries', () => {
  test('an idempotent task whose worker dies is run again, and knows its attempt', async () => {
    const pool = newPool({ size: 1 })
    const events = eventsOf(pool)
    expect(await inTime(pool.apply(tasks.dieUntil, [3], again(2)))).toBe(3)
    expect(pool.stats()).toMatchObject({ done: 1, failed: 0, retried: 2, restarts: 2 })
    const retried = events.filter(({ type }) => type === 'taskRetried')
    expect(retried).toMatchObject([
      { id: 'worker-1', attempt: 2, task: expect.stringContaining('dieUntil of file:') },
      { attempt: 3 },
    ])
  })

  test('after the last retry it rejects as poison, with the last end as the cause', async () => {
    const pool = newPool({ size: 1 })
    const error = await failure(pool.apply(tasks.killSelf, [], again(2)))
    expect(error).toBeInstanceOf(PoisonTaskError)
    expect(error.message).toContain('killSelf of file:')
    expect(error.message).toContain('3 times')
    expect(error.cause).toBeInstanceOf(WorkerCrashedError)
    expect(error.cause).toMatchObject(onThreads() ? { exitCode: 137 } : { signal: 'SIGKILL' })
    expect(await inTime(pool.apply(tasks.square, [3]))).toBe(9)
  })

  test('retries of what may not run twice are refused, with the reason', async () => {
    const pool = newPool({ size: 1 })
    for (const options of [{ retries: 1 }, { retries: 1, idempotent: false }]) {
      const error = await failure(pool.apply(tasks.square, [1], options))
      expect(error).toBeInstanceOf(TypeError)
      expect(error.message).toContain('`retries` needs `idempotent: true`')
    }
    expect(await pool.apply(tasks.square, [2], { retries: 0 })).toBe(4)
  })

  test('an error that a task throws is not retried', async () => {
    const pool = newPool({ size: 1 })
    expect(await failure(pool.apply(errors.range, [], again(5)))).toBeInstanceOf(RangeError)
    expect(pool.stats()).toMatchObject({ failed: 1, retried: 0 })
  })

  test('of a chunk is taken back with its map, and with its iterator', async () => {
    const desk = await newDesk()
    const pool = newPool({ size: 1, cancelGrace: 20 })
    const visits = [1, 2].map((label) => ({ key: desk.key, label }))
    const map = pool.mapAsync(tasks.dieThenVisit, visits, { chunkSize: 2, ...again(1) })
    await inTime(desk.next())
    expect(map.cancel()).toBe(true)
    expect(await failure(map)).toMatchObject({ code: 'ERR_CANCELLED' })
    await until(() => pool.stats().running === 0)
    const iterator = pool.imap(tasks.dieThenVisit, visits, { chunkSize: 2, ...again(1) })
    void iterator.next()
    await inTime(desk.next())
    await iterator.return()
    await until(() => pool.stats().running === 0)
    expect(pool.stats().queued).toBe(0)
  })

  test('of a chunk only what was not reported runs again, singly, so that a poison item fails alone', async () => {
    const desk = await newDesk()
    const pool = newPool({ size: 1 })
    const items = ['a', 'b', 'poison', 'd', 'e'].map((item) => ({ key: desk.key, item }))
    const iterator = pool.imap(tasks.noteItem, items, { chunkSize: 5, ...again(1) })
    const outcomes: unknown[] = []
    for (let place = 0; place < 5; place += 1) {
      await inTime(iterator.next()).then(
        ({ value }) => outcomes.push(value),
        (error: unknown) => outcomes.push(error),
      )
    }
    expect(outcomes).toEqual(['a', 'b', expect.any(PoisonTaskError), 'd', 'e'])
    expect((outcomes[2] as PoisonTaskError).message).toContain('2 times')
    const runs = desk.visits.map(({ label, attempt }) => `${String(label)}${attempt}`)
    expect(runs).toEqual(['a1', 'b1', 'poison1', 'poison2', 'd2', 'e2'])
  })

  test('map with a poison item rejects with it after all others have run', async () => {
    const pool = newPool({ size: 2 })
    const items = ['a', 'poison', 'c', 'd', 'e', 'f']
    const error = await failure(pool.map(tasks.poison, items, { chunkSize: 3, ...again(1) }))
    expect(error).toBeInstanceOf(PoisonTaskError)
    expect(pool.stats()).toMatchObject({ queued: 0, running: 0 })
  })

  processTest('a task that waits to be run again can be aborted, and is not run', async () => {
    const desk = await newDesk()
    const pool = newPool({ size: 1 })
    const stop = new AbortController()
    const reason = new Error('no more')
    const call = failure(pool.apply(tasks.visit, [desk.key, 'x'], { ...again(3), signal: stop.signal }))
    pool.events$.subscribe(({ type }) => type === 'taskRetried' && stop.abort(reason))
    process.kill((await desk.next()).pid, 'SIGKILL')
    expect(await call).toBe(reason)
    expect(await inTime(pool.apply(tasks.square, [3]))).toBe(9)
    expect(desk.visits).toHaveLength(1)
  })
})
