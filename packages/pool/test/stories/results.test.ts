import { remote } from '@troupe/pool'
import { newDesk, newPool, sharedPool } from '../support/pools.js'
import { processTest } from '../support/place.js'
import { failure, until } from '../support/settle.js'

const tasks = remote<typeof import('../fixtures/tasks.js')>(new URL('../fixtures/tasks.js', import.meta.url))
const errors = remote<typeof import('../fixtures/errors.js')>(new URL('../fixtures/errors.js', import.meta.url))
const crypto = remote<typeof import('node:crypto')>('node:crypto')

const numbers = (count: number): number[] => Array.from({ length: count }, (_, index) => index)
const squares = (count: number): number[] => numbers(count).map((x) => x * x)

async function collect<T>(source: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = []
  for await (const each of source) all.push(each)
  return all
}

async function* delayed<T>(items: readonly T[]): AsyncGenerator<T> {
  for (const item of items) {
    await Promise.resolve()
    yield item
  }
}

const shared = sharedPool(2)

describe('results', () => {
  test('apply gives the result of a function, of an async one, and of a module of Node', async () => {
    const pool = shared()
    expect(await pool.apply(tasks.add, [2, 3])).toBe(5)
    expect(await pool.apply(tasks.later, [7, 1])).toBe(7)
    expect(await pool.apply(tasks.nothing, [])).toBeUndefined()
    expect(Object.keys(await pool.apply(crypto.randomBytes, [4]))).toHaveLength(4)
  })

  processTest('tasks run in other processes, as many as the size', async () => {
    const pool = newPool({ size: 2 })
    await pool.ready()
    const pids = pool.stats().workers.map(({ pid }) => pid)
    expect(new Set([...pids, process.pid]).size).toBe(3)
    expect(pids).toContain(await pool.apply(tasks.pid, []))
  })

  test.each([undefined, 1, 3, 100])('map gives all results in order with chunkSize %p', async (chunkSize) => {
    const pool = shared()
    expect(await pool.map(tasks.square, numbers(25), { chunkSize })).toEqual(squares(25))
  })

  test('map takes any iterable and any async iterable', async () => {
    const pool = shared()
    expect(await pool.map(tasks.square, new Set([1, 2, 3]))).toEqual([1, 4, 9])
    expect(await pool.map(tasks.square, delayed([1, 2, 3]))).toEqual([1, 4, 9])
  })

  test('map of nothing is an empty list, and starts no worker', async () => {
    const pool = newPool({ size: 2 })
    expect(await pool.map(tasks.square, [])).toEqual([])
    expect(await pool.map(tasks.square, delayed<number>([]))).toEqual([])
    expect(pool.stats().workers).toEqual([])
  })

  test('map waits for all, then rejects with the error of the first item that failed', async () => {
    const pool = newPool({ size: 2 })
    const error = await failure(pool.map(errors.odd, [0, 1, 2, 3, 4], { chunkSize: 1 }))
    expect(error).toBeInstanceOf(RangeError)
    expect(error.message).toBe('odd: 1')
    expect(pool.stats()).toMatchObject({ queued: 0, running: 0, done: 5 })
  })

  test('what fails in a chunk does not keep the rest of it from running', async () => {
    const pool = newPool({ size: 1 })
    const results: unknown[] = []
    const iterator = pool.imap(errors.odd, [0, 1, 2, 3], { chunkSize: 4 })
    for (let place = 0; place < 4; place += 1) {
      await iterator.next().then(
        ({ value }) => results.push(value),
        (error: Error) => results.push(error.message),
      )
    }
    expect(results).toEqual([0, 'odd: 1', 2, 'odd: 3'])
    expect(await iterator.next()).toEqual({ done: true, value: undefined })
  })

  test('imap gives results in order, although later items end first', async () => {
    const desk = await newDesk()
    const pool = newPool({ size: 2 })
    const items = ['a', 'b', 'c'].map((label) => ({ key: desk.key, label, waits: label === 'a' }))
    const collected = collect(pool.imap(tasks.visitIf, items))
    await desk.next()
    await until(() => pool.stats().done === 2)
    desk.open()
    expect(await collected).toEqual(['a', 'b', 'c'])
  })

  test('imapUnordered gives results as they come', async () => {
    const desk = await newDesk()
    const pool = newPool({ size: 2 })
    const items = ['a', 'b', 'c'].map((label) => ({ key: desk.key, label, waits: label === 'a' }))
    const iterator = pool.imapUnordered(tasks.visitIf, items)
    expect(await iterator.next()).toEqual({ done: false, value: 'b' })
    expect(await iterator.next()).toEqual({ done: false, value: 'c' })
    desk.open()
    expect(await iterator.next()).toEqual({ done: false, value: 'a' })
  })

  test.each([1, 4])('imap gives everything once with chunkSize %p, from async sources too', async (chunkSize) => {
    const pool = shared()
    expect(await collect(pool.imap(tasks.square, delayed(numbers(30)), { chunkSize }))).toEqual(squares(30))
    const unordered = await collect(pool.imapUnordered(tasks.square, numbers(30), { chunkSize }))
    expect(unordered.sort((a, b) => a - b)).toEqual(squares(30))
  })

  test('a source that fails ends its iteration with that error, after all that came before it', async () => {
    const pool = shared()
    function* failing(): Generator<number> {
      yield 1
      yield 2
      yield 3
      throw new RangeError('the source is dry')
    }
    for (const chunkSize of [1, 2, 5]) {
      const iterator = pool.imap(tasks.square, failing(), { chunkSize })
      expect([(await iterator.next()).value, (await iterator.next()).value, (await iterator.next()).value]).toEqual([
        1, 4, 9,
      ])
      expect((await failure(iterator.next())).message).toBe('the source is dry')
      expect(await iterator.next()).toEqual({ done: true, value: undefined })
    }
    expect((await failure(pool.map(tasks.square, failing()))).message).toBe('the source is dry')
  })

  test('next(ms) that times out loses nothing', async () => {
    const desk = await newDesk()
    const pool = newPool({ size: 1 })
    const iterator = pool.imap(tasks.visitIf, [{ key: desk.key, label: 'a', waits: true }])
    expect((await failure(iterator.next(1))).code).toBe('ERR_TIMEOUT')
    desk.open()
    expect(await iterator.next()).toEqual({ done: false, value: 'a' })
    expect(await iterator.next()).toEqual({ done: true, value: undefined })
  })
})
