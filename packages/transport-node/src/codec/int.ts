/** The most that an integer takes. */
export const INT_BYTES = 5

/**
 * Writes an integer from 0 to 4,294,967,295 as MessagePack, and returns where it ends. 64 to 127 take two bytes: in
 * blocks with records their one-byte form stands for a shape.
 */
export function writeInt(bytes: Uint8Array, at: number, value: number): number {
  if (value < 0x40) {
    bytes[at] = value
    return at + 1
  }
  if (value < 0x100) {
    bytes[at] = 0xcc
    bytes[at + 1] = value
    return at + 2
  }
  if (value < 0x1_0000) {
    bytes[at] = 0xcd
    bytes[at + 1] = value >>> 8
    bytes[at + 2] = value
    return at + 3
  }
  bytes[at] = 0xce
  bytes[at + 1] = value >>> 24
  bytes[at + 2] = value >>> 16
  bytes[at + 3] = value >>> 8
  bytes[at + 4] = value
  return at + 5
}
