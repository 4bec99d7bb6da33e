/**
 * The way to one host: packs each message at the call, so that later changes cannot leak into it, and sends what has
 * gathered as one block. When it flushes decides the speed; the measurements are in docs/decisions/0003:
 * the first message of a turn leaves at the end of the running code, the rest of that turn together, a full slab at once.
 */
import { notData } from '../message/data.js'
import type { Clock } from '../ports/clock.js'
import type { Codec, Packer, Portables } from '../ports/codec.js'
import type { Slab } from '../ports/slab.js'
import { Flag, HEADER_BYTES, Kind, MAX_PAYLOAD, writeHeader } from '../wire/frame.js'
import type { FrameQueue } from '../wire/frame-queue.js'
import { To } from './reserved.js'

/** A slab starts small, so that the reader can begin, and doubles while a turn goes on. */
const SMALL = 16 * 1024
const LARGE = 64 * 1024
/** What a packer may need beyond the limit without having to move. */
const MARGIN = 4 * 1024

/** Told how it went with the message whose portables were written. */
interface OwnPortables extends Portables {
  appended?(sent: boolean): void
}

export class Outbox {
  /** Bytes sent and not yet granted back by the host. */
  outstanding = 0
  readonly #queue: FrameQueue
  readonly #codec: Codec
  readonly #clock: Clock
  readonly #portables: OwnPortables
  readonly #origin: number
  readonly #destination: number
  readonly #names = new Map<string, number>()
  #packer: Packer
  /** Bytes are allocated with the first message: to many hosts nothing is ever sent. */
  readonly #slab: Slab = { bytes: EMPTY, length: 0 }
  #empty = true
  #limit = SMALL
  #flags = Flag.fresh as number
  #flush: 'none' | 'soon' | 'turn' = 'none'
  #closed = false

  constructor(given: {
    queue: FrameQueue
    codec: Codec
    clock: Clock
    portables: OwnPortables
    origin: number
    destination: number
  }) {
    this.#queue = given.queue
    this.#codec = given.codec
    this.#clock = given.clock
    this.#portables = given.portables
    this.#origin = given.origin
    this.#destination = given.destination
    this.#packer = given.codec.packer(given.portables)
  }

  /** The host has taken so much. No more than was sent, whatever it says. */
  granted(bytes: number): void {
    this.outstanding = Math.max(0, this.outstanding - bytes)
  }

  /** Bytes that the channel has not taken yet. */
  get waiting(): number {
    return this.#queue.waiting
  }

  /**
   * Packs one envelope.
   *
   * @param what names the value in an error: `The argument of 'add'`.
   * @returns its size in bytes.
   * @throws SerializationError when `value` is not data; nothing was sent, and nothing else is disturbed.
   */
  append(to: number, name: string | undefined, id: number, value: unknown, what: () => string): number {
    if (this.#closed) return 0
    const number = name === undefined ? 0 : (this.#names.get(name) ?? this.#intern(name))
    const size = this.#pack(to, number, id, value, what)
    if (this.#slab.length >= this.#limit) this.#flushFull()
    else if (this.#flush === 'none') this.#flushSoon()
    return size
  }

  /** A copy of `value` as the receiver will get it, for a message that must wait before it is packed. */
  snapshot(value: unknown, what: () => string): unknown {
    try {
      return this.#packer.snapshot(value)
    } catch (error) {
      throw notData(value, error, what())
    }
  }

  /** Sends what has gathered. */
  flush(): void {
    if (this.#empty) return
    const slab = this.#slab
    this.#packer.end(slab)
    this.#empty = true
    const size = slab.length - HEADER_BYTES
    this.outstanding += size
    for (let at = 0; at < size; at += MAX_PAYLOAD) {
      const length = Math.min(MAX_PAYLOAD, size - at)
      const flags = this.#flags | (at + length < size ? Flag.more : 0)
      // The bytes before a later part have been sent: its header may overwrite them.
      const frame = slab.bytes.subarray(at, at + HEADER_BYTES + length)
      writeHeader(frame, { length, kind: Kind.block, flags, origin: this.#origin, destination: this.#destination })
      this.#queue.send(frame, false, at > 0)
      this.#flags = 0
    }
    if (slab.bytes.length > 2 * LARGE) slab.bytes = this.#packer.allocate(LARGE + MARGIN)
    slab.length = 0
  }

  /** Nothing is sent any more. */
  close(): void {
    this.#closed = true
    this.#empty = true
    this.#slab.length = 0
  }

  #intern(name: string): number {
    const number = this.#names.size
    this.#names.set(name, number)
    this.#pack(To.name, number, 0, name, () => name)
    return number
  }

  #pack(to: number, name: number, id: number, value: unknown, what: () => string): number {
    if (this.#empty) this.#begin()
    try {
      const size = this.#packer.append(this.#slab, to, name, id, value)
      this.#portables.appended?.(true)
      return size
    } catch (error) {
      this.#portables.appended?.(false)
      this.#startAfresh()
      throw notData(value, error, what())
    }
  }

  #begin(): void {
    this.#empty = false
    if (this.#slab.bytes === EMPTY) this.#slab.bytes = this.#packer.allocate(LARGE + MARGIN)
    this.#slab.length = HEADER_BYTES
    this.#packer.begin(this.#slab)
  }

  /** A packer that has thrown may have defined shapes that nobody will read: the next block takes a fresh one. */
  #startAfresh(): void {
    this.flush()
    this.#packer = this.#codec.packer(this.#portables)
    this.#flags = Flag.fresh
  }

  #flushFull(): void {
    this.flush()
    this.#limit = Math.min(LARGE, this.#limit * 2)
    if (this.#flush === 'none') this.#endTurnLater()
  }

  #flushSoon(): void {
    this.#flush = 'soon'
    void SOON.then(this.#atEndOfRunningCode)
  }

  readonly #atEndOfRunningCode = (): void => {
    if (this.#flush !== 'soon') return
    this.flush()
    this.#endTurnLater()
  }

  #endTurnLater(): void {
    this.#flush = 'turn'
    this.#clock.setImmediate(this.#atEndOfTurn)
  }

  readonly #atEndOfTurn = (): void => {
    this.#flush = 'none'
    this.#limit = SMALL
    this.flush()
  }
}

const SOON = Promise.resolve()
const EMPTY = new Uint8Array(0)
