/**
 * Buffers that are handed over instead of copied. In the message a placeholder stands for each of their views: it travels
 * by itself, as where it stands in its buffer; the buffers go beside the frames, or, where they cannot, their bytes in it.
 */
import { wrongType } from '../errors/expect.js'
import { PORTABLE } from './data.js'

/** Those that one message hands over. */
export type Buffers = readonly ArrayBuffer[]

/** Where a view, or the whole of a buffer, stands: noted before the buffer goes, since its views forget it then. */
interface Stand {
  readonly buffer: ArrayBuffer
  /** Of the view; `ArrayBuffer` for the whole. */
  readonly kind: string
  readonly offset: number
  readonly length: number
}

const MOVED: unique symbol = Symbol.for('@troupe/moved') as never

/** What stands for it in a message. A brand: a process may hold two copies of this package. */
interface Moved {
  readonly [MOVED]: Stand
}

class Placeholder implements Moved {
  readonly [MOVED]: Stand
  readonly [PORTABLE] = undefined

  constructor(view: ArrayBuffer | ArrayBufferView) {
    const { byteLength: length } = view
    this[MOVED] = ArrayBuffer.isView(view)
      ? { buffer: view.buffer as ArrayBuffer, kind: kindOf(view), offset: view.byteOffset, length }
      : { buffer: view, kind: 'ArrayBuffer', offset: 0, length }
  }
}

export function isMoved(value: object): value is Moved {
  return MOVED in value
}

/** `value` with placeholders for what lies in `buffers`, in lists and plain objects; everything else as it is. */
export function withMoved(value: unknown, buffers: Buffers): unknown {
  if (typeof value !== 'object' || value === null || PORTABLE in value) return value
  if (buffers.includes((ArrayBuffer.isView(value) ? value.buffer : value) as ArrayBuffer)) {
    return new Placeholder(value as ArrayBuffer)
  }
  if (Array.isArray(value)) return value.map((each) => withMoved(each, buffers))
  const { prototype } = Object
  if (Object.getPrototypeOf(Object.getPrototypeOf(value) ?? prototype) !== null) return value
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, withMoved(each, buffers)]))
}

/** @throws TypeError for what is no list of buffers that can be handed over. */
export function transferOf(options: { transfer?: unknown } | undefined): Buffers | undefined {
  const transfer = options?.transfer
  if (transfer === undefined) return undefined
  if (!Array.isArray(transfer)) throw wrongType('transfer', 'a list of ArrayBuffers', transfer)
  if (new Set(transfer).size < transfer.length) throw new TypeError('`transfer` names a buffer twice')
  for (const buffer of transfer as unknown[]) {
    if (tagOf(buffer) !== 'ArrayBuffer') throw wrongType('transfer', 'a list of ArrayBuffers', buffer)
    try {
      new Uint8Array(buffer as ArrayBuffer)
    } catch (error) {
      throw new TypeError('`transfer` names a buffer that has been handed over already', { cause: error })
    }
  }
  return transfer as ArrayBuffer[]
}

/** As it travels: which buffer of those handed over as `parcel`, and where in it. */
export type MovedFields = readonly [
  tag: 'moved',
  parcel: number,
  index: number,
  kind: string,
  offset: number,
  length: number,
]
/** As it travels where buffers cannot: with its bytes. */
export type CopiedFields = readonly [tag: 'copied', kind: string, bytes: Uint8Array]

/** @param parcel the number under which `buffers` were handed over; undefined when they were not. */
export function movedFields({ [MOVED]: stand }: Moved, parcel: number | undefined, buffers: Buffers): unknown {
  const { buffer, kind, offset, length } = stand
  return parcel === undefined
    ? (['copied', kind, new Uint8Array(buffer, offset, length)] satisfies CopiedFields)
    : (['moved', parcel, buffers.indexOf(buffer), kind, offset, length] satisfies MovedFields)
}

/**
 * The view that travelled so; undefined for fields of something else. `take` gives the buffers of a parcel.
 *
 * @throws TypeError for fields that name no buffer.
 */
export function readMoved(fields: unknown, take: (parcel: number) => Buffers | undefined): unknown {
  if (!Array.isArray(fields)) return undefined
  if (fields[0] === 'copied') {
    const [, kind, bytes] = fields as unknown as CopiedFields
    return viewOf(kind, new Uint8Array(bytes).buffer, 0, bytes.byteLength)
  }
  if (fields[0] !== 'moved') return undefined
  const [, parcel, index, kind, offset, length] = fields as unknown as MovedFields
  const buffer = take(parcel)?.[index]
  if (buffer === undefined) throw new TypeError('A message names a buffer that has not come')
  return viewOf(kind, buffer, offset, length)
}

type View = new (buffer: ArrayBuffer, offset: number, length: number) => unknown

function viewOf(kind: string, buffer: ArrayBuffer, offset: number, length: number): unknown {
  if (kind === 'ArrayBuffer') return buffer
  const { Buffer } = globalThis as {
    Buffer?: { from: (buffer: ArrayBuffer, offset: number, length: number) => unknown }
  }
  if (kind === 'Buffer' && Buffer !== undefined) return Buffer.from(buffer, offset, length)
  const View = VIEWS.test(kind) ? (globalThis as unknown as Record<string, View>)[kind] : undefined
  if (View === undefined) return new Uint8Array(buffer, offset, length)
  const { BYTES_PER_ELEMENT = 1 } = View as { BYTES_PER_ELEMENT?: number }
  return new View(buffer, offset, length / BYTES_PER_ELEMENT)
}

/** What a foreign peer may name: no other global. */
const VIEWS = /^(DataView|(Int|Uint)(8|16|32)Array|Uint8ClampedArray|Float(16|32|64)Array|Big(Int|Uint)64Array)$/

const kindOf = (view: ArrayBufferView): string => (view.constructor.name === 'Buffer' ? 'Buffer' : tagOf(view))

const tagOf = (value: unknown): string => Object.prototype.toString.call(value).slice(8, -1)
