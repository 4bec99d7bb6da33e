import { remote } from '@troupe/pool'
import { newDesk, newPool } from '../support/pools.js'
import { living } from '../support/place.js'
import { failure, inTime, until } from '../support/settle.js'

const tasks = remote<typeof import('../fixtures/tasks.js')>(new URL('../fixtures/tasks.js', import.meta.url))

describe('an abort', () => {
  test('before the call rejects it, and nothing runs', async () => {
    const pool = newPool({ size: 1 })
    const reason = new Error('too late')
    expect(await failure(pool.apply(tasks.square, [1], { signal: AbortSignal.abort(reason) }))).toBe(reason)
    expect(await failure(pool.map(tasks.square, [1, 2], { signal: AbortSignal.abort(reason) }))).toBe(reason)
    expect(await failure(pool.imap(tasks.square, [1], { signal: AbortSignal.abort(reason) }).next())).toBe(reason)
    expect(pool.stats().workers).toEqual([])
  })

  test('before the call of an imap closes its source, and the iterator ends as any other', async () => {
    const pool = newPool({ size: 1 })
    let closed = 0
    const source: Iterable<number> = {
      [Symbol.iterator]: () => ({
        next: () => ({ done: false, value: 1 }),
        return: () => {
          closed += 1
          return { done: true, value: undefined }
        },
      }),
    }
    const results = pool.imap(tasks.square, source, { signal: AbortSignal.abort(new Error('too late')) })
    expect(await failure(results.next())).toMatchObject({ message: 'too late' })
    expect(await inTime(results.return())).toEqual({ done: true, value: undefined })
    expect(closed).toBe(1)
  })

  test('of a task that waits takes it out of the queue: it never runs', async () => {
    const desk = await newDesk()
    const pool = newPool({ size: 1 })
    const stop = new AbortController()
    const reason = new Error('not needed')
    const first = pool.apply(tasks.visit, [desk.key, 'first'])
    await desk.next()
    const second = failure(pool.apply(tasks.visit, [desk.key, 'second'], { signal: stop.signal }))
    const third = pool.apply(tasks.visit, [desk.key, 'third'])
    expect(pool.stats().queued).toBe(2)
    stop.abort(reason)
    expect(await second).toBe(reason)
    expect(pool.stats().queued).toBe(1)
    desk.open()
    expect(await inTime(Promise.all([first, third]))).toEqual(['first', 'third'])
    expect(desk.visits.map(({ label }) => label)).toEqual(['first', 'third'])
  })

  test('of a task that obeys its signal leaves the worker alive', async () => {
    const desk = await newDesk()
    const pool = newPool({ size: 1, cancelGrace: 60_000 })
    const stop = new AbortController()
    const call = failure(pool.apply(tasks.obey, [desk.key], { signal: stop.signal }))
    const { pid } = await desk.next()
    stop.abort(new Error('stop it'))
    expect((await call).message).toBe('stop it')
    expect(await inTime(desk.next())).toMatchObject({ label: 'aborted', pid })
    expect(await inTime(pool.apply(tasks.pid, []))).toBe(pid)
    expect(pool.stats()).toMatchObject({ restarts: 0, failed: 1 })
  })

  test('at the very moment of the start reaches the task too', async () => {
    const desk = await newDesk()
    const pool = newPool({ size: 1, cancelGrace: 60_000 })
    await pool.ready()
    for (let round = 0; round < 20; round += 1) {
      const stop = new AbortController()
      const call = failure(pool.apply(tasks.obey, [desk.key], { signal: stop.signal }))
      stop.abort(new Error('at once'))
      await call
    }
    expect(await inTime(pool.apply(tasks.square, [3]))).toBe(9)
  })

  test('of a stubborn task kills its worker after the grace, and harms no other task', async () => {
    const desk = await newDesk()
    const pool = newPool({ size: 2, cancelGrace: 50 })
    const stop = new AbortController()
    const other = pool.apply(tasks.visit, [desk.key, 'other'])
    await desk.next()
    const call = failure(pool.apply(tasks.ignore, [desk.key], { signal: stop.signal }))
    const { pid } = await desk.next()
    const next = pool.apply(tasks.square, [3])
    stop.abort(new Error('stop it'))
    expect((await call).message).toBe('stop it')
    expect(await inTime(next)).toBe(9)
    expect(living([pid])).toEqual([])
    desk.open()
    expect(await inTime(other)).toBe('other')
    expect(pool.stats()).toMatchObject({ restarts: 1, failed: 1, done: 2 })
  })

  test('of a deaf worker kills it after the grace', async () => {
    const pool = newPool({ size: 1, cancelGrace: 50 })
    await pool.ready()
    const error = await failure(pool.apply(tasks.spin, [60_000], { timeout: 30 }))
    expect(error.code).toBe('ERR_TIMEOUT')
    expect(await inTime(pool.apply(tasks.square, [3]))).toBe(9)
  })

  test('of a task that ends within the grace leaves the worker alive', async () => {
    const desk = await newDesk()
    const pool = newPool({ size: 1, cancelGrace: 60_000 })
    const stop = new AbortController()
    const call = failure(pool.apply(tasks.visit, [desk.key, 'slow'], { signal: stop.signal }))
    const { pid } = await desk.next()
    stop.abort(new Error('stop it'))
    await call
    expect(pool.stats().running).toBe(1)
    desk.open()
    expect(await inTime(pool.apply(tasks.pid, []))).toBe(pid)
  })

  test('of a map takes back all of it', async () => {
    const desk = await newDesk()
    const pool = newPool({ size: 2, cancelGrace: 60_000 })
    const stop = new AbortController()
    const keys = Array.from({ length: 8 }, () => desk.key)
    const call = failure(pool.map(tasks.obey, keys, { signal: stop.signal, chunkSize: 1 }))
    await desk.next()
    await desk.next()
    stop.abort(new Error('stop it'))
    expect((await call).message).toBe('stop it')
    expect(await inTime(pool.apply(tasks.square, [3]))).toBe(9)
    await until(() => desk.visits.length === 4)
    expect(desk.visits.map(({ label }) => label)).toEqual(
      expect.arrayContaining(['aborted', 'aborted', 'obey', 'obey']),
    )
  })

  test('leaves no listener behind when all calls have settled', async () => {
    const pool = newPool({ size: 2 })
    let listeners = 0
    const stop = new AbortController()
    const { signal } = stop
    const add = signal.addEventListener.bind(signal)
    const remove = signal.removeEventListener.bind(signal)
    signal.addEventListener = (...args: Parameters<typeof add>) => ((listeners += 1), add(...args))
    signal.removeEventListener = (...args: Parameters<typeof remove>) => ((listeners -= 1), remove(...args))
    await pool.map(tasks.square, [1, 2, 3, 4], { signal, chunkSize: 1 })
    await pool.apply(tasks.square, [1], { signal })
    for await (const _ of pool.imap(tasks.square, [1, 2, 3], { signal }));
    expect(listeners).toBe(0)
    expect(stop.signal.aborted).toBe(false)
  })
})

