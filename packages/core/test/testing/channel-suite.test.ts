/** The channel in memory keeps what every channel promises, however it cuts. */
import { channelPair, channelSuite, type PairOptions } from '@troupe/core/testing'
import { cutBy } from '../support/chunks.js'

const pairs: Record<string, PairOptions> = {
  'as it comes': {},
  'with a bound': { highWater: 64 * 1024 },
  'cut at odd places': { highWater: 64 * 1024, cut: cutBy([1, 4_000, 17, 100_000]) },
}

describe.each(Object.keys(pairs))('the channel in memory, %s,', (how) => {
  const options = pairs[how] as PairOptions
  const make = () => {
    const [a, b] = channelPair(options)
    return { a, b }
  }
  const bound = options.highWater === undefined ? Infinity : undefined
  for (const { name, run } of channelSuite(make, { bound, ends: 'apart' })) test(name, run)
})
