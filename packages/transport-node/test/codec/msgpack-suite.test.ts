/** MessagePack keeps what every codec promises, for those whom we trust and for others. */
import { codecSuite } from '@troupe/core/testing'
import { msgpackCodec, untrustingCodec } from '@troupe/transport-node/internal'

describe.each([
  ['that remembers shapes', msgpackCodec],
  ['that remembers nothing', untrustingCodec],
])('MessagePack %s', (_, codec) => {
  for (const { name, run } of codecSuite(codec)) test(name, run)
})
