import { InitializerError, RestartLimitError } from '@troupe/core'
import { remote } from '@troupe/pool'
import { childProcess, workerThread } from '@troupe/transport-node'
import { onThreads, processTest } from '../support/place.js'
import { eventsOf, newPool } from '../support/pools.js'
import { failure, inTime } from '../support/settle.js'

const setup = remote<typeof import('../fixtures/setup.js')>(new URL('../fixtures/setup.js', import.meta.url))
const tasks = remote<typeof import('../fixtures/tasks.js')>(new URL('../fixtures/tasks.js', import.meta.url))
const broken = remote<typeof import('../fixtures/broken-at-load.js')>(
  new URL('../fixtures/broken-at-load.js', import.meta.url),
)

describe('the initializer', () => {
  test('runs once in each worker before its first task, and what it returns is the state of its tasks', async () => {
    const pool = newPool({ size: 2, initializer: setup.setup, initargs: ['hello'] })
    await pool.ready()
    const seen = await pool.map(setup.seen, [undefined, undefined, undefined, undefined], { chunkSize: 1 })
    expect(seen).toEqual(Array(4).fill({ state: { greeting: 'hello', calls: 1 }, calls: 1 }))
  })

  test('may be asynchronous, and runs again in the worker that replaces another', async () => {
    const pool = newPool({ size: 1, initializer: setup.setupLater })
    expect(await pool.apply(tasks.state, [])).toBe('later')
    await failure(pool.apply(tasks.killSelf, []))
    expect(await inTime(pool.apply(tasks.state, []))).toBe('later')
  })

  test('is given its arguments as they were at the call of createPool', async () => {
    const greeting: [string] = ['before']
    const pool = newPool({ size: 1, initializer: setup.setup, initargs: greeting })
    greeting[0] = 'after'
    expect(await pool.apply(tasks.state, [])).toEqual({ greeting: 'before', calls: 1 })
  })

  test('with arguments that are no data is refused when the pool is made', () => {
    const initargs = [(() => 'x') as never] as const
    expect(() => newPool({ size: 1, initializer: setup.setup, initargs })).toThrow(/initargs\[0\] is a function/)
  })

  test.each([1, 3])('that fails ends a pool of %i by an error with its own as the cause', async (size) => {
    const pool = newPool({ size, initializer: setup.broken, intensity: 2 })
    const events = eventsOf(pool)
    const calls = [
      failure(pool.apply(tasks.square, [1])),
      failure(pool.map(tasks.square, [1, 2, 3, 4])),
      failure(pool.imap(tasks.square, [1]).next()),
      failure(pool.ready()),
    ]
    for (const error of await Promise.all(calls)) {
      expect(error).toBeInstanceOf(InitializerError)
      expect(error.message).toContain('broken of file:')
      expect(error.cause).toBeInstanceOf(RangeError)
      expect(error.cause.message).toBe('no such file')
    }
    const later = await failure(pool.apply(tasks.square, [1]))
    expect(later).toBeInstanceOf(InitializerError)
    expect(events.filter(({ type }) => type === 'crashed').length).toBeGreaterThanOrEqual(3)
    await inTime(pool.stop())
  })

  test('that fails too slowly for its budget ends the pool all the same', async () => {
    const pool = newPool({ size: 1, initializer: setup.slowlyBroken, initargs: [60], intensity: 2, period: 100 })
    const error = await failure(pool.apply(tasks.square, [1]))
    expect(error).toBeInstanceOf(InitializerError)
    expect(error.cause.message).toBe('no connection')
  })

  test('that ends its process ends the pool, and so does a module that throws when it is loaded', async () => {
    const dying = newPool({ size: 1, initializer: setup.dies, intensity: 1 })
    const death = await failure(dying.apply(tasks.square, [1]))
    expect(death).toBeInstanceOf(InitializerError)
    expect(death.cause.message).toContain('exit code 3')
    const unloadable = newPool({ size: 1, initializer: broken.unreachable, intensity: 1 })
    const unloaded = await failure(unloadable.apply(tasks.square, [1]))
    expect(unloaded).toBeInstanceOf(InitializerError)
    expect(unloaded.cause).toBeInstanceOf(SyntaxError)
  })

  test('that never ends is given up after the start timeout', async () => {
    const on = onThreads() ? workerThread({ startTimeout: 400 }) : childProcess({ startTimeout: 400 })
    const pool = newPool({ size: 1, on, initializer: tasks.sleep, initargs: [60_000], intensity: 0 })
    const error = await failure(pool.apply(tasks.square, [1]))
    expect(error).toBeInstanceOf(InitializerError)
    expect(error.cause.code).toBe('ERR_TIMEOUT')
  })

  test('that fails while the pool is being closed settles all calls, and the join', async () => {
    const pool = newPool({ size: 1, initializer: setup.broken, intensity: 1 })
    const call = failure(pool.apply(tasks.square, [1]))
    pool.close()
    expect(await call).toBeInstanceOf(InitializerError)
    await inTime(pool.join())
  })

  processTest(
    'is not needed for a pool to give up: what cannot start at all has a budget too, of 10 by default',
    async () => {
      const on = childProcess({ execArgv: ['-e', 'process.exit(9)'] })
      const pool = newPool({ size: 1, on })
      const error = await failure(pool.apply(tasks.square, [1]))
      expect(error).toBeInstanceOf(RestartLimitError)
      expect(error.message).toContain('11 restarts')
      expect(error.cause.message).toContain('exit code 9')
    },
  )
})
