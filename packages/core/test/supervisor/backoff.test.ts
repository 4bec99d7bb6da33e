import fc from 'fast-check'
import { type Backoff, delay, nextInRow, NO_BACKOFF } from '@troupe/core/internal'

const given = (more: Partial<Backoff>): Backoff => ({
  min: 100,
  max: 1_000,
  factor: 3,
  jitter: 0,
  resetAfter: 30_000,
  ...more,
})

const anyBackoff = fc.record({
  min: fc.integer({ min: 0, max: 1_000 }),
  max: fc.integer({ min: 1_000, max: 2_147_483_647 }),
  factor: fc.double({ min: 1, max: 10, noNaN: true }),
  jitter: fc.double({ min: 0, max: 1, noNaN: true }),
  resetAfter: fc.nat(),
})
const chance = fc.double({ min: 0, max: 1, noNaN: true })

describe('the back-off', () => {
  test('the first restart is immediate, then min, min x factor, up to max', () => {
    expect([0, 1, 2, 3, 4, 5, 6].map((row) => delay(row, given({}), 0.5))).toEqual([0, 0, 100, 300, 900, 1_000, 1_000])
  })

  test('without one nothing ever waits', () => {
    expect([0, 1, 2, 100].map((row) => delay(row, NO_BACKOFF, 1))).toEqual([0, 0, 0, 0])
  })

  test('jitter adds or takes no more than its share', () => {
    const backoff = given({ max: 10_000, jitter: 0.2 })
    expect([0, 0.5, 1].map((by) => delay(2, backoff, by))).toEqual([80, 100, 120])
  })

  test('is always a time that a timer holds, within its share of the plain one', () => {
    fc.assert(
      fc.property(anyBackoff, fc.nat(2_000), chance, (backoff, row, by) => {
        const plain = delay(row, { ...backoff, jitter: 0 }, by)
        const wait = delay(row, backoff, by)
        expect(wait).toBeGreaterThanOrEqual(plain * (1 - backoff.jitter) * 0.999)
        expect(wait).toBeLessThanOrEqual(Math.min(backoff.max, plain * (1 + backoff.jitter) * 1.001))
        if (row <= 1) expect(wait).toBe(0)
      }),
    )
  })

  test('without jitter never shrinks', () => {
    fc.assert(
      fc.property(anyBackoff, fc.nat(2_000), chance, (backoff, row, by) => {
        const plain = { ...backoff, jitter: 0 }
        expect(delay(row + 1, plain, by)).toBeGreaterThanOrEqual(delay(row, plain, by))
      }),
    )
  })
})

describe('a row of restarts', () => {
  test.each([
    ['grows with a life that was short', 3, 29_999, 4],
    ['grows with a start that failed', 3, 0, 4],
    ['ends with a life that lasted', 3, 30_000, 1],
    ['begins with the first', 0, 0, 1],
  ])('%s', (_, row, lived, expected) => {
    expect(nextInRow(row, lived, given({}))).toBe(expected)
  })

  test('never ends where there is no back-off', () => {
    expect(nextInRow(7, 1e12, NO_BACKOFF)).toBe(8)
  })
})
