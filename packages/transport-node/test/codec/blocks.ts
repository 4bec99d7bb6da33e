/** Packs values into blocks and reads them back, as a pair of hosts would. */
import type { Codec, Packer, Portables, Slab, Unpacker } from '@troupe/core'
import { type Target, targetOf, toWireRef } from '@troupe/core/internal'
import { msgpackCodec } from '@troupe/transport-node/internal'

/** Numbers before and after each value: to, name, id, value, size. */
export const STRIDE = 5

export class Pair {
  packer: Packer
  unpacker: Unpacker
  readonly slab: Slab
  readonly #codec: Codec
  readonly #portables: Portables

  constructor({ slabBytes = 64 * 1024, refs = (fields: unknown): unknown => fields, codec = msgpackCodec() } = {}) {
    this.#codec = codec
    this.#portables = { write: (ref) => toWireRef(targetOf(ref) as Target), read: refs }
    this.packer = codec.packer(this.#portables)
    this.unpacker = codec.unpacker(this.#portables)
    this.slab = { bytes: this.packer.allocate(slabBytes), length: 0 }
  }

  /** After a pack that threw: both ends start afresh, as the outbox and the inbox do. */
  renew(): void {
    this.packer = this.#codec.packer(this.#portables)
    this.unpacker = this.#codec.unpacker(this.#portables)
    this.slab.length = 0
  }

  /** One block of all `values`; the list that the reader makes of it. */
  block(values: readonly unknown[], numbers: readonly (readonly [number, number, number])[] = []): unknown[] {
    const { slab, packer } = this
    slab.length = 0
    packer.begin(slab)
    values.forEach((value, index) => {
      const [to, name, id] = numbers[index] ?? [16, 1, 0]
      packer.append(slab, to, name, id, value)
    })
    packer.end(slab)
    // The reader keeps nothing of the slab: it is overwritten by the next block.
    return this.unpacker.read(Uint8Array.prototype.slice.call(slab.bytes, 0, slab.length))
  }

  /** All `values` in one block, as they arrive. */
  travel(values: readonly unknown[]): unknown[] {
    return this.block(values).filter((_, index) => index % STRIDE === 3)
  }
}

/** `value` as it arrives at the other end. */
export function travel(value: unknown): unknown {
  return new Pair().travel([value])[0]
}
