/**
 * A codec for the tests: readable, and as strict as the real one about its state. Each envelope carries the number that
 * its packer gave it, and an unpacker takes only the next one, so a block read by the wrong unpacker is found out.
 */
import type { Codec, Packer, RefReader, Slab, Unpacker } from '@troupe/core'
import { fromWireError, isErrorLike, PORTABLE, targetOf, toWireError, toWireRef } from '@troupe/core/internal'

export function jsonCodec(name = 'json'): Codec {
  return { name, packer: () => new JsonPacker(), unpacker: (refs) => new JsonUnpacker(refs) }
}

const LENGTH = 4

class JsonPacker implements Packer {
  #count = 0

  allocate(bytes: number): Uint8Array {
    return new Uint8Array(bytes)
  }

  begin(): void {}

  append(slab: Slab, to: number, name: number, id: number, value: unknown): number {
    // Counted before it can fail, as a real packer may have learnt a shape by then.
    const number = this.#count++
    const text = Buffer.from(JSON.stringify([number, to, name, id, encode(value)]))
    const size = LENGTH + text.length
    ensureRoom(slab, slab.length + size)
    new DataView(slab.bytes.buffer, slab.bytes.byteOffset).setUint32(slab.length, text.length)
    slab.bytes.set(text, slab.length + LENGTH)
    slab.length += size
    return size
  }

  end(): void {}

  snapshot(value: unknown, refs: RefReader): unknown {
    return decode(JSON.parse(JSON.stringify(encode(value))), refs)
  }
}

class JsonUnpacker implements Unpacker {
  readonly #refs: RefReader
  #count = 0

  constructor(refs: RefReader) {
    this.#refs = refs
  }

  read(block: Uint8Array): unknown[] {
    const items: unknown[] = []
    for (let at = 0; at < block.length; ) {
      const length = new DataView(block.buffer, block.byteOffset).getUint32(at)
      const text = Buffer.from(block.subarray(at + LENGTH, at + LENGTH + length)).toString()
      const [number, to, name, id, value] = JSON.parse(text) as [number, unknown, unknown, unknown, unknown]
      if (number !== this.#count) throw new Error(`envelope ${number} came in the place of ${this.#count}`)
      this.#count += 1
      items.push(to, name, id, decode(value, this.#refs), LENGTH + length)
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
function encode(value: unknown): unknown {
  if (value === undefined) return { $: 'undefined' }
  if (typeof value === 'function' || typeof value === 'symbol') throw new TypeError(`a ${typeof value} is no data`)
  if (typeof value === 'bigint') return { $: 'bigint', v: String(value) }
  if (typeof value === 'number' && (!Number.isFinite(value) || Object.is(value, -0))) {
    return { $: 'number', v: Object.is(value, -0) ? '-0' : String(value) }
  }
  if (typeof value !== 'object' || value === null) return value
  if (PORTABLE in value) return { $: 'ref', v: toWireRef(targetOf(value) as never) }
  if (value instanceof Uint8Array) return { $: 'bytes', v: Buffer.from(value).toString('base64') }
  if (Array.isArray(value)) return value.map(encode)
  if (isError(value)) return { $: 'error', v: entriesOf(toWireError(value)) }
  if (typeof (value as { then?: unknown }).then === 'function') throw new TypeError('a promise is no data')
  return Object.hasOwn(value, '$') ? { $: 'object', v: entriesOf(value) } : Object.fromEntries(entriesOf(value))
}

const entriesOf = (value: object): [string, unknown][] =>
  Object.entries(value).map(([key, each]) => [key, encode(each)])

/** By tag too: what only has the fields of an error, such as its form on the wire, is an object. */
const isError = (value: object): boolean =>
  Object.prototype.toString.call(value) === '[object Error]' && isErrorLike(value)

function decode(value: unknown, refs: RefReader): unknown {
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map((each) => decode(each, refs))
  const { $: kind, v } = value as { $?: string; v?: any }
  if (kind === undefined) return fromEntries(Object.entries(value), refs)
  if (kind === 'undefined') return undefined
  if (kind === 'bigint') return BigInt(v)
  if (kind === 'number') return Number(v)
  if (kind === 'ref') return refs(v)
  if (kind === 'bytes') return new Uint8Array(Buffer.from(v, 'base64'))
  if (kind === 'error') return fromWireError(fromEntries(v, refs) as never)
  return fromEntries(v, refs)
}

const fromEntries = (entries: [string, unknown][], refs: RefReader): object =>
  Object.fromEntries(entries.map(([key, each]) => [key, decode(each, refs)]))
