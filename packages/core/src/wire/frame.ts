/**
 * The unit on a channel: a header of 16 bytes, big-endian, and a payload.
 *
 *   | length 4 | kind 1 | flags 1 | zero 2 | origin 4 | destination 4 | payload ... |
 *
 * Origin and destination are hosts, so that a router forwards frames as bytes.
 */
export const HEADER_BYTES = 16

/** Longer blocks are cut, so that control never waits behind a big message. */
export const MAX_PAYLOAD: number = 256 * 1024

export const Kind = {
  /** JSON: version, codec, identity. The first frame each way. */
  hello: 1,
  /** A list of envelopes, packed by the codec. */
  block: 2,
  /** Room given back: triples of actor, messages, bytes, 4 bytes each. Actor 0 is the pair of hosts itself. */
  credit: 3,
  /** JSON: stop, kill, abandon. Overtakes blocks. */
  control: 4,
} as const
export type Kind = (typeof Kind)[keyof typeof Kind]

export const Flag = {
  /** The packer is a fresh one from this block on. */
  fresh: 1,
  /** The block goes on in the next block frame of this pair. */
  more: 2,
  /** Control that must not overtake what was sent before it. */
  inOrder: 4,
} as const

export interface Frame {
  readonly kind: number
  readonly flags: number
  readonly origin: number
  readonly destination: number
  /** The whole frame with its header. */
  readonly bytes: Uint8Array
}

export function payloadOf(frame: Frame): Uint8Array {
  return frame.bytes.subarray(HEADER_BYTES)
}

/** Writes the header of a frame whose payload stands, or will stand, behind it. */
export function writeHeader(
  bytes: Uint8Array,
  { length, kind, flags, origin, destination }: Omit<Frame, 'bytes'> & { length: number },
): void {
  writeUint32(bytes, 0, length)
  bytes[4] = kind
  bytes[5] = flags
  bytes[6] = bytes[7] = 0
  writeUint32(bytes, 8, origin)
  writeUint32(bytes, 12, destination)
}

/** A frame around a payload of its own. */
export function frameOf(head: Omit<Frame, 'bytes'>, payload: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(HEADER_BYTES + payload.length)
  writeHeader(bytes, { ...head, length: payload.length })
  bytes.set(payload, HEADER_BYTES)
  return bytes
}

export function readUint32(bytes: Uint8Array, at: number): number {
  const high = ((bytes[at] as number) << 8) | (bytes[at + 1] as number)
  const low = ((bytes[at + 2] as number) << 8) | (bytes[at + 3] as number)
  return high * 0x1_0000 + low
}

export function writeUint32(bytes: Uint8Array, at: number, value: number): void {
  bytes[at] = value >>> 24
  bytes[at + 1] = value >>> 16
  bytes[at + 2] = value >>> 8
  bytes[at + 3] = value
}
