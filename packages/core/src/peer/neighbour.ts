/** A host with which we share a channel: hellos first, then frames, for it and for all hosts behind it. */
import { ProtocolError } from '../errors/kinds.js'
import type { Channel } from '../ports/channel.js'
import type { Codec } from '../ports/codec.js'
import { FrameDecoder } from '../wire/decoder.js'
import { type Frame, Kind, payloadOf } from '../wire/frame.js'
import { FrameQueue } from '../wire/frame-queue.js'
import { type Hello, helloFrame, readHello } from '../wire/hello.js'
import { Allowance, HOST_LIMITS, type Limits } from './allowance.js'
import { Parcels } from './parcels.js'

export interface NeighbourEvents {
  /** Its hello fits ours. Frames follow, to whoever `attach` named. */
  onHello(hello: Hello): void
  /** It broke the protocol: its channel is about to be ended. */
  onBroken?(error: ProtocolError): void
  /** The channel is over; `error` when the neighbour broke the protocol. */
  onClose(error: ProtocolError | undefined): void
}

export class Neighbour {
  readonly codec: Codec
  readonly queue: FrameQueue
  readonly parcels: Parcels
  /** Its number in the system; 0 as long as it has none. */
  host = 0
  readonly allowance: Allowance
  readonly #channel: Channel
  readonly #events: NeighbourEvents
  readonly #decoder: FrameDecoder
  #onFrame: ((frame: Frame) => void) | undefined
  /** Ours has been sent. */
  #greeting = false
  /** Theirs has come. */
  #greeted = false
  #error: ProtocolError | undefined

  constructor(channel: Channel, codec: Codec, events: NeighbourEvents, limits: Limits = HOST_LIMITS) {
    this.codec = codec
    this.parcels = new Parcels(channel)
    this.allowance = new Allowance(limits)
    this.queue = new FrameQueue(channel, (waiting) => this.#mustRead(waiting))
    this.#channel = channel
    this.#events = events
    this.#decoder = new FrameDecoder((frame) => this.#receive(frame))
    channel.open({
      onData: (chunk) => this.#guard(() => this.#decoder.push(chunk)),
      onMove: (parcel, buffers) => this.#guard(() => this.parcels.receive(parcel, buffers)),
      onDrain: () => this.queue.drain(),
      onClose: () => events.onClose(this.#error),
    })
  }

  greet(hello: Omit<Hello, 'troupe' | 'codec'>): void {
    this.#greeting = true
    this.queue.send(helloFrame({ ...hello, codec: this.codec.name }))
  }

  /** From now on frames go there. */
  attach(onFrame: (frame: Frame) => void): void {
    this.#onFrame = onFrame
  }

  /** Ends the channel because of what the neighbour did. */
  refuse(error: ProtocolError): void {
    if (this.#error === undefined) this.#events.onBroken?.(error)
    this.#error ??= error
    this.#channel.destroy()
  }

  #mustRead(waiting: number): void {
    const error = this.allowance.unread(waiting)
    if (error !== undefined) this.refuse(error)
  }

  #guard(read: () => void): void {
    if (this.#error !== undefined) return
    try {
      read()
    } catch (error) {
      this.refuse(
        error instanceof ProtocolError
          ? error
          : new ProtocolError({ peer: 'at the other end', problem: 'frames that cannot be handled' }, { cause: error }),
      )
    }
  }

  #receive(frame: Frame): void {
    if (this.#error !== undefined) return
    if (this.#greeted) {
      this.#onFrame?.(frame)
      return
    }
    if (frame.kind !== Kind.hello) throw new ProtocolError({ peer: 'at the other end', problem: 'no hello' })
    const hello = this.#understand(payloadOf(frame))
    if (hello === undefined) return
    this.#greeted = true
    this.#events.onHello(hello)
  }

  /** Undefined for one that does not fit: its sender is to learn why too, so it gets ours before the end. */
  #understand(payload: Uint8Array): Hello | undefined {
    try {
      return readHello(payload, this.codec.name)
    } catch (error) {
      if (this.#greeting) throw error
      this.#error = error as ProtocolError
      this.greet({ host: 0, you: 0, system: '', pid: 0 })
      this.queue.close()
      return undefined
    }
  }
}
