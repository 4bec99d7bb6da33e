/** The short form of load.proof.ts. */
import { runLoad } from './load.js'
import { stopSystems, testSystem } from './support.js'

afterAll(stopSystems)

test('100,000 messages of two processes reach a third without gap or swap, and this one passes them on undecoded', async () => {
  const total = 100_000
  const { last, passed, waits } = await runLoad(testSystem().system, total)
  expect(last).toEqual({ received: total, gaps: 0, swaps: 0 })
  expect(waits).toBeGreaterThan(0)
  // All of them came by here; what was decoded was for this process: answers, and the tallies.
  expect(passed.arrived).toBeGreaterThan(20 * total)
  expect(passed.decoded).toBeLessThan(passed.arrived / 100)
})
