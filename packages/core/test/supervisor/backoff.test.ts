import fc from 'fast-check'
import { delay } from '@troupe/core/internal'

describe('the back-off', () => {
  test('the first restart is immediate, then min, min x factor, up to max', () => {
    const backoff = { min: 100, max: 1_000, factor: 3 }
    expect([0, 1, 2, 3, 4, 5, 6].map((failures) => delay(failures, backoff))).toEqual([
      0, 0, 100, 300, 900, 1_000, 1_000,
    ])
  })

  test('never shrinks, never exceeds max, is always a time that a timer holds', () => {
    const backoff = fc.record({
      min: fc.integer({ min: 1, max: 1_000 }),
      max: fc.integer({ min: 1_000, max: 2_147_483_647 }),
      factor: fc.double({ min: 1, max: 10, noNaN: true }),
    })
    fc.assert(
      fc.property(backoff, fc.nat(2_000), (given, failures) => {
        const [now, next] = [delay(failures, given), delay(failures + 1, given)]
        expect(next).toBeGreaterThanOrEqual(now)
        expect(next).toBeLessThanOrEqual(given.max)
      }),
    )
  })
})
