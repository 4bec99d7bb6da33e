/**
 * A codec for the tests: readable, and as strict as the real one about its state. Each envelope carries the number that
 * its packer gave it, and an unpacker takes only the next one, so a block read by the wrong unpacker is found out.
 */
import type { Codec, Packer, Portables, Slab, Unpacker } from '@troupe/core'
import { fromWireError, isErrorLike, isPortable, NEVER_DATA, toWireError } from '@troupe/core/internal'

export function jsonCodec(name = 'json'): Codec {
  return {
    name,
    packer: (portables) => new JsonPacker(portables),
    unpacker: (portables) => new JsonUnpacker(portables),
  }
}

const LENGTH = 4

type Writer = Pick<Portables, 'write'>
type Reader = Pick<Portables, 'read'>

class JsonPacker implements Packer {
  readonly #portables: Writer
  #count = 0

  constructor(portables: Writer) {
    this.#portables = portables
  }

  allocate(bytes: number): Uint8Array {
    return new Uint8Array(bytes)
  }

  begin(): void {}

  append(slab: Slab, to: number, name: number, id: number, value: unknown): number {
    // Counted before it can fail, as a real packer may have learnt a shape by then.
    const number = this.#count++
    const text = Buffer.from(JSON.stringify([number, to, name, id, encode(value, this.#portables)]))
    const size = LENGTH + text.length
    ensureRoom(slab, slab.length + size)
    new DataView(slab.bytes.buffer, slab.bytes.byteOffset).setUint32(slab.length, text.length)
    slab.bytes.set(text, slab.length + LENGTH)
    slab.length += size
    return size
  }

  end(): void {}

  snapshot(value: unknown): unknown {
    const portables: object[] = []
    const text = JSON.stringify(encode(value, { write: (each) => portables.push(each) - 1 }))
    return decode(JSON.parse(text), { read: (index) => portables[index as number] })
  }
}

class JsonUnpacker implements Unpacker {
  readonly #portables: Reader
  #count = 0

  constructor(portables: Reader) {
    this.#portables = portables
  }

  read(block: Uint8Array): unknown[] {
    const items: unknown[] = []
    for (let at = 0; at < block.length; ) {
      const length = new DataView(block.buffer, block.byteOffset).getUint32(at)
      const text = Buffer.from(block.subarray(at + LENGTH, at + LENGTH + length)).toString()
      const [number, to, name, id, value] = JSON.parse(text) as [number, unknown, unknown, unknown, unknown]
      if (number !== this.#count) throw new Error(`envelope ${number} came in the place of ${this.#count}`)
      this.#count += 1
      items.push(to, name, id, decode(value, this.#portables), LENGTH + length)
      at += LENGTH + length
    }
    return items
  }
}

function ensureRoom(slab: Slab, wanted: number): void {
  if (slab.bytes.length >= wanted) return
  const larger = new Uint8Array(wanted * 2)
  larger.set(slab.bytes.subarray(0, slab.length))
  slab.bytes = larger
}

/** What JSON lacks travels as `{ $: kind, v: … }`; so do objects that have a `$` of their own. */
function encode(value: unknown, portables: Writer): unknown {
  if (value === undefined) return { $: 'undefined' }
  if (typeof value === 'function' || typeof value === 'symbol') throw new TypeError(`a ${typeof value} is no data`)
  if (typeof value === 'bigint') return { $: 'bigint', v: String(value) }
  if (typeof value === 'number' && (!Number.isFinite(value) || Object.is(value, -0))) {
    return { $: 'number', v: Object.is(value, -0) ? '-0' : String(value) }
  }
  if (typeof value !== 'object' || value === null) return value
  if (isPortable(value)) return { $: 'portable', v: portables.write(value) }
  if (value instanceof Uint8Array) return { $: 'bytes', v: Buffer.from(value).toString('base64') }
  if (Array.isArray(value)) return value.map((each) => encode(each, portables))
  if (isError(value)) return { $: 'error', v: entriesOf(toWireError(value), portables) }
  if (NEVER_DATA.has(Object.prototype.toString.call(value).slice(8, -1))) throw new TypeError('it is no data')
  if (typeof (value as { then?: unknown }).then === 'function') throw new TypeError('a promise is no data')
  return Object.hasOwn(value, '$')
    ? { $: 'object', v: entriesOf(value, portables) }
    : Object.fromEntries(entriesOf(value, portables))
}

const entriesOf = (value: object, portables: Writer): [string, unknown][] =>
  Object.entries(value).map(([key, each]) => [key, encode(each, portables)])

/** By tag too: what only has the fields of an error, such as its form on the wire, is an object. */
const isError = (value: object): boolean =>
  Object.prototype.toString.call(value) === '[object Error]' && isErrorLike(value)

function decode(value: unknown, portables: Reader): unknown {
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map((each) => decode(each, portables))
  const { $: kind, v } = value as { $?: string; v?: any }
  if (kind === undefined) return fromEntries(Object.entries(value), portables)
  if (kind === 'undefined') return undefined
  if (kind === 'bigint') return BigInt(v)
  if (kind === 'number') return Number(v)
  if (kind === 'portable') return portables.read(v)
  if (kind === 'bytes') return new Uint8Array(Buffer.from(v, 'base64'))
  if (kind === 'error') return fromWireError(fromEntries(v, portables) as never)
  return fromEntries(v, portables)
}

const fromEntries = (entries: [string, unknown][], portables: Reader): object =>
  Object.fromEntries(entries.map(([key, each]) => [key, decode(each, portables)]))
