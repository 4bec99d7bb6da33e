import { classed, notData } from '@troupe/core/internal'
import { msgpackCodec } from './msgpack.js'

const packer = msgpackCodec().packer({ write: (value) => value })

/**
 * `value` as it is now, for what is given at a call and leaves later. Refs, proxies and streams stay themselves.
 *
 * @param what and `name` say in an error whose it is, and where its path begins.
 * @throws SerializationError for what is no data.
 */
export function snapshot(value: unknown, what: string, name: string): unknown {
  if (isPlain(value)) return value
  try {
    return packer.snapshot(classed(value))
  } catch (error) {
    throw notData(value, error, what, name)
  }
}

/** Cannot change. */
const isPlain = (value: unknown): boolean =>
  value === null || (typeof value !== 'object' && typeof value !== 'function' && typeof value !== 'symbol')
