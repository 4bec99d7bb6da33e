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
  const bytes = bytesOf(value as object)
  if (bytes !== undefined) return bytes
  try {
    return packer.snapshot(classed(value))
  } catch (error) {
    throw notData(value, error, what, name)
  }
}

/**
 * The snapshot of a list of arguments, of which most are plain or bytes: those are not packed for it.
 *
 * @throws as `snapshot`.
 */
export function snapshotOfEach(args: readonly unknown[], what: string, name: string): readonly unknown[] {
  if (args.every(isPlain)) return args
  const simple = args.map((arg) => (isPlain(arg) ? arg : bytesOf(arg as object)))
  if (args.every((arg, index) => isPlain(arg) || simple[index] !== undefined)) return simple
  // Together: what is in several of them is so afterwards.
  return snapshot(args.map(classed), what, name) as readonly unknown[]
}

/** A copy of bytes, as they would arrive; large ones would be copied three times by packing them. Undefined for all else. */
function bytesOf(value: object): Uint8Array | undefined {
  if (Buffer.isBuffer(value)) return Buffer.from(value)
  return Object.getPrototypeOf(value) === Uint8Array.prototype ? (value as Uint8Array).slice() : undefined
}

/** Cannot change. */
const isPlain = (value: unknown): boolean =>
  value === null || (typeof value !== 'object' && typeof value !== 'function' && typeof value !== 'symbol')
