/** One end of a pipe in the process that holds it: what has come, who waits for it, and the room to send. */
import {
  BufferTooShortError,
  ConnectionClosedError,
  EndOfStreamError,
  PeerClosedError,
  type Reason,
  TimeoutError,
  type WaitOptions,
} from '@troupe/core'
import { type Departure, expectNumber, type MinimalActor, Ring, travelAs, wrongType } from '@troupe/core/internal'
import { snapshot } from '../codec/snapshot.js'
import { type Owner, ownerOf } from '../proxy/near-end.js'
import { Waiter } from '../proxy/waiter.js'
import { type Side, WINDOW } from './broker.js'
import type { Connection } from './connection.js'
import { type Readiness, readinessOf } from './selectable.js'

export const CONNECTION = 'connection'

/** As it travels. */
export interface EndFields {
  readonly side: Side
  readonly epoch: number
  readonly readable: boolean
  readonly writable: boolean
}

/** In the place of a message that could not travel here: it held an end that had moved meanwhile. */
class Failed {
  readonly error: unknown

  constructor(error: unknown) {
    this.error = error
  }
}

/** One for all sends while there is room. */
const SENT = Promise.resolve()

export class PipeEnd implements Connection<any, any> {
  declare readonly '~proxied': true
  readonly readable: boolean
  readonly writable: boolean
  readonly #owner: Owner
  readonly #side: Side
  readonly #epoch: number
  readonly #me: MinimalActor
  readonly #unread = new Ring<unknown>()
  readonly #receiving = new Ring<Waiter<void>>()
  readonly #sending = new Ring<{ readonly value: unknown; readonly waiter: Waiter<void> }>()
  readonly #watching = new Set<() => void>()
  #room: number
  /** Received and not told. */
  #took = 0
  #phase: 'open' | 'closed' | 'moved' = 'open'
  /** Set once the other end is closed. */
  #peerEnd: { readonly reason: Reason | undefined } | undefined

