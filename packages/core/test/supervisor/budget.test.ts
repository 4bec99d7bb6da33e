import fc from 'fast-check'
import { type Budget, spend } from '@troupe/core/internal'

function run(budget: Budget, times: readonly number[]): boolean[] {
  let history: readonly number[] = []
  return times.map((now) => {
    const spent = spend(history, now, budget)
    history = spent.history
    return spent.exceeded
  })
}

describe('the budget of restarts', () => {
  test.each<[string, Budget, number[], boolean[]]>([
    ['intensity 0 allows none', { intensity: 0, period: 5_000 }, [0], [true]],
    ['one too many in the period', { intensity: 2, period: 5_000 }, [0, 1, 2], [false, false, true]],
    ['the period slides', { intensity: 1, period: 100 }, [0, 100, 199, 300], [false, false, true, false]],
    ['a restart at the end of the period counts no more', { intensity: 1, period: 100 }, [0, 100], [false, false]],
    ['a restart just before it does', { intensity: 1, period: 100 }, [0, 99], [false, true]],
    [
      'a clock that is set back is no reason to count for longer',
      { intensity: 1, period: 10 },
      [900, 5, 14, 16],
      [false, false, true, true],
    ],
    ['a period of 0 forgets at once', { intensity: 1, period: 0 }, [5, 5, 5], [false, false, false]],
  ])('%s', (_, budget, times, exceeded) => {
    expect(run(budget, times)).toEqual(exceeded)
  })

  test('says what counting all restarts of the last period says', () => {
    const budget = fc.record({ intensity: fc.nat(5), period: fc.integer({ min: 1, max: 50 }) })
    fc.assert(
      fc.property(budget, fc.array(fc.nat(30), { maxLength: 60 }), (given, gaps) => {
        let now = 0
        const times = gaps.map((gap) => (now += gap))
        const naive = times.map((at, index) => {
          const recent = times.slice(0, index + 1).filter((earlier) => at - earlier < given.period)
          return recent.length > given.intensity
        })
        expect(run(given, times)).toEqual(naive)
      }),
    )
  })

  test('an intensity of Infinity allows all, and keeps no history', () => {
    expect(
      run(
        { intensity: Infinity, period: 5_000 },
        Array.from({ length: 100 }, () => 0),
      ),
    ).not.toContain(true)
    expect(spend([], 0, { intensity: Infinity, period: 5_000 }).history).toEqual([])
  })

  test('keeps no more of the past than the period, and changes no history that it was given', () => {
    const past = Object.freeze([0, 10, 20])
    expect(spend(past, 115, { intensity: 9, period: 100 }).history).toEqual([20, 115])
  })
})
