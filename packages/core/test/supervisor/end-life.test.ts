import type { Reason } from '@troupe/core'
import { endLife, type Target } from '@troupe/core/internal'
import { ManualClock } from '@troupe/core/testing'
import { deferred } from '../support/settle.js'

/** A life that says what it was asked, and ends when it is told to. */
function scene() {
  const clock = new ManualClock()
  const log: string[] = []
  const { promise: exited, resolve: end } = deferred<Reason>()
  const life = {
    exited,
    stop: ({ timeout }: { timeout: number }) => void log.push(`stop within ${timeout}`),
    kill: () => void log.push('kill'),
  } as unknown as Target
  const host = { kill: () => void log.push('kill the host') }
  return { clock, log, life, end, host }
}

describe('the end of a life', () => {
  test.each([
    [500, 'stop within 500'],
    [Infinity, 'stop within Infinity'],
    ['brutal_kill', 'kill'],
  ] as const)('is asked for as its shutdown (%s) says, and resolves with the reason', async (shutdown, asked) => {
    const { clock, log, life, end } = scene()
    const ended = endLife(life, shutdown, clock, undefined)
    end({ type: 'shutdown' })
    expect(await ended).toEqual({ type: 'shutdown' })
    expect([log, clock.pending]).toEqual([[asked], 0])
  })

  test.each([
    [500, 1_499],
    ['brutal_kill', 999],
  ] as const)(
    'on a shared host takes the host along when %s and one second more were not enough',
    async (shutdown, before) => {
      const { clock, log, life, end, host } = scene()
      const ended = endLife(life, shutdown, clock, host)
      await clock.advance(before)
      expect(log).not.toContain('kill the host')
      await clock.advance(1)
      expect(log).toContain('kill the host')
      end({ type: 'killed' })
      expect(await ended).toEqual({ type: 'killed' })
    },
  )

  test('on a shared host leaves the host alone when it came in time, and no timer', async () => {
    const { clock, log, life, end, host } = scene()
    const ended = endLife(life, 500, clock, host)
    await clock.advance(700)
    end({ type: 'killed' })
    await ended
    expect(clock.pending).toBe(0)
    await clock.advance(10_000)
    expect(log).not.toContain('kill the host')
  })

  test('on a shared host waits for ever when it may', async () => {
    const { clock, life, end, host } = scene()
    const ended = endLife(life, Infinity, clock, host)
    expect(clock.pending).toBe(0)
    end({ type: 'shutdown' })
    await ended
  })
})
