import fc from 'fast-check'
import { affected } from '@troupe/core/internal'

describe('whom a restart concerns', () => {
  test.each([
    ['one_for_one', ['b']],
    ['one_for_all', ['a', 'b', 'c', 'd']],
    ['rest_for_one', ['b', 'c', 'd']],
  ] as const)('under %s: %j', (strategy, expected) => {
    expect(affected(strategy, ['a', 'b', 'c', 'd'], 'b')).toEqual(expected)
  })

  test('always the failed one, in the order of start, under rest_for_one with all that follow it', () => {
    const strategy = fc.constantFrom('one_for_one' as const, 'one_for_all' as const, 'rest_for_one' as const)
    const children = fc.uniqueArray(fc.string(), { minLength: 1, maxLength: 8 })
    fc.assert(
      fc.property(strategy, children, fc.nat(), (given, all, chosen) => {
        const failed = all[chosen % all.length] as string
        const group = affected(given, all, failed)
        expect(group).toContain(failed)
        expect(group).toEqual(all.filter((child) => group.includes(child)))
        const before = group.indexOf(failed)
        expect(before).toBe(given === 'one_for_all' ? all.indexOf(failed) : 0)
        expect(group.length - before).toBe(given === 'one_for_one' ? 1 : all.length - all.indexOf(failed))
      }),
    )
  })
})
