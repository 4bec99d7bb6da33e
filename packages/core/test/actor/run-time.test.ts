import { readMaxRunTime, RunTime } from '@troupe/core/internal'
import { ManualClock } from '@troupe/core/testing'

/** For a time of 100 ms. */
function bounded() {
  const clock = new ManualClock()
  const told: unknown[] = []
  const reports = {
    busy: () => void told.push('busy'),
    idle: () => void told.push('idle'),
    overran: (ran: number) => void told.push(ran),
  }
  return { clock, told, runTime: new RunTime(100, clock, reports) }
}

describe('the time at one message', () => {
  test('is told of when it begins, and when nothing is left', () => {
    const { told, runTime } = bounded()
    runTime.next()
    runTime.rest()
    runTime.rest()
    runTime.next()
    runTime.rest()
    expect(told).toEqual(['busy', 'idle', 'busy', 'idle'])
  })

  test('is told of at most every quarter of it, while one message follows on another', async () => {
    const { clock, told, runTime } = bounded()
    for (let ms = 0; ms < 100; ms += 1) {
      runTime.next()
      await clock.advance(1)
    }
    expect(told).toEqual(['busy', 'busy', 'busy', 'busy'])
  })

  test('that was too long is told of once it is over, of that message alone', async () => {
    const { clock, told, runTime } = bounded()
    runTime.next()
    await clock.advance(20)
    runTime.next()
    await clock.advance(101)
    runTime.next()
    await clock.advance(100)
    runTime.rest()
    await clock.advance(500)
    runTime.next()
    await clock.advance(200)
    runTime.rest()
    expect(told).toEqual(['busy', 101, 'busy', 'idle', 'busy', 200, 'idle'])
  })

  test('is over with the actor, whatever is in hand then', async () => {
    const { clock, told, runTime } = bounded()
    runTime.next()
    await clock.advance(500)
    runTime.end()
    runTime.next()
    runTime.rest()
    runTime.end()
    expect(told).toEqual(['busy', 'idle'])
  })
})

test.each([
  [undefined, undefined],
  [Infinity, undefined],
  [1, 1],
  [2_147_483_647, 2_147_483_647],
])('maxRunTime may be %p', (given, read) => {
  expect(readMaxRunTime(given)).toBe(read)
})

test.each([0, -1, Number.NaN, -Infinity, 1e300, '100', null, {}])('maxRunTime may not be %p', (given) => {
  expect(() => readMaxRunTime(given)).toThrow(/`maxRunTime`/)
})
