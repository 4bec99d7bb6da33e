/** The reference codec keeps what every codec promises. */
import { codecSuite, jsonCodec } from '@troupe/core/testing'

describe('the codec of JSON', () => {
  for (const { name, run } of codecSuite(jsonCodec)) test(name, run)
})
