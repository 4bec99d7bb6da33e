/** The inline placement keeps what every placement promises, also when its channel is narrow and cut anywhere. */
import { inline, type InlineOptions, placementSuite } from '@troupe/core/testing'
import * as actors from '@troupe/core/testing/actors'
import { cutBy } from '../support/chunks.js'

const options: Record<string, InlineOptions> = {
  'as it comes': {},
  'over a narrow channel': { channel: { highWater: 4 * 1024, cut: cutBy([1_000, 7, 30_000]) } },
}

describe.each(Object.keys(options))('an inline placement, %s,', (how) => {
  for (const { name, run } of placementSuite({ placement: () => inline(options[how]), actors }, { exits: false })) {
    test(name, run)
  }
})
