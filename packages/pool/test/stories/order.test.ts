/** Which task goes first, and where: priority, keys, the bounded queue, and tasks that are handed ahead. */
import { QueueFullError } from '@troupe/core'
import { type Pool, remote } from '@troupe/pool'
import type { Desk } from '../support/desk.js'
import { eventOf, newDesk, newPool } from '../support/pools.js'
import { failure, inTime, until } from '../support/settle.js'

const tasks = remote<typeof import('../fixtures/tasks.js')>(new URL('../fixtures/tasks.js', import.meta.url))

/** A pool of one worker, which is at work until the desk opens. */
async function busy(options: object = {}): Promise<{ pool: Pool; desk: Desk; held: Promise<unknown> }> {
  const desk = await newDesk()
  const pool = newPool({ size: 1, ...options })
  const held = pool.apply(tasks.visit, [desk.key, 'held'])
  await desk.next()
  return { pool, desk, held }
}

describe('priority', () => {
  test('the highest goes first among what waits; those of one priority in the order of their calls', async () => {
    const { pool, desk } = await busy()
    const calls = [
      pool.apply(tasks.visit, [desk.key, 'a']),
      pool.apply(tasks.visit, [desk.key, 'low'], { priority: -1 }),
      pool.apply(tasks.visit, [desk.key, 'high'], { priority: 5 }),
      pool.map(tasks.visitIf, [{ key: desk.key, label: 'map', waits: true }], { priority: 2 }),
      pool.apply(tasks.visit, [desk.key, 'b']),
    ]
    desk.open()
    await Promise.all(calls)
    expect(desk.visits.map(({ label }) => label)).toEqual(['held', 'high', 'map', 'a', 'b', 'low'])
  })
})

describe('a key', () => {
  test('its tasks go to one place, one after the other, while others are free', async () => {
    const desk = await newDesk()
    const pool = newPool({ size: 3 })
    await pool.ready()
    const calls = ['a', 'b', 'c'].map((label) => pool.apply(tasks.visit, [desk.key, label], { key: 'user-7' }))
    const { workerId } = await desk.next()
    expect(pool.stats()).toMatchObject({ running: 1, queued: 2 })
    expect(await pool.apply(tasks.square, [3])).toBe(9)
    desk.open()
    expect(await Promise.all(calls)).toEqual(['a', 'b', 'c'])
    expect(desk.visits.map((visit) => [visit.label, visit.workerId])).toEqual([
      ['a', workerId],
      ['b', workerId],
      ['c', workerId],
    ])
    // Also later, when nobody waits any more.
    expect((await pool.apply(tasks.self, [], { key: 'user-7' })).workerId).toBe(workerId)
  })

  test('survives the death of its worker: the place is the same', async () => {
    const pool = newPool({ size: 2 })
    const { workerId } = await pool.apply(tasks.self, [], { key: 1 })
    await failure(pool.apply(tasks.killSelf, [], { key: 1 }))
    expect(await pool.apply(tasks.self, [], { key: 1 })).toEqual({ workerId, attempt: 1 })
  })
})

describe('the queue', () => {
  test('with reject it refuses a call beyond its capacity, which loses nothing', async () => {
    const { pool, desk, held } = await busy({ queue: { capacity: 2, overflow: 'reject' } })
    const waiting = [1, 2].map((label) => pool.apply(tasks.visit, [desk.key, label]))
    expect(await failure(pool.apply(tasks.square, [3]))).toBeInstanceOf(QueueFullError)
    expect(await failure(pool.map(tasks.square, [3]))).toMatchObject({ code: 'ERR_QUEUE_FULL' })
    expect(() => pool.imap(tasks.square, [3])).toThrow(QueueFullError)
    desk.open()
    expect(await Promise.all([held, ...waiting])).toEqual(['held', 1, 2])
    expect(await pool.apply(tasks.square, [3])).toBe(9)
  })

  test('with wait it takes all, and tells once that it is more than it should hold', async () => {
    const { pool, desk } = await busy({ queue: { capacity: 2 } })
    const overload = eventOf(pool, 'overload')
    const waiting = [1, 2, 3, 4].map((label) => pool.apply(tasks.visit, [desk.key, label]))
    expect(await overload).toMatchObject({ queued: 2 })
    desk.open()
    expect(await Promise.all(waiting)).toEqual([1, 2, 3, 4])
  })
})

describe('tasks that are handed ahead', () => {
  /** Here they are known to be short, however slow this machine is just now. */
  const warm = async (pool: Pool): Promise<void> => {
    await pool.apply(tasks.poison, [1])
    const { pace } = (pool as any).staff.scheduler
    for (const name of ['poison', 'pid'])
      for (let task = 0; task < 64; task += 1) pace.note({ name: { url: tasks.pid.url, export: name }, units: 1 }, 0)
  }

  test('go back to the queue when the worker dies: only the one at work fails', async () => {
    const pool = newPool({ size: 1, prefetch: 8 })
    await warm(pool)
    for (let round = 0; round < 5; round += 1) {
      const calls = ['a', 'poison', 'b', 'c', 'd', 'e'].map((item) => pool.apply(tasks.poison, [item]))
      const outcomes = await inTime(Promise.allSettled(calls))
      expect(outcomes.map(({ status }) => status)).toEqual([
        'fulfilled',
        'rejected',
        'fulfilled',
        'fulfilled',
        'fulfilled',
        'fulfilled',
      ])
      expect(outcomes[1]).toMatchObject({ reason: { code: 'ERR_WORKER_CRASHED', started: true } })
    }
  })

  test('prefetch bounds how many: none with 0, and none of tasks that are long', async () => {
    for (const [prefetch, ahead] of [
      [0, 0],
      [3, 3],
    ] as const) {
      const pool = newPool({ size: 1, prefetch })
      await warm(pool)
      const calls = Array.from({ length: 20 }, () => pool.apply(tasks.pid, []))
      // Fewer when this process was held up meanwhile: then the first has been at work for too long.
      expect(handed(pool)).toBeGreaterThanOrEqual(1)
      expect(handed(pool)).toBeLessThanOrEqual(1 + ahead)
      await Promise.all(calls)
      for (let long = 0; long < 9; long += 1) await pool.apply(tasks.spin, [3])
      const spins = [pool.apply(tasks.spin, [3]), pool.apply(tasks.spin, [3])]
      expect(handed(pool)).toBe(1)
      await Promise.all(spins)
    }
  })

  test('one that is taken back rejects at once, and harms no other', async () => {
    const pool = newPool({ size: 1, prefetch: 8, cancelGrace: 50 })
    await warm(pool)
    const abort = new AbortController()
    const before = pool.apply(tasks.pid, [])
    const given = pool.apply(tasks.poison, [1], { signal: abort.signal })
    const after = pool.apply(tasks.pid, [])
    abort.abort(new Error('no more'))
    expect(await failure(given)).toMatchObject({ message: 'no more' })
    expect(await after).toBe(await before)
    await until(() => pool.stats().running === 0)
    expect(pool.stats().restarts).toBe(0)
  })
})

/** Pieces of work that workers have. */
const handed = (pool: Pool): number =>
  [...(pool as any).staff.scheduler.crew.slots].reduce((sum: number, { hand }) => sum + hand.length, 0)
