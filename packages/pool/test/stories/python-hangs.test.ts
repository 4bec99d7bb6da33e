/**
 * Where Python's Pool waits for ever: each of these settles here, and soon. The numbers are those of the issues at
 * github.com/python/cpython; what else is known of them stands in docs/from-python.md.
 */
import { InitializerError, PoolTerminatedError, TimeoutError, WorkerCrashedError } from '@troupe/core'
import { type Pool, remote } from '@troupe/pool'
import { createQueue } from '@troupe/transport-node'
import { eventOf, newDesk, newPool, testSystem } from '../support/pools.js'
import { living, processTest } from '../support/place.js'
import { failure, inTime, until } from '../support/settle.js'

const tasks = remote<typeof import('../fixtures/tasks.js')>(new URL('../fixtures/tasks.js', import.meta.url))
const setup = remote<typeof import('../fixtures/setup.js')>(new URL('../fixtures/setup.js', import.meta.url))

const pidsOf = (pool: Pool): number[] => pool.stats().workers.map(({ pid }) => pid as number)

describe('what hangs in Python settles here', () => {
  processTest('a worker is killed in the middle of a task (bpo-22393)', async () => {
    const desk = await newDesk()
    const pool = newPool({ size: 1 })
    const lost = failure(pool.apply(tasks.visit, [desk.key, 'lost']))
    const next = pool.apply(tasks.square, [3])
    process.kill((await desk.next()).pid, 'SIGKILL')
    expect(await lost).toBeInstanceOf(WorkerCrashedError)
    expect(await lost).toMatchObject({ signal: 'SIGKILL', workerId: 'worker-1', started: true })
    expect(await inTime(next)).toBe(9)
  })

  processTest('all idle workers are killed: the next task works, and nobody is left over (gh-96062)', async () => {
    const pool = newPool({ size: 2 })
    await pool.ready()
    const before = pidsOf(pool)
    // So that their end is news, whatever else goes on.
    await new Promise((resolve) => setTimeout(resolve, 20))
    for (const pid of before) process.kill(pid, 'SIGKILL')
    expect(await inTime(pool.map(tasks.square, [1, 2, 3]))).toEqual([1, 4, 9])
    const after = pidsOf(pool)
    await pool.stop()
    expect(living([...before, ...after])).toEqual([])
  })

  test('the initializer raises, each time: bounded, then a clear error for all (bpo-43306)', async () => {
    const pool = newPool({ size: 2, intensity: 3, initializer: setup.broken })
    const calls = [pool.apply(tasks.square, [1]), pool.map(tasks.square, [1, 2])]
    for (const call of calls) expect(await failure(call)).toBeInstanceOf(InitializerError)
    expect(await failure(pool.apply(tasks.square, [1]))).toBeInstanceOf(InitializerError)
    await inTime(pool.terminate())
  })

  test('an error that cannot be rebuilt from its arguments (bpo-35311)', async () => {
    const pool = newPool({ size: 1 })
    expect(await failure(pool.apply(tasks.throwUnbuildable, []))).toMatchObject({
      name: 'Unbuildable',
      message: 'deep 7',
    })
    expect(await pool.apply(tasks.square, [3])).toBe(9)
  })

  test('a callback that raises (gh-83371)', async () => {
    const pool = newPool({ size: 1 })
    const raise = (): never => {
      throw new Error('in a callback')
    }
    const told = eventOf(pool, 'callbackError')
    expect(await inTime(pool.applyAsync(tasks.square, [3], { callback: raise }).get())).toBe(9)
    expect((await told).error).toMatchObject({ message: 'in a callback' })
    expect(await failure(pool.applyAsync(tasks.throwIf, [-1], { errorCallback: raise }).get())).toMatchObject({
      message: 'negative: -1',
    })
    expect(await pool.apply(tasks.square, [4])).toBe(16)
  })

  test.each([0, 3])('a task that exits with %i', async (code) => {
    const pool = newPool({ size: 1 })
    expect(await failure(pool.apply(tasks.exit, [code]))).toMatchObject({ code: 'ERR_WORKER_CRASHED', exitCode: code })
    expect(await pool.apply(tasks.square, [3])).toBe(9)
  })

  test('terminate, from a callback too, while results are pending (gh-73945, gh-126743)', async () => {
    const desk = await newDesk()
    const pool = newPool({ size: 1 })
    const pending = failure(pool.applyAsync(tasks.visit, [desk.key, 'x']).get())
    await desk.next()
    const queued = failure(pool.mapAsync(tasks.square, [1, 2, 3]).get())
    await inTime(pool.terminate())
    expect(await pending).toBeInstanceOf(PoolTerminatedError)
    expect(await queued).toBeInstanceOf(PoolTerminatedError)

    const other = newPool({ size: 1 })
    const ended = new Promise<void>((resolve, reject) => {
      other.applyAsync(tasks.square, [3], { callback: () => void other.terminate().then(resolve, reject) })
    })
    await inTime(ended)
  })

  test('its scope is left with work pending: that is drained, not lost', async () => {
    const pool = newPool({ size: 1 })
    const pending = pool.mapAsync(tasks.later2, [1, 2, 3])
    await inTime(pool[Symbol.asyncDispose]())
    expect(pending.ready()).toBe(true)
    expect(await pending).toEqual([1, 2, 3])
  })

  test('close with a half read imap (gh-155477)', async () => {
    const pool = newPool({ size: 1 })
    const results = pool.imap(tasks.square, [1, 2, 3, 4, 5, 6])
    expect(await results.next()).toEqual({ done: false, value: 1 })
    const unread = pool.imapUnordered(tasks.square, new Set([7]))
    function* endless(): Generator<number> {
      for (;;) yield 2
    }
    const without = pool.imap(tasks.square, endless(), { window: 2 })
    expect(await without.next()).toEqual({ done: false, value: 4 })
    pool.close()
    await inTime(pool.join())
    // What was asked for before the close is done, as in Python; of what has no end that was pulled already.
    const rest: number[] = []
    for await (const result of results) rest.push(result)
    expect(rest).toEqual([4, 9, 16, 25, 36])
    expect(await unread.next()).toEqual({ done: false, value: 49 })
    expect(await without.next()).toEqual({ done: false, value: 4 })
  })

  test('close while somebody waits for an imap whose source gives its items later', async () => {
    const pool = newPool({ size: 1 })
    await pool.ready()
    async function* later(): AsyncGenerator<number> {
      for (let x = 1; x <= 3; x += 1) {
        await new Promise((resolve) => setTimeout(resolve, 20))
        yield x
      }
    }
    const results = pool.imap(tasks.square, later())
    const first = results.next()
    pool.close()
    expect(await inTime(first)).toEqual({ done: false, value: 1 })
    await results.return()
    await inTime(pool.join())
  })

  test('join before what was queued is drained', async () => {
    const pool = newPool({ size: 1 })
    const results = Promise.all([1, 2, 3].map((x) => pool.apply(tasks.later, [x, 10])))
    pool.close()
    await inTime(pool.join())
    expect(await results).toEqual([1, 2, 3])
  })

  test('a result that is not awaited in time may be asked for again', async () => {
    const desk = await newDesk()
    const pool = newPool({ size: 1 })
    const result = pool.applyAsync(tasks.visit, [desk.key, 'x'])
    await desk.next()
    expect(await failure(result.get(20))).toBeInstanceOf(TimeoutError)
    await result.wait(5)
    expect(result.ready()).toBe(false)
    desk.open()
    expect(await result.get()).toBe('x')
  })

  processTest(
    'a getter of a queue is killed while it waits: others get all items, and close ends them (gh-87971)',
    async () => {
      const queue = createQueue<number>({ capacity: 4, system: testSystem() })
      const pool = newPool({ size: 2 })
      const killed = failure(pool.apply(tasks.getOne, [queue]))
      const pid = pool.stats().workers[0]?.pid
      await until(() => pool.stats().workers.every(({ state }) => state !== 'starting'))
      const taken = pool.apply(tasks.drain, [queue])
      await until(() => pool.stats().running === 2)
      process.kill((pid ?? pool.stats().workers[0]?.pid) as number, 'SIGKILL')
      await killed
      for (let item = 0; item < 20; item += 1) await queue.put(item)
      await queue.close()
      // What was handed to the dead one comes back to the queue.
      expect((await inTime(taken)).sort((a, b) => a - b)).toEqual([...Array(20).keys()])
    },
  )
})
