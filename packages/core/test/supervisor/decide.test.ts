import type { ReasonType } from '@troupe/core'
import { decide, type Decision, type RestartType } from '@troupe/core/internal'

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
