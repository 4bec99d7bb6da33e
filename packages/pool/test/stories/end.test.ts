import { setImmediate as turn } from 'node:timers/promises'
import { PoolClosedError, PoolRunningError, PoolTerminatedError } from '@troupe/core'
import { remote } from '@troupe/pool'
import { eventsOf, newDesk, newPool, testSystem } from '../support/pools.js'
import { living } from '../support/place.js'
import { failure, inTime } from '../support/settle.js'

const tasks = remote<typeof import('../fixtures/tasks.js')>(new URL('../fixtures/tasks.js', import.meta.url))

const pidsOf = (pool: ReturnType<typeof newPool>): number[] =>
  pool.stats().workers.flatMap(({ pid }) => (pid === undefined ? [] : [pid]))

describe('the end of a pool', () => {
  test('close lets run what was submitted, join resolves after it, and no process is left', async () => {
    const desk = await newDesk()
    const pool = newPool({ size: 2 })
    const calls = Promise.all(['a', 'b', 'c', 'd'].map((label) => pool.apply(tasks.visit, [desk.key, label])))
    await desk.next()
    await desk.next()
    const pids = pidsOf(pool)
    pool.close()
    let joined = false
    const join = pool.join().then(() => {
      joined = true
    })
    desk.open()
    expect(await inTime(calls)).toEqual(['a', 'b', 'c', 'd'])
    expect(joined).toBe(false)
    await inTime(join)
    expect(living(pids)).toEqual([])
  })

  test.each([
    ['nothing was ever submitted', () => undefined],
    ['workers are ready', (pool: ReturnType<typeof newPool>) => pool.ready()],
  ])('close and join resolve when %s', async (_, prepare) => {
    const pool = newPool({ size: 2 })
    await prepare(pool)
    pool.close()
    await inTime(pool.join())
  })

  test('close in the same turn as the calls loses none of them', async () => {
    const pool = newPool({ size: 2 })
    const calls = [pool.apply(tasks.square, [3]), pool.applyAsync(tasks.square, [4]), pool.map(tasks.square, [1, 2])]
    pool.close()
    const join = pool.join()
    expect(await inTime(Promise.all(calls))).toEqual([9, 16, [1, 4]])
    await inTime(join)
  })

  test('close while a long chunk reports its results loses none of them', async () => {
    const pool = newPool({ size: 1 })
    const call = pool.map(tasks.sleep, [60, 60, 60, 1], { chunkSize: 4 })
    pool.close()
    expect(await inTime(call)).toEqual([undefined, undefined, undefined, undefined])
    await inTime(pool.join())
  })

  test('join resolves when the last task that waited is cancelled', async () => {
    const pool = newPool({ size: 1 })
    const result = pool.applyAsync(tasks.square, [3])
    pool.close()
    result.cancel()
    expect((await failure(result)).code).toBe('ERR_CANCELLED')
    await inTime(pool.join())
  })

  test('calls after close reject, and name the cure', async () => {
    const pool = newPool({ size: 1 })
    pool.close()
    expect(await failure(pool.apply(tasks.square, [1]))).toBeInstanceOf(PoolClosedError)
    expect(await failure(pool.map(tasks.square, [1]))).toBeInstanceOf(PoolClosedError)
    expect(await failure(pool.ready())).toBeInstanceOf(PoolClosedError)
    expect(() => pool.applyAsync(tasks.square, [1])).toThrow(PoolClosedError)
    expect(() => pool.imap(tasks.square, [1])).toThrow(/before close\(\) or stop\(\)/)
    await inTime(pool.join())
    expect(await failure(pool.apply(tasks.square, [1]))).toBeInstanceOf(PoolClosedError)
  })

  test('join before close would wait for ever, so it rejects', async () => {
    const pool = newPool({ size: 1 })
    const error = await failure(pool.join())
    expect(error).toBeInstanceOf(PoolRunningError)
    expect(error.message).toContain('close() or terminate()')
  })

  test('join takes a timeout and a signal, and may be asked again', async () => {
    const desk = await newDesk()
    const pool = newPool({ size: 1 })
    const call = pool.apply(tasks.visit, [desk.key, 'slow'])
    await desk.next()
    pool.close()
    expect((await failure(pool.join({ timeout: 20 }))).code).toBe('ERR_TIMEOUT')
    const reason = new Error('enough')
    expect(await failure(pool.join({ signal: AbortSignal.abort(reason) }))).toBe(reason)
    desk.open()
    expect(await inTime(call)).toBe('slow')
    await inTime(pool.join())
  })

  test('terminate rejects what runs and what waits, and leaves no process', async () => {
    const desk = await newDesk()
    const pool = newPool({ size: 2 })
    const calls = ['a', 'b', 'c'].map((label) => failure(pool.apply(tasks.visit, [desk.key, label])))
    const mapped = failure(pool.map(tasks.square, [1, 2, 3]))
    const iterator = pool.imap(tasks.square, [1, 2, 3])
    const pulled = failure(iterator.next())
    await desk.next()
    await desk.next()
    const pids = pidsOf(pool)
    expect(pids).toHaveLength(2)
    await inTime(pool.terminate())
    for (const error of await inTime(Promise.all([...calls, mapped, pulled])))
      expect(error).toBeInstanceOf(PoolTerminatedError)
    expect(living(pids)).toEqual([])
    expect(await failure(pool.apply(tasks.square, [1]))).toBeInstanceOf(PoolTerminatedError)
    expect(() => pool.imap(tasks.square, [1])).toThrow(PoolTerminatedError)
  })

  test('terminate rejects what waits for a source, and pulls no more of it', async () => {
    const pool = newPool({ size: 1 })
    let closed = 0
    async function* silent(): AsyncGenerator<number> {
      yield 1
      await new Promise(() => undefined)
    }
    function* endless(): Generator<number> {
      try {
        for (;;) yield 1
      } finally {
        closed += 1
      }
    }
    const map = failure(pool.map(tasks.square, silent()))
    const iterator = pool.imap(tasks.square, silent())
    expect(await inTime(iterator.next())).toEqual({ done: false, value: 1 })
    const next = failure(iterator.next())
    const other = pool.imap(tasks.square, endless())
    expect(await inTime(other.next())).toEqual({ done: false, value: 1 })
    await inTime(pool.terminate())
    for (const error of [await map, await next]) expect(error).toBeInstanceOf(PoolTerminatedError)
    expect(await inTime(iterator.next())).toEqual({ done: true, value: undefined })
    // What had come is given, what had not fails, and then nothing more comes.
    const rest: unknown[] = []
    for (let over = false; !over && rest.length < 100; ) {
      await inTime(other.next()).then(
        ({ done }) => (over = done === true),
        (error: unknown) => rest.push(error),
      )
    }
    expect(rest.at(-1)).toBeInstanceOf(PoolTerminatedError)
    expect(closed).toBe(1)
  })

  test('a map whose items have not come is taken back at once, and its source closed with the next item', async () => {
    const pool = newPool({ size: 1 })
    const stop = new AbortController()
    let yielded: () => void = () => undefined
    const closed = new Promise<void>((resolve) => {
      async function* later(): AsyncGenerator<number> {
        try {
          yield 1
          await new Promise<void>((go) => (yielded = go))
          for (;;) yield 2
        } finally {
          resolve()
        }
      }
      const result = pool.mapAsync(tasks.square, later())
      void turn().then(async () => {
        expect(result.cancel()).toBe(true)
        expect(await failure(result)).toMatchObject({ code: 'ERR_CANCELLED' })
        yielded()
      })
    })
    await inTime(closed)
    const silent = { [Symbol.asyncIterator]: () => ({ next: () => new Promise<never>(() => undefined) }) }
    const aborted = failure(pool.map(tasks.square, silent, { signal: stop.signal }))
    stop.abort(new Error('enough'))
    expect(await aborted).toMatchObject({ message: 'enough' })
  })

  test('terminate ends workers that are just being started, or started again', async () => {
    const starting = newPool({ size: 3 })
    const call = failure(starting.apply(tasks.square, [1]))
    const ready = failure(starting.ready())
    await inTime(starting.terminate())
    expect(await call).toBeInstanceOf(PoolTerminatedError)
    expect(await ready).toBeInstanceOf(PoolTerminatedError)
    const restarting = newPool({ size: 1 })
    const events = eventsOf(restarting)
    await failure(restarting.apply(tasks.killSelf, []))
    await inTime(restarting.terminate())
    await turn()
    expect(events.map(({ type }) => type)).toEqual(['spawned', 'crashed', 'down'])
  })

  test('terminate works from within a callback', async () => {
    const pool = newPool({ size: 1 })
    const ended = new Promise<void>((resolve, reject) => {
      pool.applyAsync(tasks.square, [3], { callback: () => void pool.terminate().then(resolve, reject) })
    })
    await inTime(ended)
  })

  test('stop is close and join; with a timeout it terminates what takes longer', async () => {
    const desk = await newDesk()
    const gentle = newPool({ size: 1 })
    const call = gentle.apply(tasks.later, [5, 30])
    await inTime(gentle.stop())
    expect(await call).toBe(5)
    const harsh = newPool({ size: 1 })
    const stubborn = failure(harsh.apply(tasks.ignore, [desk.key]))
    const { pid } = await desk.next()
    await inTime(harsh.stop({ timeout: 30 }))
    expect(await stubborn).toBeInstanceOf(PoolTerminatedError)
    expect(living([pid])).toEqual([])
    expect((await failure(newPool().stop({ timeout: -1 }))).message).toContain('timeout')
  })

  test('ending twice, in any order, is ending once', async () => {
    const pool = newPool({ size: 1 })
    await pool.ready()
    pool.close()
    pool.close()
    await inTime(Promise.all([pool.join(), pool.join(), pool.stop(), pool.terminate(), pool.terminate()]))
    pool.close()
    await inTime(pool.stop())
    await inTime(pool.terminate())
  })

  test('await using drains the pool', async () => {
    const pool = newPool({ size: 1 })
    const call = pool.apply(tasks.later, [5, 30])
    await inTime(pool[Symbol.asyncDispose]())
    expect(await call).toBe(5)
  })

  test('the end of the system is the end of its pools: what runs may end first', async () => {
    const pool = newPool({ size: 2 })
    await pool.ready()
    const pids = pidsOf(pool)
    const call = pool.apply(tasks.later, [5, 30])
    await inTime(testSystem().stop())
    expect(await call).toBe(5)
    expect(living(pids)).toEqual([])
    expect(await failure(pool.apply(tasks.square, [1]))).toBeInstanceOf(PoolTerminatedError)
    expect(() => newPool()).toThrow(/stopped/)
  })

  test('the end of the system settles what does not end in time', async () => {
    const desk = await newDesk()
    const pool = newPool({ size: 1 })
    const stubborn = failure(pool.apply(tasks.ignore, [desk.key]))
    const chunk = failure(pool.map(tasks.sleep, [60, 60, 60], { chunkSize: 3 }))
    await desk.next()
    await inTime(testSystem().stop({ timeout: 50 }))
    expect(await stubborn).toBeInstanceOf(PoolTerminatedError)
    expect(await chunk).toBeInstanceOf(PoolTerminatedError)
  })

  test('an iteration that goes on after close ends: by its end, or by an error', async () => {
    const pool = newPool({ size: 1 })
    const iterator = pool.imap(tasks.square, [1, 2, 3, 4, 5, 6, 7, 8])
    expect(await iterator.next()).toEqual({ done: false, value: 1 })
    pool.close()
    await inTime(pool.join())
    const rest = async (): Promise<void> => {
      for await (const _ of iterator);
    }
    await inTime(rest().catch((error: unknown) => expect(error).toBeInstanceOf(PoolClosedError)))
  })
})
