/** Order and memory under load, at length: `npm run proofs`. */
import { runLoad } from './load.js'
import { stopSystems, testSystem } from './support.js'

afterAll(stopSystems)

/** MiB that a process may grow by while nothing is to grow: garbage that has not been collected yet. */
const SLACK = 48

test('1,000,000 messages of two processes reach a third without gap or swap, with flat memory in all four', async () => {
  const total = 1_000_000
  const { last, memory, passed, waits, ms } = await runLoad(testSystem().system, total)
  const rows = memory.map((row) => row.map((mib) => String(mib).padStart(5)).join(''))
  const [arrived, decoded] = [passed.arrived, passed.decoded].map((bytes) => (bytes / 1e6).toFixed(2))
  process.stderr.write(
    `${total} messages in ${Math.round(ms)} ms, ${waits} waits; ${arrived} MB passed on, ${decoded} MB decoded here.\n` +
      `MiB at each tenth (sender, sender, receiver, this process):\n${rows.join('\n')}\n`,
  )
  expect(last).toEqual({ received: total, gaps: 0, swaps: 0 })
  expect(passed.decoded).toBeLessThan(passed.arrived / 100)
  expect(memory).toHaveLength(10)
  // From the third tenth on everything has its size: caches are warm, windows were full.
  const early = memory[2] as readonly number[]
  const late = memory[9] as readonly number[]
  for (const [index, mib] of late.entries()) expect(mib).toBeLessThan((early[index] as number) + SLACK)
}, 180_000)