describe('a timeout', () => {
  test('counts from the start of the task, not from its call', async () => {
    const desk = await newDesk()
    const pool = newPool({ size: 1 })
    const first = pool.apply(tasks.visit, [desk.key, 'first'])
    await desk.next()
    const second = pool.apply(tasks.square, [2], { timeout: 500 })
    const started = Date.now()
    await until(() => Date.now() - started > 600)
    desk.open()
    expect(await inTime(Promise.all([first, second]))).toEqual(['first', 4])
  })

  test('rejects with TimeoutError, which names the task', async () => {
    const desk = await newDesk()
    const pool = newPool({ size: 1, cancelGrace: 60_000 })
    const error = await failure(pool.apply(tasks.obey, [desk.key], { timeout: 40 }))
    expect(error.code).toBe('ERR_TIMEOUT')
    expect(error.message).toContain('obey of file:')
    expect(error.message).toContain('40 ms')
  })

  test('that is met by none leaves the worker alone', async () => {
    const pool = newPool({ size: 1, cancelGrace: 1 })
    const pid = await pool.apply(tasks.pid, [], { timeout: 2_000 })
    for (let round = 0; round < 20; round += 1) expect(await pool.apply(tasks.pid, [], { timeout: 2_000 })).toBe(pid)
  })
})
