import fc from 'fast-check'
import type { ReasonType, RestartType } from '@troupe/core'
import { decide, type Decision, shutsDown } from '@troupe/core/internal'

const clean: ReasonType[] = ['normal', 'shutdown']
const abnormal: ReasonType[] = ['killed', 'noproc', 'noconnection', 'error', 'exit', 'oom']

describe("OTP's table of restarts", () => {
  test.each<[RestartType, 'clean' | 'abnormal', Decision]>([
    ['permanent', 'clean', 'restart'],
    ['permanent', 'abnormal', 'restart'],
    ['transient', 'clean', 'keep'],
    ['transient', 'abnormal', 'restart'],
    ['temporary', 'clean', 'forget'],
    ['temporary', 'abnormal', 'forget'],
  ])('a %s child whose end was %s: %s', (restart, end, decision) => {
    for (const type of end === 'clean' ? clean : abnormal)
      expect([type, decide(restart, { type })]).toEqual([type, decision])
  })

  test('an exit is abnormal, code 0 too', () => {
    expect(decide('transient', { type: 'exit', code: 0, signal: null })).toBe('restart')
  })

  test('a shutdown stays clean whatever error it carries', () => {
    expect(decide('transient', { type: 'shutdown', error: new Error() })).toBe('keep')
  })
})

describe('the end of a significant child', () => {
  test.each([
    ['never', true, false, false],
    ['any_significant', true, true, true],
    ['any_significant', true, false, true],
    ['all_significant', true, true, false],
    ['all_significant', true, false, true],
    ['any_significant', false, false, false],
    ['all_significant', false, false, false],
  ] as const)(
    'under %s (significant %s, others left %s) ends the supervisor: %s',
    (auto, significant, others, ends) => {
      expect(shutsDown(auto, { significant }, others)).toBe(ends)
    },
  )

  test('whatever all_significant ends, any_significant would have ended before', () => {
    fc.assert(
      fc.property(fc.boolean(), fc.boolean(), (significant, others) => {
        if (shutsDown('all_significant', { significant }, others))
          expect(shutsDown('any_significant', { significant }, others)).toBe(true)
      }),
    )
  })
})
