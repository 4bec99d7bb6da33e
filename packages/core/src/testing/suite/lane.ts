import type { Codec, Packer, Portables, Unpacker } from '../../ports/codec.js'
import type { Slab } from '../../ports/slab.js'

/** To, name, id, value, size. */
const STRIDE = 5

/** Packs values into blocks and reads them back, as an ordered pair of hosts would. */
export class Lane {
  packer: Packer
  unpacker: Unpacker
  readonly slab: Slab
  readonly #make: () => Codec
  readonly #portables: Portables

  constructor(make: () => Codec, portables: Portables = { write: () => null, read: (fields) => fields }) {
    this.#make = make
    this.#portables = portables
    this.packer = make().packer(portables)
    this.unpacker = make().unpacker(portables)
    this.slab = { bytes: this.packer.allocate(64 * 1024), length: 0 }
  }

  /** After an append that threw: both ends start afresh, as the outbox and the inbox do. */
  renew(): void {
    this.packer = this.#make().packer(this.#portables)
    this.unpacker = this.#make().unpacker(this.#portables)
  }

  begin(): void {
    this.slab.length = 0
    this.packer.begin(this.slab)
  }

  append(value: unknown, to = 16, name = 1, id = 0): number {
    return this.packer.append(this.slab, to, name, id, value)
  }

  end(): void {
    this.packer.end(this.slab)
  }

  block(values: readonly unknown[]): Uint8Array {
    this.begin()
    for (const value of values) this.append(value)
    this.end()
    return this.#block(0)
  }

  /** The values of the block that was ended last. */
  read(from = 0): unknown[] {
    return this.readEnvelopes(from).map((each) => each[3])
  }

  readEnvelopes(from = 0): unknown[][] {
    const items = this.unpacker.read(this.#block(from))
    return Array.from({ length: items.length / STRIDE }, (_, at) => items.slice(at * STRIDE, (at + 1) * STRIDE))
  }

  /** All `values` in one block, as they arrive. */
  travel(values: readonly unknown[]): unknown[] {
    this.begin()
    for (const value of values) this.append(value)
    this.end()
    return this.read()
  }

  /** A copy: the slab is overwritten by the next block. */
  #block(from: number): Uint8Array {
    return Uint8Array.prototype.slice.call(this.slab.bytes, from, this.slab.length)
  }
}
