/**
 * Bytes that grow: messages are packed into it one after another, so that one flush is one write.
 * A packer that outgrows it puts a larger buffer in its place.
 */
export interface Slab {
  bytes: Uint8Array
  /** How many bytes are in use. */
  length: number
}
