/** Blocks from one host, to the envelopes in them, in the order in which they were sent. */
import { ProtocolError } from '../errors/kinds.js'
import type { Codec, Portables, Unpacker } from '../ports/codec.js'
import { Flag, type Frame, payloadOf } from '../wire/frame.js'
import type { Allowance } from './allowance.js'
import { FIRST_ACTOR, STRIDE, To } from './reserved.js'

/** Where the envelopes of a block go. */
export interface Receiver {
  reply(id: number, value: unknown): void
  fail(id: number, error: unknown): void
  toHost(name: string, id: number, value: unknown): void
  toActor(actor: number, name: string, id: number, value: unknown, bytes: number): void
  called(name: string, id: number, call: unknown, bytes: number): void
  pulled(id: number, pull: unknown): void
  item(id: number, value: unknown, bytes: number): void
  granted(id: number, grant: unknown): void
}

/** All names together, in characters, and so much more for each. */
const MAX_NAMES = 16 * 1024 * 1024
const NAME_COST = 64

export class Inbox {
  readonly #codec: Codec
  readonly #portables: Portables
  readonly #receiver: Receiver
  readonly #allowance: Allowance
  readonly #names: string[] = []
  #namesCost = 0
  #unpacker: Unpacker
  /** Parts of a block that was cut. */
  #parts: Uint8Array[] = []
  #partBytes = 0

  constructor(given: { codec: Codec; portables: Portables; receiver: Receiver; allowance: Allowance }) {
    this.#codec = given.codec
    this.#portables = given.portables
    this.#receiver = given.receiver
    this.#allowance = given.allowance
    this.#unpacker = given.codec.unpacker(given.portables)
  }

  /**
   * @returns the bytes that have arrived, to be granted back to the sender.
   * @throws ProtocolError for what is no block; the host is not to be trusted any more.
   */
  receive(frame: Frame): number {
    const payload = payloadOf(frame)
    if ((frame.flags & Flag.fresh) !== 0) this.#unpacker = this.#codec.unpacker(this.#portables)
    if ((frame.flags & Flag.more) !== 0) this.#keep(payload)
    else if (this.#parts.length === 0) this.#deliver(payload)
    else this.#deliver(this.#join(payload))
    return payload.length
  }

  #deliver(block: Uint8Array): void {
    const items = this.#unpack(block)
    const receiver = this.#receiver
    for (let at = 0; at < items.length; at += STRIDE) {
      const to = items[at] as number
      const id = items[at + 2] as number
      const value = items[at + 3]
      const bytes = items[at + 4] as number
      if (to >= FIRST_ACTOR) receiver.toActor(to, this.#name(items[at + 1]), id, value, bytes)
      else if (to === To.reply) receiver.reply(id, value)
      else if (to === To.fail) receiver.fail(id, value)
      else if (to === To.item) receiver.item(id, value, bytes)
      else if (to === To.grant) receiver.granted(id, value)
      else if (to === To.name) this.#learn(items[at + 1] as number, value)
      else if (to === To.host) receiver.toHost(this.#name(items[at + 1]), id, value)
      else if (to === To.call) receiver.called(this.#name(items[at + 1]), id, value, bytes)
      else if (to === To.pull) receiver.pulled(id, value)
      else throw broken(`an envelope to ${to}, which is no actor`)
    }
  }

  #unpack(block: Uint8Array): unknown[] {
    let items: unknown[]
    try {
      items = this.#unpacker.read(block)
    } catch (error) {
      throw new ProtocolError({ peer: 'at the other end', problem: 'a block that cannot be read' }, { cause: error })
    }
    if (!Array.isArray(items) || items.length % STRIDE !== 0) throw broken('a block that is no list of envelopes')
    let bytes = 0
    for (let at = 0; at < items.length; at += STRIDE) {
      if (!isCount(items[at]) || !isCount(items[at + 1]) || !isCount(items[at + 2]) || !isCount(items[at + 4])) {
        throw broken('an envelope without its numbers')
      }
      bytes += OVERHEAD + (items[at + 4] as number)
    }
    // Whoever makes his messages small in his books could send more than there is room for.
    if (block.length > 4 * (bytes + BLOCK_OVERHEAD)) throw broken('a block that is larger than its messages')
    return items
  }

  /** Numbers follow each other. */
  #learn(number: number, name: unknown): void {
    if (typeof name !== 'string' || number > this.#names.length) throw broken('a name that is none')
    this.#namesCost += NAME_COST + name.length
    if (this.#namesCost > MAX_NAMES) throw broken('names without end')
    this.#names[number] = name
  }

  #name(number: unknown): string {
    const name = this.#names[number as number]
    if (name === undefined) throw broken(`a message whose name ${String(number)} was never told`)
    return name
  }

  #keep(part: Uint8Array): void {
    this.#allowance.take('parts', part.length)
    this.#partBytes += part.length
    this.#parts.push(part)
  }

  #join(last: Uint8Array): Uint8Array {
    const block = new Uint8Array(this.#partBytes + last.length)
    let at = 0
    for (const part of [...this.#parts, last]) {
      block.set(part, at)
      at += part.length
    }
    this.#allowance.free('parts', this.#partBytes)
    this.#parts = []
    this.#partBytes = 0
    return block
  }
}

/** Of an envelope, and of a block, beyond what their messages take: a codec may need so much. */
const OVERHEAD = 64
const BLOCK_OVERHEAD = 1_024

/** Of four bytes, as all numbers of envelopes are. */
const isCount = (value: unknown): boolean => typeof value === 'number' && value >>> 0 === value

const broken = (problem: string): ProtocolError => new ProtocolError({ peer: 'at the other end', problem })
