import type { Slab } from './slab.js'

/**
 * Values that travel by themselves, such as refs: what is sent in their place, and what becomes of that at the other
 * end. Bound to one ordered pair of hosts. Which values they are: `isPortable` of message/data.ts.
 */
export interface Portables {
  /** Data for `value`. Throws for one that cannot travel here. */
  write(value: object): unknown
  /** What such data stands for. Throws for what `write` did not make. */
  read(fields: unknown): unknown
}

/**
 * Values to bytes and back. State (known shapes) belongs to one packer and one unpacker, and these to one ordered pair
 * of hosts: mixing two senders in one unpacker garbles values in silence.
 */
export interface Codec {
  /** Agreed on at hello; both ends must name the same. */
  readonly name: string
  packer(portables: Pick<Portables, 'write'>): Packer
  unpacker(portables: Pick<Portables, 'read'>): Unpacker
}

/**
 * Appends envelopes to a slab, block by block: three integers and a value each, then the size of these four in bytes.
 * After `append` has thrown, `slab.length` is as before, and the packer can only `end` the block: take a fresh one.
 */
export interface Packer {
  /** Bytes of the kind that this packer writes into fastest. */
  allocate(bytes: number): Uint8Array
  /** Begins a block at the end of the slab. */
  begin(slab: Slab): void
  /**
   * @returns the bytes appended, without those that tell the size.
   * @throws whatever stands in the way of packing `value`, or of reading it at the other end (`expectReadable`); the
   *   caller finds the bad member and says so.
   */
  append(slab: Slab, to: number, name: number, id: number, value: unknown): number
  /** Completes the block that was begun. */
  end(slab: Slab): void
  /**
   * A copy of `value` as a receiver would get it, but with the same portables in it. Throws as `append` does, and leaves
   * no state behind.
   */
  snapshot(value: unknown): unknown
}

/** Reads the blocks of one packer, in the order in which they were made. */
export interface Unpacker {
  /**
   * The flat list of one block: to, name, id, value, size, to, name, ...
   *
   * @throws when the bytes are not a block of this codec.
   */
  read(block: Uint8Array): unknown[]
}