  constructor(ref: object, { side, epoch, readable, writable }: EndFields) {
    this.#owner = ownerOf(ref)
    this.#side = side
    this.#epoch = epoch
    this.readable = readable
    this.writable = writable
    this.#room = epoch === 0 ? WINDOW : 0
    const { system, target } = this.#owner
    this.#me = system.newMinimal(`end of ${target.label}`, (name, arg) => this.#receive(name, arg))
    this.#tell('claim', { side, epoch, ref: system.refOf(this.#me) })
    target.onEnd((reason) => this.#end(reason))
    travelAs(this, () => this.#depart(ref))
  }

  get closed(): boolean {
    return this.#phase !== 'open'
  }

  readonly send = (value: unknown, options: WaitOptions = {}): Promise<void> => {
    const problem = this.#cannotSend()
    if (problem !== undefined) return Promise.reject(problem)
    const taken = snapshot(value, 'What is sent', 'value')
    // Without options, as nearly always, there is nothing to check.
    if (this.#hasRoom && options.timeout === undefined && options.signal === undefined) {
      this.#send(taken)
      return SENT
    }
    const waiter = new Waiter<void>(this.#owner.system.waits, options, {
      gaveUp: () => void this.#sending.remove((each) => each.waiter === waiter),
      timedOut: (timeout) => new TimeoutError({ what: `send() on ${this.#label}`, timeout }),
    })
    if (!waiter.settled) this.#sending.push({ value: taken, waiter })
    if (this.#room > 0) void this.#owner.target.room().then(this.#pass)
    return waiter.promise
  }

  readonly trySend = (value: unknown): boolean => {
    const problem = this.#cannotSend()
    if (problem !== undefined) throw problem
    const taken = snapshot(value, 'What is sent', 'value')
    if (!this.#hasRoom) return false
    this.#send(taken)
    return true
  }

  async sendBytes(bytes: Uint8Array, options: { offset?: number; size?: number } = {}): Promise<void> {
    if (!isBytes(bytes)) throw wrongType('bytes', 'a Uint8Array', bytes)
    const { offset = 0, size = bytes.byteLength - offset } = options
    expectNumber('offset', offset, { min: 0, max: bytes.byteLength, integer: true })
    expectNumber('size', size, { min: 0, max: bytes.byteLength - offset, integer: true })
    return this.send(bytes.slice(offset, offset + size))
  }

  async recv(options: WaitOptions = {}): Promise<any> {
    return this.#next(options, () => this.#take())
  }

  async poll(ms = 0): Promise<boolean> {
    this.#mustRead()
    if (this.#isReady || ms <= 0) return this.#isReady
    try {
      return await this.#next({ timeout: ms }, () => true)
    } catch (error) {
      const { code } = error as { code?: unknown }
      if (code === 'ERR_TIMEOUT') return false
      if (code === 'ERR_END_OF_STREAM') return true
      throw error
    }
  }

  async recvBytes(options: WaitOptions & { maxLength?: number | undefined } = {}): Promise<Uint8Array> {
    const { maxLength = Infinity, ...wait } = options
    if (maxLength !== Infinity) expectNumber('maxLength', maxLength, { min: 0, integer: true })
    return this.#bytes(wait, maxLength, `maxLength, ${maxLength}`)
  }

  async recvBytesInto(into: Uint8Array, options: WaitOptions & { offset?: number | undefined } = {}): Promise<number> {
    if (!isBytes(into)) throw wrongType('into', 'a Uint8Array', into)
    const { offset = 0, ...wait } = options
    expectNumber('offset', offset, { min: 0, max: into.byteLength, integer: true })
    const room = into.byteLength - offset
    const bytes = await this.#bytes(wait, room, `the room for it, ${room}`)
    into.set(bytes, offset)
    return bytes.byteLength
  }

  close(): void {
    if (this.#phase !== 'open') return
    // What waits for room was promised to nobody.
    this.#over('closed')
    this.#tell('close', { side: this.#side, epoch: this.#epoch })
    this.#me.end({ type: 'normal' })
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<any> {
    for (;;) {
      let value: unknown
      try {
        value = await this.recv()
      } catch (error) {
        if ((error as { code?: unknown }).code === 'ERR_END_OF_STREAM') return
        throw error
      }
      yield value
    }
  }

  [Symbol.dispose](): void {
    this.close()
  }

  readonly '~selectable': Readiness = readinessOf(() => this.#phase !== 'open' || this.#isReady, this.#watching)

  // --------------------------------------------------------------------------------------------------------------

  #receive(name: string, arg: unknown): void {
    if (name === 'arrived') return this.#arrived()
    if (this.#phase !== 'open') return
    if (name === 'item') this.#unread.push(arg)
    else if (name === 'failed') this.#unread.push(new Failed(arg))
    else if (name === 'room') this.#room += arg as number
    else if (name === 'end') this.#peerEnd = { reason: (arg as Reason | undefined | null) ?? undefined }
    else if (name === 'closed') return this.close()
    if (name === 'room') return this.#pass()
    this.#wake()
    if (name === 'end') this.#rejectSends()
  }

  /** All who wait look again. */
  #wake(): void {
    for (let left = this.#receiving.length; left > 0; left -= 1) this.#receiving.shift()?.resolve()
    for (const call of this.#watching) call()
    this.#watching.clear()
  }

  get #isReady(): boolean {
    return this.#unread.length > 0 || this.#peerEnd !== undefined
  }

  /** Gives what `take` makes of the next message, which it is to take at once. */
  async #next<T>(options: WaitOptions, take: () => T): Promise<T> {
    this.#mustRead()
    while (this.#unread.length === 0) {
      if (this.#peerEnd !== undefined) throw this.#endOfStream(this.#peerEnd.reason)
      const waiter: Waiter<void> = new Waiter<void>(this.#owner.system.waits, options, {
        gaveUp: () => void this.#receiving.remove((each) => each === waiter),
        timedOut: (timeout) => new TimeoutError({ what: `recv() on ${this.#label}`, timeout }),
      })
      if (!waiter.settled) this.#receiving.push(waiter)
      await waiter.promise
      this.#mustRead()
    }
    return take()
  }

  #take(): unknown {
    const value = this.#unread.shift()
    if (this.#took === 0) void SENT.then(this.#tellTaken)
    this.#took += 1
    if (value instanceof Failed) throw value.error
    return value
  }

  readonly #tellTaken = (): void => {
    const { count } = this.#taken()
    if (count > 0) this.#tell('took', { side: this.#side, epoch: this.#epoch, count })
  }

  /** What is to be told of as received. */
  #taken(): { readonly count: number } {
    const count = this.#took
    this.#took = 0
    return { count }
  }

  async #bytes(options: WaitOptions, most: number, room: string): Promise<Uint8Array> {
    return this.#next(options, () => {
      const value = this.#unread.first
      if (value instanceof Failed) this.#take()
      if (!isBytes(value))
        throw new TypeError(`Expected a message of bytes, got ${typeof value}: receive it with recv()`)
      this.#take()
      if (value.byteLength > most) throw new BufferTooShortError(value, { room })
      return value
    })
  }

  get #hasRoom(): boolean {
    return this.#room > 0 && this.#sending.length === 0 && this.#owner.target.open
  }

