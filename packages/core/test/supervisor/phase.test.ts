import fc from 'fast-check'
import { next, type Phase, statusOf, type Step } from '@troupe/core/internal'

const steps: readonly Step[] = ['start', 'started', 'failed', 'ignored', 'wait', 'due', 'stop', 'ended']
const phases: readonly Phase[] = ['new', 'down', 'waiting', 'starting', 'running', 'stopping']

/** Those that can be taken from there. */
const open = (phase: Phase): Step[] =>
  steps.filter((step) => {
    try {
      next(phase, step)
      return true
    } catch {
      return false
    }
  })

describe('the phases of a child', () => {
  test.each<[Phase, Partial<Record<Step, Phase>>]>([
    ['new', { start: 'starting' }],
    ['down', { start: 'starting', wait: 'waiting' }],
    ['waiting', { due: 'down', stop: 'down' }],
    ['starting', { started: 'running', failed: 'down', ignored: 'down' }],
    ['running', { stop: 'stopping', ended: 'down' }],
    ['stopping', { ended: 'down' }],
  ])('from %s lead these steps and no others: %j', (phase, table) => {
    expect(Object.fromEntries(open(phase).map((step) => [step, next(phase, step)]))).toEqual(table)
  })

  test('a step that cannot be taken is an error that names both', () => {
    expect(() => next('down', 'ended')).toThrow("A child that is down cannot take the step 'ended'")
  })

  test('every path from down stays in the table, and can come back to down', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(), { maxLength: 30 }), (choices) => {
        let phase: Phase = 'down'
        for (const choice of choices) {
          const ways = open(phase)
          phase = next(phase, ways[choice % ways.length] as Step)
          expect(phases).toContain(phase)
        }
        // At most two steps: started and stopped.
        const home = (from: Phase): boolean => open(from).some((step) => next(from, step) === 'down')
        expect(phase === 'down' || home(phase)).toBe(true)
      }),
    )
  })

  test("are told by which() in OTP's three words", () => {
    expect(phases.map((phase) => [phase, statusOf[phase]])).toEqual([
      ['new', 'restarting'],
      ['down', 'down'],
      ['waiting', 'restarting'],
      ['starting', 'restarting'],
      ['running', 'running'],
      ['stopping', 'running'],
    ])
  })
})
