/** Workers that are replaced between two tasks, and what they do last. */
import { remote } from '@troupe/pool'
import { workerThread } from '@troupe/transport-node'
import { eventOf, eventsOf, newDesk, newPool } from '../support/pools.js'
import { processTest } from '../support/place.js'
import { failure, inTime, until } from '../support/settle.js'

const tasks = remote<typeof import('../fixtures/tasks.js')>(new URL('../fixtures/tasks.js', import.meta.url))

describe('maxTasksPerWorker', () => {
  test('replaces a worker after so many tasks, and loses none', async () => {
    const pool = newPool({ size: 1, maxTasksPerWorker: 2 })
    const events = eventsOf(pool)
    const counts: number[] = []
    for (let task = 0; task < 5; task += 1) counts.push(await pool.apply(tasks.count, []))
    expect(counts).toEqual([1, 2, 1, 2, 1])
    expect(events.filter(({ type }) => type === 'recycled')).toMatchObject([
      { id: 'worker-1', why: 'tasks' },
      { id: 'worker-1', why: 'tasks' },
    ])
    // In peace, and no restart of a crash.
    expect(pool.stats()).toMatchObject({ restarts: 0, failed: 0, done: 5 })
  })

  test('with work that waits for all of them: each is done once (H12)', async () => {
    const pool = newPool({ size: 2, maxTasksPerWorker: 1 })
    const results = await inTime(pool.map(tasks.square, [1, 2, 3, 4, 5, 6], { chunkSize: 1 }))
    expect(results).toEqual([1, 4, 9, 16, 25, 36])
  })

  test('a chunk counts as one task, as in Python', async () => {
    const pool = newPool({ size: 1, maxTasksPerWorker: 1 })
    expect(await pool.map(tasks.count as never, [1, 2, 3], { chunkSize: 3 })).toEqual([1, 2, 3])
    expect(await pool.apply(tasks.count, [])).toBe(1)
  })
})

describe('recycleRssMb', () => {
  processTest('replaces a worker that holds more, between two tasks', async () => {
    const pool = newPool({ size: 1, recycleRssMb: 400 })
    const recycled = eventOf(pool, 'recycled')
    const first = await pool.apply(tasks.hold, [10])
    // The measurement of the first holds for a while.
    await pool.apply(tasks.later, [1, 260])
    expect(await pool.apply(tasks.hold, [400])).toBe(first)
    expect(await recycled).toMatchObject({ id: 'worker-1', why: 'memory' })
    expect(await pool.apply(tasks.pid, [])).not.toBe(first)
  })

  test('is refused for threads, whose memory is this process', () => {
    expect(() => newPool({ recycleRssMb: 400, on: workerThread() })).toThrow(/threads/)
  })
})

describe('a finalizer', () => {
  const named = async (options: object): Promise<{ pool: ReturnType<typeof newPool>; desk: any }> => {
    const desk = await newDesk()
    const given = { size: 1, initializer: tasks.keep, initargs: [desk.key.book], finalizer: tasks.finish, ...options }
    return { desk, pool: newPool(given as never) }
  }

  test('runs with what the initializer returned, when the pool stops', async () => {
    const { pool, desk } = await named({})
    expect(await pool.apply(tasks.keptTask, [])).toBe(1)
    expect(await pool.apply(tasks.keptTask, [])).toBe(2)
    await pool.stop()
    expect((await desk.next()).label).toBe('finished after 2')
  })

  test('runs in a worker that is replaced, and in one that is idle too long', async () => {
    const { pool, desk } = await named({ maxTasksPerWorker: 1, size: { max: 1, idleTimeout: 10 } })
    await pool.apply(tasks.keptTask, [])
    expect((await desk.next()).label).toBe('finished after 1')
    // The one that took its place has had nothing to do.
    expect((await desk.next()).label).toBe('finished after 0')
    await until(() => pool.stats().workers.length === 0)
  })

  test('does not run in one that is killed, and one that throws is a crash of its worker alone', async () => {
    const { pool, desk } = await named({})
    await failure(pool.apply(tasks.killSelf, []))
    expect(await pool.apply(tasks.keptTask, [])).toBe(1)
    expect(desk.visits).toEqual([])
    await pool.terminate()
    expect(desk.visits).toEqual([])

    const bad = newPool({ size: 1, finalizer: tasks.throwUnbuildable as never })
    const crashed = eventOf(bad, 'crashed')
    expect(await bad.apply(tasks.square, [2])).toBe(4)
    await inTime(bad.stop())
    expect((await crashed).error).toMatchObject({ cause: { message: 'deep 7' } })
  })
})
