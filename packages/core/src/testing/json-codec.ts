/**
 * The reference codec: readable, holds the whole contract of data, and is as strict as a fast one about its state. Each
 * envelope carries the number that its packer gave it, and an unpacker takes only the next one, so a block that is read
 * by the wrong unpacker, twice, or not at all is found out.
 */
import { expectReadable, isPortable, NEVER_DATA } from '../message/data.js'
import { fromWireError, isErrorLike, toWireError, type WireError } from '../message/wire-error.js'
import type { Codec, Packer, Portables, Unpacker } from '../ports/codec.js'
import type { Slab } from '../ports/slab.js'
import { readUint32, writeUint32 } from '../wire/frame.js'
import { decodeText, encodeText } from './suite/text.js'

/** Values as JSON, for tests. `name` is what both ends must agree on; default `json`. */
export function jsonCodec(name = 'json'): Codec {
  return {
    name,
    packer: (portables) => new JsonPacker(portables),
    unpacker: (portables) => new JsonUnpacker(portables),
  }
}

type Writer = Pick<Portables, 'write'>
type Reader = Pick<Portables, 'read'>

/** Each envelope: the length of its text, and the text. */
const LENGTH = 4

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
    // Counted before it can fail, as a fast packer may have learnt a shape by then.
    const number = this.#count++
    const text = encodeText(JSON.stringify([number, to, name, id, encode(value, this.#portables)]))
    const size = LENGTH + text.length
    expectReadable(size, value)
    ensureRoom(slab, slab.length + size)
    writeUint32(slab.bytes, slab.length, text.length)
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
      if (at + LENGTH > block.length) throw new Error('a block that ends within a length')
      const length = readUint32(block, at)
      if (at + LENGTH + length > block.length) throw new Error('a block that ends within an envelope')
      const text = decodeText(block.subarray(at + LENGTH, at + LENGTH + length))
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
  if (isPortable(value)) return { $: 'portable', v: encode(portables.write(value), portables) }
  // Not `map`, which keeps holes as holes; not JSON's own, which makes them null.
  if (Array.isArray(value)) return Array.from(value as unknown[], (each) => encode(each, portables))
  const tag = Object.prototype.toString.call(value).slice(8, -1)
  if (ArrayBuffer.isView(value)) {
    return { $: tag, v: textOf(new Uint8Array(value.buffer, value.byteOffset, value.byteLength)) }
  }
  if (NEVER_DATA.has(tag) || typeof (value as { then?: unknown }).then === 'function') {
    throw new TypeError(`a ${tag} is no data`)
  }
  const special = Object.hasOwn(SPECIAL, tag) ? SPECIAL[tag]?.encode(value as never) : undefined
  if (special !== undefined) return { $: tag, v: encode(special, portables) }
  if (tag === 'Error' || tag === 'DOMException')
    if (isErrorLike(value)) return { $: 'Error', v: fields(toWireError(value), portables) }
  return Object.hasOwn(value, '$')
    ? { $: 'object', v: fields(value, portables) }
    : Object.fromEntries(fields(value, portables))
}

function decode(value: unknown, portables: Reader): unknown {
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map((each) => decode(each, portables))
  const { $: kind, v } = value as { $?: string; v?: unknown }
  if (kind === undefined) return fromFields(Object.entries(value), portables)
  if (kind === 'undefined') return undefined
  if (kind === 'bigint') return BigInt(v as string)
  if (kind === 'number') return Number(v)
  if (kind === 'portable') return portables.read(decode(v, portables))
  if (kind === 'object') return fromFields(v as [string, unknown][], portables)
  if (kind === 'Error') return fromWireError(fromFields(v as [string, unknown][], portables) as WireError)
  if (Object.hasOwn(SPECIAL, kind)) return SPECIAL[kind]?.decode(decode(v, portables) as never)
  const View = VIEWS.includes(kind) ? (globalThis as unknown as Record<string, ViewClass>)[kind] : undefined
  if (View === undefined) throw new Error(`a value of the unknown kind ${kind}`)
  return new View(bytesOf(v as string).buffer)
}

type ViewClass = new (buffer: ArrayBufferLike) => unknown

const VIEWS = [
  'DataView',
  ...['Int8Array', 'Uint8Array', 'Uint8ClampedArray', 'Int16Array', 'Uint16Array', 'Int32Array', 'Uint32Array'],
  ...['Float16Array', 'Float32Array', 'Float64Array', 'BigInt64Array', 'BigUint64Array'],
]

/** By their tags, never by `instanceof`: values come from other realms. */
const SPECIAL: Record<string, { encode(value: never): unknown; decode(v: never): unknown }> = {
  Map: { encode: (map: Map<unknown, unknown>) => [...map], decode: (v: [unknown, unknown][]) => new Map(v) },
  Set: { encode: (set: Set<unknown>) => [...set], decode: (v: unknown[]) => new Set(v) },
  Date: { encode: (date: Date) => date.getTime(), decode: (v: number) => new Date(v) },
  RegExp: {
    encode: ({ source, flags }: RegExp) => [source, flags],
    decode: ([source, flags]: [string, string]) => new RegExp(source, flags),
  },
  ArrayBuffer: {
    encode: (buffer: ArrayBuffer) => textOf(new Uint8Array(buffer)),
    decode: (v: string) => bytesOf(v).buffer,
  },
}

const fields = (value: object, portables: Writer): [string, unknown][] =>
  Object.entries(value).map(([key, each]) => [key, encode(each, portables)])

/** `fromEntries` defines `__proto__` as a field like any other. */
const fromFields = (entries: readonly [string, unknown][], portables: Reader): object =>
  Object.fromEntries(entries.map(([key, each]) => [key, decode(each, portables)]))

const STEP = 8_192

/** A character a byte. */
function textOf(bytes: Uint8Array): string {
  let text = ''
  for (let at = 0; at < bytes.length; at += STEP) text += String.fromCharCode(...bytes.subarray(at, at + STEP))
  return text
}

function bytesOf(text: string): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(text.length)
  for (let at = 0; at < text.length; at += 1) bytes[at] = text.charCodeAt(at)
  return bytes
}
