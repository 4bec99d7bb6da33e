/** The queue under fire, at length: `npm run proofs -- queue-chaos`. */
import { runChaos } from './queue-chaos.js'
import { stopSystems, testSystem } from './support.js'

afterAll(stopSystems)

test('400,000 items of 4 producers to 3 consumers, one killed every 500 ms: each is acknowledged, none is lost', async () => {
  const chaos = { producers: 4, consumers: 3, total: 400_000, killEvery: 500 }
  const { handled, kills, ms } = await runChaos(testSystem().system, chaos)
  const again = handled.reduce((sum, times) => sum + Math.max(0, times - 1), 0)
  process.stderr.write(`400,000 items in ${Math.round(ms)} ms, ${kills} kills; ${again} were handled more than once\n`)
  expect(handled.indexOf(0)).toBe(-1)
  expect(kills).toBeGreaterThan(3)
}, 300_000)
