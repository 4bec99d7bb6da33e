import { AbortError, TimeoutError } from '@troupe/core'
import { Waits } from '@troupe/core/internal'
import { ManualClock } from '@troupe/core/testing'
import { PendingResult } from '../../dist/call/async-result.js'

function pending(cancel: (reason: unknown) => boolean = () => true): {
  clock: ManualClock
  result: PendingResult<number>
  resolve: (value: number) => void
  reject: (error: unknown) => void
} {
  const clock = new ManualClock()
  let settle: { resolve: (value: number) => void; reject: (error: unknown) => void } | undefined
  const promise = new Promise<number>((resolve, reject) => {
    settle = { resolve, reject }
  })
  const result = new PendingResult(promise, { waits: new Waits(clock), label: 'resize of file:///x.js', cancel })
  return { clock, result, resolve: (value) => settle?.resolve(value), reject: (error) => settle?.reject(error) }
}

test('get(ms) rejects after its time and may be asked again', async () => {
  const { clock, result, resolve } = pending()
  const got = result.get(50).catch((error: unknown) => error)
  await clock.advance(50)
  expect(await got).toBeInstanceOf(TimeoutError)
  expect(String(await got)).toContain('get() of resize of file:///x.js took longer than 50 ms')
  resolve(5)
  expect(await result.get(50)).toBe(5)
  expect(await result.get()).toBe(5)
})

test('wait(ms) resolves after its time, and never rejects because of the task', async () => {
  const { clock, result, reject } = pending()
  const waited = result.wait(50)
  await clock.advance(50)
  expect(await waited).toBeUndefined()
  expect(result.ready()).toBe(false)
  reject(new Error('why'))
  expect(await result.wait()).toBeUndefined()
  expect([result.ready(), result.successful()]).toEqual([true, false])
})

test.each([-1, Number.NaN, '5'])('a wait of %p is refused', async (ms) => {
  const { result } = pending()
  await expect(result.wait(ms as number)).rejects.toThrow(/Expected `ms` to be a number/)
  await expect(result.get(ms as number)).rejects.toThrow(/Expected `timeout` to be a number/)
})

test('successful is refused while it is not ready', async () => {
  const { result, resolve } = pending()
  expect(() => result.successful()).toThrow('resize of file:///x.js is not ready: await it, or ask ready() first')
  resolve(1)
  await result
  expect(result.successful()).toBe(true)
})

test('cancel gives an AbortError with its code, and passes on whether that had an effect', () => {
  const reasons: unknown[] = []
  const effect = pending((reason) => reasons.push(reason) > 0)
  expect(effect.result.cancel()).toBe(true)
  expect(reasons).toEqual([expect.any(AbortError)])
  expect(reasons[0]).toMatchObject({ code: 'ERR_CANCELLED' })
  expect(pending(() => false).result.cancel()).toBe(false)
})

test('cancel of what is ready asks nobody', async () => {
  const { result, resolve } = pending(() => {
    throw new Error('asked')
  })
  resolve(1)
  await result
  expect(result.cancel()).toBe(false)
})

test('is a thenable: then, await and Promise.all take it', async () => {
  const { result, resolve } = pending()
  resolve(2)
  expect(await Promise.all([result, result.then((value) => value + 1)])).toEqual([2, 3])
  const failing = pending()
  failing.reject('why')
  expect(await failing.result.then(undefined, (error) => [error])).toEqual(['why'])
})