  #send(value: unknown): void {
    this.#owner.target.tell('data', { side: this.#side, value }, undefined)
    this.#room -= 1
  }

  readonly #pass = (): void => {
    while (this.#phase === 'open' && this.#room > 0 && this.#sending.length > 0) {
      if (!this.#owner.target.open) return void this.#owner.target.room().then(this.#pass)
      const next = this.#sending.shift()
      if (next === undefined) return
      try {
        this.#send(next.value)
        next.waiter.resolve()
      } catch (error) {
        // It holds an end that has moved while it waited.
        next.waiter.reject(error)
      }
    }
  }

  #cannotSend(): Error | undefined {
    if (!this.writable) return new TypeError('This end of the pipe only receives: send on the other one')
    if (this.#phase !== 'open') return this.#closedError()
    return this.#peerEnd === undefined
      ? undefined
      : new PeerClosedError({ connection: this.#label }, causeOf(this.#peerEnd))
  }

  #mustRead(): void {
    if (!this.readable) throw new TypeError('This end of the pipe only sends: receive on the other one')
    if (this.#phase !== 'open') throw this.#closedError()
  }

  #rejectSends(): void {
    for (let next = this.#sending.shift(); next !== undefined; next = this.#sending.shift())
      next.waiter.reject(this.#cannotSend())
  }

  #over(phase: 'closed' | 'moved'): void {
    this.#phase = phase
    this.#rejectSends()
    this.#wake()
  }

  /** The process that made the pipe is gone, and the pipe with it; what has come can be received. */
  #end(reason: Reason): void {
    if (this.#phase !== 'open' || this.#peerEnd !== undefined) return
    this.#peerEnd = { reason: reason.type === 'normal' ? undefined : reason }
    this.#rejectSends()
    this.#wake()
  }

  // --- it moves -------------------------------------------------------------------------------------------------

  #forget: (() => void) | undefined

  #depart(ref: object): Departure {
    if (this.#phase !== 'open') throw this.#closedError()
    const { readable, writable } = this
    const side = this.#side
    const epoch = this.#epoch + 1
    return {
      kind: CONNECTION,
      owner: ref,
      fields: { side, epoch, readable, writable } satisfies EndFields,
      left: (forget) => {
        this.#forget = forget
        this.#over('moved')
        // Not within the packing of the message that takes it along.
        void SENT.then(() => this.#tell('leave', { side, epoch: epoch - 1, ...this.#taken() }))
      },
      lost: () => this.#tell('lost', { side, epoch }),
    }
  }

  #arrived(): void {
    this.#forget?.()
    this.#me.end({ type: 'normal' })
  }

  #tell(name: string, arg: unknown): void {
    const { target } = this.#owner
    if (target.ended !== undefined) return
    if (target.open) target.tell(name, arg, undefined)
    else void target.room().then(() => this.#tell(name, arg))
  }

  get #label(): string {
    return `the connection ${this.#owner.ref.id}`
  }

  #endOfStream(reason: Reason | undefined): EndOfStreamError {
    return new EndOfStreamError({ connection: this.#label }, causeOf({ reason }))
  }

  #closedError(): ConnectionClosedError {
    const moved = this.#phase === 'moved'
    const why = moved ? 'was moved to another process' : 'is closed'
    const cure = moved ? 'use it there; here it is no more' : 'use it before close()'
    return new ConnectionClosedError({ connection: this.#label, why, cure })
  }
}

const causeOf = ({ reason }: { readonly reason: Reason | undefined }): { cause?: unknown } =>
  reason === undefined ? {} : { cause: reason }

const isBytes = (value: unknown): value is Uint8Array => Object.prototype.toString.call(value) === '[object Uint8Array]'
