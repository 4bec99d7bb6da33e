/** Python's other maps: mapAsync, starmap, starmapAsync; and what becomes of items that fail. */
import { AbortError } from '@troupe/core'
import { remote } from '@troupe/pool'
import { eventOf, newDesk, newPool, sharedPool } from '../support/pools.js'
import { failure, until } from '../support/settle.js'

const tasks = remote<typeof import('../fixtures/tasks.js')>(new URL('../fixtures/tasks.js', import.meta.url))
const shared = sharedPool(2)

describe('the maps of Python', () => {
  test('starmap unpacks each item as arguments, in order', async () => {
    const pairs = Array.from({ length: 10 }, (_, index): [number, number] => [index, index])
    expect(await shared().starmap(tasks.add, pairs)).toEqual([0, 2, 4, 6, 8, 10, 12, 14, 16, 18])
    expect(await shared().starmap(tasks.add, [])).toEqual([])
    async function* later(): AsyncGenerator<[number, number]> {
      yield [1, 2]
    }
    expect(await shared().starmap(tasks.add, later(), { chunkSize: 3 })).toEqual([3])
  })

  test('map gives an item that is an array as one argument', async () => {
    expect(await shared().map(tasks.echo, [[1, 1]])).toEqual([[1, 1]])
  })

  test('an item of a starmap that is no list is refused at the call', async () => {
    expect(await failure(shared().starmap(tasks.add, [5 as never]))).toBeInstanceOf(TypeError)
    expect(() => shared().starmapAsync(tasks.add, [5 as never])).toThrow(/to be the list of its arguments, got number/)
  })

  test('mapAsync gives its list once: to the callback, to get, to whoever awaits', async () => {
    const called: unknown[] = []
    const result = shared().mapAsync(tasks.square, [1, 2, 3], { callback: (list) => called.push(list) })
    expect(result.ready()).toBe(false)
    expect(await result).toEqual([1, 4, 9])
    expect(await result.get()).toEqual([1, 4, 9])
    expect(result.successful()).toBe(true)
    expect(called).toEqual([[1, 4, 9]])
  })

  test('starmapAsync tells its error to the errorCallback', async () => {
    const errors: unknown[] = []
    const result = shared().starmapAsync(tasks.throwIf, [[1], [-1]], { errorCallback: (error) => errors.push(error) })
    await result.wait()
    expect(result.successful()).toBe(false)
    expect(errors).toMatchObject([{ name: 'RangeError', message: 'negative: -1' }])
  })

  test('cancel takes back what waits and what runs, once', async () => {
    const desk = await newDesk()
    const pool = newPool({ size: 1 })
    const result = pool.mapAsync(tasks.obey, [desk.key, desk.key], { chunkSize: 1 })
    await desk.next()
    expect(result.cancel()).toBe(true)
    expect(result.cancel()).toBe(false)
    expect(await failure(result)).toBeInstanceOf(AbortError)
    expect((await desk.next()).label).toBe('aborted')
    await until(() => pool.stats().running === 0)
    expect(pool.stats().queued).toBe(0)
  })

  test('cancel and abort are heard while the source still gives its items, and close it', async () => {
    const pool = newPool({ size: 1 })
    const closed: string[] = []
    async function* endless(name: string, given: () => void): AsyncGenerator<number> {
      try {
        for (let item = 0; ; item += 1) {
          yield item
          if (item === 3) given()
          await new Promise((resolve) => setTimeout(resolve, 1))
        }
      } finally {
        closed.push(name)
      }
    }
    const result = pool.mapAsync(
      tasks.square,
      endless('cancelled', () => void result.cancel()),
    )
    expect(await failure(result)).toBeInstanceOf(AbortError)
    const abort = new AbortController()
    const aborted = pool.map(
      tasks.square,
      endless('aborted', () => abort.abort(new Error('enough'))),
      {
        signal: abort.signal,
      },
    )
    expect(await failure(aborted)).toMatchObject({ message: 'enough' })
    await until(() => closed.length === 2)
    expect(pool.stats().workers).toEqual([])
  })

  test('a source that throws is the failure of the map', async () => {
    async function* bad(): AsyncGenerator<number> {
      yield 1
      throw new RangeError('in the source')
    }
    expect(await failure(shared().map(tasks.square, bad()))).toMatchObject({ message: 'in the source' })
  })

  test('a callback of a map that throws is told on events$, and the result stands', async () => {
    const pool = newPool({ size: 1 })
    const told = eventOf(pool, 'callbackError')
    const result = pool.mapAsync(tasks.square, [3], {
      callback: () => {
        throw new Error('in a callback')
      },
    })
    expect(await result).toEqual([9])
    expect((await told).error).toMatchObject({ message: 'in a callback' })
  })
})

describe('an item that fails', () => {
  const items = [1, -2, 3, -4]

  test('with onError all: the others run, and the first in the list is the error', async () => {
    const pool = newPool({ size: 1 })
    for (const options of [{ chunkSize: 1 }, { chunkSize: 1, onError: 'all' }, { chunkSize: 4 }] as const)
      expect(await failure(pool.map(tasks.throwIf, items, options))).toMatchObject({ message: 'negative: -2' })
    expect(pool.stats()).toMatchObject({ queued: 0, running: 0, done: 9 })
  })

  test('with onError settled: each tells how it came out', async () => {
    for (const chunkSize of [1, 3]) {
      const outcomes = await shared().map(tasks.throwIf, items, { chunkSize, onError: 'settled' })
      expect(outcomes).toMatchObject([
        { status: 'fulfilled', value: 1 },
        { status: 'rejected', reason: { message: 'negative: -2' } },
        { status: 'fulfilled', value: 3 },
        { status: 'rejected', reason: { message: 'negative: -4' } },
      ])
    }
  })

  test('with onError settled a crash is an outcome too', async () => {
    const pool = newPool({ size: 1 })
    const outcomes = await pool.map(tasks.poison, ['a', 'poison', 'b'], { chunkSize: 1, onError: 'settled' })
    expect(outcomes).toMatchObject([{ value: 'a' }, { reason: { code: 'ERR_WORKER_CRASHED' } }, { value: 'b' }])
  })

  test('with onError failFast: it rejects at once, and the rest is taken back', async () => {
    const desk = await newDesk()
    const pool = newPool({ size: 2 })
    await pool.ready()
    const both = [
      { key: desk.key, label: 'long', waits: true },
      { key: desk.key, label: 'bad', waits: false },
    ]
    const result = failure(pool.map(tasks.visitOrThrow, [...both, ...both], { chunkSize: 1, onError: 'failFast' }))
    expect(await result).toMatchObject({ message: 'bad' })
    expect(pool.stats().queued).toBe(0)
    expect(desk.visits.map(({ label }) => label)).toEqual(['long'])
    desk.open()
  })
})
