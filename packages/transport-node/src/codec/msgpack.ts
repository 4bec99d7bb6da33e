/**
 * Values as MessagePack, by msgpackr. Shapes of objects become records whose definitions are sent once, which doubles
 * the speed of small messages; so each pair of hosts has a packer and an unpacker of its own (docs/decisions/0002).
 */
import type { Codec, Packer, Portables, Slab, Unpacker } from '@troupe/core'
import { departureOf, expectReadable } from '@troupe/core/internal'
import { addExtension, Packr, Unpackr } from 'msgpackr'
import { portableReader, whilePacking } from './extensions.js'
import { INT_BYTES, writeInt } from './int.js'

export function msgpackCodec(): Codec {
  return {
    name: 'msgpack',
    packer: (portables) => new MsgpackPacker(portables, 'kept'),
    unpacker: (portables) => new MsgpackUnpacker(portables, 'kept'),
  }
}

/**
 * For peers that we did not start: shapes are defined anew in each value and forgotten after each block, so that bytes
 * from one block can never change how another is read; and depth is bounded by the reader too.
 */
export function untrustingCodec(): Codec {
  return {
    name: 'msgpack-apart',
    packer: (portables) => new MsgpackPacker(portables, 'apart'),
    unpacker: (portables) => new MsgpackUnpacker(portables, 'apart'),
  }
}

/** Whether the shapes of objects are remembered from block to block. */
type Shapes = 'kept' | 'apart'

/** The array header of a block: 0xdd and four bytes of count. */
const BLOCK_HEAD = 5
/** Elements of an envelope: to, name, id, value, size. */
const STRIDE = 5
/** What msgpackr wants free before it starts a value; with less it would move to a buffer of its own. */
const ROOM = 2_058

// msgpackr's flags, which its types keep to themselves.
const REUSE_BUFFER = 512
const RESERVE_START = 2_048

class MsgpackPacker implements Packer {
  readonly #portables: Pick<Portables, 'write'>
  readonly #shapes: Shapes
  readonly #packr: Packr
  #start = 0
  #envelopes = 0

  constructor(portables: Pick<Portables, 'write'>, shapes: Shapes) {
    this.#portables = portables
    this.#shapes = shapes
    this.#packr = newPackr(shapes)
  }

  allocate(bytes: number): Uint8Array {
    return Buffer.allocUnsafeSlow(bytes)
  }

  begin(slab: Slab): void {
    this.#start = slab.length
    this.#envelopes = 0
    slab.length += BLOCK_HEAD
  }

  append(slab: Slab, to: number, name: number, id: number, value: unknown): number {
    const start = slab.length
    ensureRoom(slab, start + 3 * INT_BYTES + ROOM)
    const { bytes } = slab
    const at = writeInt(bytes, writeInt(bytes, writeInt(bytes, start, to), name), id)
    const end = this.#packValue(slab, at, value)
    expectReadable(end - start, value)
    ensureRoom(slab, end + INT_BYTES)
    slab.length = writeInt(slab.bytes, end, end - start)
    this.#envelopes += 1
    return end - start
  }

  end(slab: Slab): void {
    const count = this.#envelopes * STRIDE
    slab.bytes[this.#start] = 0xdd
    slab.bytes[this.#start + 1] = count >>> 24
    slab.bytes[this.#start + 2] = count >>> 16
    slab.bytes[this.#start + 3] = count >>> 8
    slab.bytes[this.#start + 4] = count
  }

  snapshot(value: unknown): unknown {
    const portables: object[] = []
    const write = (each: object): number => {
      // What cannot leave any more says so now.
      departureOf(each)
      return portables.push(each) - 1
    }
    const packed = whilePacking({ write }, () => newPackr(this.#shapes).pack(value))
    return newUnpacker({ read: (index) => portables[index as number] }, this.#shapes)(Buffer.from(packed))
  }

  /**
   * msgpackr starts each value at a multiple of 8; the bytes of the head that lie beyond the last multiple are reserved,
   * so that head and value touch. Its buffer is global to the module, which others may share: it is named again for
   * each value, and left at its end, where whoever packs next gets a buffer of his own.
   */
  #packValue(slab: Slab, at: number, value: unknown): number {
    const packr = this.#packr as unknown as PackrInside
    const reserved = at & 7
    packr.useBuffer(slab.bytes)
    packr.position = at - reserved
    let target: ReturnType<PackrInside['pack']>
    try {
      target = whilePacking(this.#portables, () => packr.pack(value, REUSE_BUFFER | RESERVE_START | reserved))
    } finally {
      packr.position = slab.bytes.length
    }
    if (target === slab.bytes) return target.end
    // The value did not fit, and stands in a larger buffer now.
    const length = target.end - target.start - reserved
    ensureRoom(slab, at + length + INT_BYTES)
    target.copy(slab.bytes, at, target.start + reserved, target.end)
    return at + length
  }
}

class MsgpackUnpacker implements Unpacker {
  readonly #shapes: Shapes
  readonly #read: (bytes: Uint8Array) => unknown

  constructor(portables: Pick<Portables, 'read'>, shapes: Shapes) {
    this.#shapes = shapes
    this.#read = newUnpacker(portables, shapes)
  }

  read(block: Uint8Array): unknown[] {
    const items = this.#read(block) as unknown[]
    if (this.#shapes === 'apart') expectBlock(items, block.length)
    return items
  }
}

/** Our own packers make nothing else; others may. */
function expectBlock(items: unknown, size: number): void {
  if (!Array.isArray(items) || items.length % STRIDE !== 0) throw new TypeError('the bytes are no block of envelopes')
  for (const item of items) expectReadable(size, item)
}

/** What of msgpackr its types do not tell. */
interface PackrInside {
  position: number
  useBuffer(buffer: Uint8Array): void
  pack(value: unknown, flags: number): Buffer & { start: number; end: number }
}

/** Each gets an options object of its own: msgpackr keeps the known shapes in it. */
function newPackr(shapes: Shapes): Packr {
  return new Packr({
    sequential: shapes === 'kept',
    moreTypes: true,
    useBigIntExtension: true,
    maxOwnStructures: 1_024,
    useToJSON: false,
    writeFunction: refuseFunction,
    // Asked for each plain object: such a stream is of no class that an extension could claim, and would arrive as {}.
    useRecords: expectNoStream,
  } as ConstructorParameters<typeof Packr>[0])
}

function newUnpacker(portables: Pick<Portables, 'read'>, shapes: Shapes): (bytes: Uint8Array) => unknown {
  const unpackr = new Unpackr({
    sequential: shapes === 'kept',
    moreTypes: true,
    useBigIntExtension: true,
    copyBuffers: true,
  } as object)
  const extension = portableReader(portables)
  return (bytes) => {
    // The table of extensions is global to msgpackr and its readers get no context: ours is entered for each block.
    addExtension(extension)
    return unpackr.unpack(bytes as Buffer)
  }
}

function refuseFunction(): never {
  throw new TypeError('a function is no data')
}

function expectNoStream(value: object): boolean {
  if (Symbol.asyncIterator in value && value.constructor === Object) {
    throw new TypeError(
      'a stream made of a plain object: send it as the argument itself, or make it a generator or of a class',
    )
  }
  return true
}

function ensureRoom(slab: Slab, wanted: number): void {
  if (slab.bytes.length >= wanted) return
  const larger = Buffer.allocUnsafeSlow(wanted + ROOM)
  larger.set(slab.bytes.subarray(0, Math.min(slab.bytes.length, wanted)))
  slab.bytes = larger
}
