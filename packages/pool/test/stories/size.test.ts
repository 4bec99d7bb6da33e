/** How many workers there are, and when they come and go. */
import { remote } from '@troupe/pool'
import { createLock, workerThread } from '@troupe/transport-node'
import { eventOf, eventsOf, newDesk, newPool, testSystem } from '../support/pools.js'
import { failure, inTime, until } from '../support/settle.js'
import { living, onThreads } from '../support/place.js'

const tasks = remote<typeof import('../fixtures/tasks.js')>(new URL('../fixtures/tasks.js', import.meta.url))

describe('an elastic pool', () => {
  test('starts nobody at ready() without a min, and as many as there is work for, up to max', async () => {
    const desk = await newDesk()
    const pool = newPool({ size: { max: 2, idleTimeout: 10 } })
    await pool.ready()
    expect(pool.stats().workers).toEqual([])
    expect(pool.size).toBe(2)
    const results = [1, 2, 3].map((label) => pool.apply(tasks.visit, [desk.key, label]))
    await desk.next()
    await desk.next()
    expect(pool.stats().workers).toHaveLength(2)
    desk.open()
    expect(await Promise.all(results)).toEqual([1, 2, 3])
    await until(() => pool.stats().workers.length === 0)
    expect(await pool.apply(tasks.square, [3])).toBe(9)
  })

  test('keeps min when the others have had nothing to do for idleTimeout', async () => {
    const pool = newPool({ size: { min: 1, max: 3, idleTimeout: 20 } })
    await pool.ready()
    expect(pool.stats().workers).toHaveLength(1)
    await Promise.all([1, 2, 3].map((x) => pool.apply(tasks.later, [x, 30])))
    expect(pool.stats().workers.length).toBeGreaterThan(1)
    await until(() => pool.stats().workers.length === 1)
    expect(pool.stats().workers[0]).toMatchObject({ state: 'idle' })
  })

  test('a worker that is ended for want of work ends in peace: nobody reports a crash', async () => {
    const pool = newPool({ size: { max: 1, idleTimeout: 1 } })
    const events = eventsOf(pool)
    const down = eventOf(pool, 'down')
    const pid = await pool.apply(tasks.pid, [])
    expect((await down).reason).toMatchObject({ type: 'shutdown' })
    expect(events.map(({ type }) => type)).toEqual(['spawned', 'down'])
    expect(living([pid])).toEqual([])
  })
})

describe('resize', () => {
  test('lets more workers come, and takes those beyond it away when they have done what they have', async () => {
    const desk = await newDesk()
    const pool = newPool({ size: 1 })
    const results = ['a', 'b', 'c'].map((label) => pool.apply(tasks.visit, [desk.key, label]))
    await desk.next()
    pool.resize(3)
    expect(pool.size).toBe(3)
    await desk.next()
    await desk.next()
    pool.resize(1)
    expect(pool.stats().running).toBe(3)
    desk.open()
    expect(await Promise.all(results)).toEqual(['a', 'b', 'c'])
    await until(() => pool.stats().workers.length === 1)
    expect(await pool.map(tasks.square, [1, 2, 3])).toEqual([1, 4, 9])
    expect(pool.stats().workers).toHaveLength(1)
  })

  test('tasks of a key and a broadcast that wait for a place beyond it are done before that ends', async () => {
    const desk = await newDesk()
    const pool = newPool({ size: 4 })
    await pool.ready()
    const keys = [0, 1, 2, 3, 4, 5, 6, 7]
    const held = [0, 1, 2, 3].map(() => pool.apply(tasks.visit, [desk.key, 'held']))
    for (let worker = 0; worker < 4; worker += 1) await desk.next()
    const keyed = keys.map((key) => pool.apply(tasks.echo, [key], { key }))
    const all = pool.broadcast(tasks.echo, ['all'])
    pool.resize(1)
    desk.open()
    expect(await inTime(Promise.all(keyed))).toEqual(keys)
    expect(await inTime(all)).toEqual(['all', 'all', 'all', 'all'])
    await Promise.all(held)
    await until(() => pool.stats().workers.length === 1)
  })

  test('a place beyond it goes when what waited for it is taken back', async () => {
    const desk = await newDesk()
    const pool = newPool({ size: 2 })
    await pool.ready()
    const held = [0, 1].map(() => pool.apply(tasks.visit, [desk.key, 'held']))
    await desk.next()
    await desk.next()
    const stop = new AbortController()
    const keyed = [0, 1, 2, 3].map((key) => failure(pool.apply(tasks.nothing, [], { key, signal: stop.signal })))
    pool.resize(1)
    stop.abort(new Error('enough'))
    for (const error of await Promise.all(keyed)) expect(error).toMatchObject({ message: 'enough' })
    desk.open()
    await Promise.all(held)
    await until(() => pool.stats().workers.length === 1)
  })

  test('while somebody waits for ready(): it waits for those of the new size', async () => {
    const pool = newPool({ size: 1 })
    const ready = pool.ready()
    pool.resize(2)
    await inTime(ready)
    expect(pool.stats().workers.map(({ state }) => state)).toEqual(['idle', 'idle'])
    const lock = createLock({ system: testSystem() })
    const other = newPool({ size: 2, initializer: tasks.acquire, initargs: [lock] })
    const one = other.ready()
    await until(() => other.stats().workers.some(({ state }) => state === 'idle'))
    // The second waits for the lock of the first.
    other.resize({ min: 1, max: 2 })
    await inTime(one)
  })

  test('takes what size takes, and refuses the rest', async () => {
    const pool = newPool({ size: 1 })
    pool.resize({ min: 0, max: 4, idleTimeout: 5 })
    expect(pool.size).toBe(4)
    expect(() => pool.resize(0)).toThrow(RangeError)
    expect(() => pool.resize({ min: 3, max: 2 })).toThrow(/size.min/)
    await pool.stop()
    expect(() => pool.resize(2)).toThrow(/closed/)
  })
})

describe('spares', () => {
  test('are ready beside the workers, do not add to them, and take the place of one that dies', async () => {
    const desk = await newDesk()
    const pool = newPool({ size: 1, spares: 1 })
    await pool.ready()
    const ready = pool.stats().workers
    expect(ready.map(({ state }) => state)).toEqual(['idle', 'idle'])
    const visits = ['a', 'b'].map((label) => pool.apply(tasks.visit, [desk.key, label]))
    const { pid } = await desk.next()
    expect(pool.stats()).toMatchObject({ running: 1, queued: 1 })
    desk.open()
    await Promise.all(visits)
    const dying = failure(pool.apply(tasks.killSelf, []))
    const next = pool.apply(tasks.pid, [])
    await dying
    // Nobody had to be started for it.
    const others = ready.map((worker) => worker.pid).filter((each) => each !== pid)
    if (!onThreads()) expect(others).toContain(await next)
    await until(() => pool.stats().workers.every(({ state }) => state === 'idle'))
    expect(pool.stats().workers).toHaveLength(2)
  })
})

test('threads take the same sizes', async () => {
  const pool = newPool({ size: { max: 2, idleTimeout: 5 }, on: workerThread() })
  expect(await pool.map(tasks.square, [1, 2, 3])).toEqual([1, 4, 9])
  await until(() => pool.stats().workers.length === 0)
})
