import { ManualClock } from '@troupe/core/testing'

describe('the manual clock', () => {
  test('fires timers in the order of their time, then of their making, and promises settle in between', async () => {
    const clock = new ManualClock()
    const fired: string[] = []
    clock.setTimeout(() => fired.push(`late at ${clock.now()}`), 20)
    clock.setTimeout(() => {
      fired.push(`first at ${clock.now()}`)
      void Promise.resolve().then(() => fired.push('promise'))
    }, 10)
    clock.setTimeout(() => fired.push(`second at ${clock.now()}`), 10)
    await clock.advance(9)
    expect(fired).toEqual([])
    await clock.advance(11)
    expect(fired).toEqual(['first at 10', 'promise', 'second at 10', 'late at 20'])
    expect([clock.now(), clock.pending]).toEqual([20, 0])
  })

  test('fires a timer that was set by another, when its time has come in the same step', async () => {
    const clock = new ManualClock()
    const fired: number[] = []
    const again = (): void => {
      fired.push(clock.now())
      clock.setTimeout(again, 10)
    }
    clock.setTimeout(again, 10)
    await clock.advance(35)
    expect(fired).toEqual([10, 20, 30])
    expect(clock.pending).toBe(1)
  })

  test('never fires a timer that was cleared, and an immediate one only when told to go on', async () => {
    const clock = new ManualClock()
    let fired = 0
    clock.clearTimeout(clock.setTimeout(() => (fired += 1), 1))
    clock.setImmediate(() => (fired += 10))
    expect(fired).toBe(0)
    await clock.advance(1)
    expect(fired).toBe(10)
  })
})
