import { AbortError } from '@troupe/core'
import { remote } from '@troupe/pool'
import { eventOf, newDesk, newPool } from '../support/pools.js'
import { failure, inTime } from '../support/settle.js'

const tasks = remote<typeof import('../fixtures/tasks.js')>(new URL('../fixtures/tasks.js', import.meta.url))
const errors = remote<typeof import('../fixtures/errors.js')>(new URL('../fixtures/errors.js', import.meta.url))

describe('applyAsync', () => {
  test('gives a result that can be awaited, got, waited for and looked at', async () => {
    const desk = await newDesk()
    const pool = newPool({ size: 1 })
    const result = pool.applyAsync(tasks.visit, [desk.key, 'done'])
    expect(result.ready()).toBe(false)
    expect(() => result.successful()).toThrow(/not ready/)
    expect((await failure(result.get(10))).code).toBe('ERR_TIMEOUT')
    await inTime(result.wait(10))
    expect(result.ready()).toBe(false)
    desk.open()
    await inTime(result.wait())
    expect([result.ready(), result.successful()]).toEqual([true, true])
    expect(await result).toBe('done')
    expect(await result.get()).toBe('done')
    expect(await result.get(0)).toBe('done')
    expect(result.cancel()).toBe(false)
  })

  test('tells of a failure in each of its ways', async () => {
    const pool = newPool({ size: 1 })
    const result = pool.applyAsync(errors.range, [])
    await inTime(result.wait())
    expect([result.ready(), result.successful()]).toEqual([true, false])
    expect(await failure(result)).toBeInstanceOf(RangeError)
    expect(await failure(result.get())).toBeInstanceOf(RangeError)
  })

  test.each(['waits', 'runs'])('cancel takes back a task that %s, and says whether it had an effect', async (when) => {
    const desk = await newDesk()
    const pool = newPool({ size: 1, cancelGrace: 60_000 })
    const first = when === 'waits' ? pool.applyAsync(tasks.visit, [desk.key, 'first']) : undefined
    const result = pool.applyAsync(tasks.obey, [desk.key])
    await desk.next()
    expect(result.cancel()).toBe(true)
    expect(result.cancel()).toBe(false)
    const error = await failure(result)
    expect(error).toBeInstanceOf(AbortError)
    expect(error.code).toBe('ERR_CANCELLED')
    expect(result.successful()).toBe(false)
    desk.open()
    await inTime(Promise.resolve(first))
    expect(await inTime(pool.apply(tasks.square, [3]))).toBe(9)
    const labels = desk.visits.map(({ label }) => label)
    expect(labels).toEqual(when === 'waits' ? ['first'] : ['obey', 'aborted'])
  })

  test('calls back once, with the result or with the error', async () => {
    const pool = newPool({ size: 1 })
    const told: unknown[] = []
    const callback = (result: unknown): void => void told.push(result)
    const errorCallback = (error: unknown): void => void told.push((error as Error).message)
    await pool.applyAsync(tasks.square, [3], { callback, errorCallback })
    await pool.applyAsync(errors.range, [], { callback, errorCallback }).wait()
    expect(told).toEqual([9, 'out of range'])
  })

  test('a callback that throws is reported on events$, and the result stands', async () => {
    const pool = newPool({ size: 1 })
    const boom = new Error('in a callback')
    const callback = (): void => {
      throw boom
    }
    const reported = eventOf(pool, 'callbackError')
    expect(await pool.applyAsync(tasks.square, [3], { callback })).toBe(9)
    expect(await inTime(reported)).toMatchObject({ error: boom, id: expect.stringContaining('pool') })
    const again = eventOf(pool, 'callbackError')
    const failed = pool.applyAsync(errors.range, [], { errorCallback: callback })
    expect(await failure(failed)).toBeInstanceOf(RangeError)
    expect((await inTime(again)).error).toBe(boom)
    expect(await pool.apply(tasks.square, [4])).toBe(16)
  })
})
