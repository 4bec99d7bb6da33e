/** MessagePack keeps what every codec promises. */
import { codecSuite } from '@troupe/core/testing'
import { msgpackCodec } from '@troupe/transport-node/internal'

describe('the codec of MessagePack', () => {
  for (const { name, run } of codecSuite(msgpackCodec)) test(name, run)
})
