import { Child, type ChildPlan, Lane } from '@troupe/core/internal'

const plan: ChildPlan = {
  key: 'a',
  id: 'a',
  type: 'worker',
  restart: 'permanent',
  shutdown: 5_000,
  significant: false,
  incarnations: { handle: {}, start: async () => undefined, close: () => undefined, end: () => undefined },
}

describe('a child', () => {
  test('begins new, wanted, in its first life', () => {
    const child = new Child(plan, new Lane())
    expect([child.phase, child.wanted, child.lives, child.row]).toEqual(['new', 'running', 0, 0])
  })

  test('an abort fails the start that is under way, with its reason', () => {
    const child = new Child(plan, new Lane())
    const signal = child.begin()
    child.abort(() => 'why')
    expect([signal.aborted, signal.reason]).toEqual([true, 'why'])
  })

  test('an abort means nothing to one that has started, nor to its next start', () => {
    const child = new Child(plan, new Lane())
    const first = child.begin()
    child.take('started')
    child.abort(() => 'late')
    child.take('ended')
    child.abort(() => 'later')
    const second = child.begin()
    expect([first.aborted, second.aborted]).toEqual([false, false])
  })

  test.each(['due', 'stop'] as const)('that waits no more (%s) takes its timer back, once', (step) => {
    const child = new Child(plan, new Lane())
    let cancelled = 0
    child.begin()
    child.take('failed')
    child.wait(() => void (cancelled += 1))
    expect(child.phase).toBe('waiting')
    child.leaveWait(step)
    expect([child.phase, cancelled]).toEqual(['down', 1])
  })

  test('keeps its timer when it cannot leave', () => {
    const child = new Child(plan, new Lane())
    let cancelled = 0
    child.begin()
    child.take('failed')
    child.wait(() => void (cancelled += 1))
    child.leaveWait('due')
    expect(() => child.leaveWait('due')).toThrow("cannot take the step 'due'")
    expect(cancelled).toBe(1)
  })
})
