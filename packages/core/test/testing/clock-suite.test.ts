/** Both clocks that we have keep what every clock promises. */
import { systemClock } from '@troupe/core/internal'
import { clockSuite, ManualClock } from '@troupe/core/testing'

function manual() {
  const clock = new ManualClock()
  return { clock, pass: (ms: number) => clock.advance(ms) }
}

function real() {
  const clock = systemClock()
  return { clock, pass: (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms)) }
}

describe('the manual clock', () => {
  for (const { name, run } of clockSuite(manual)) test(name, run)
})

describe("the runtime's clock", () => {
  for (const { name, run } of clockSuite(real)) test(name, run)
})
