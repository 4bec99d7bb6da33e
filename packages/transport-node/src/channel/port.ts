/**
 * Bytes over a MessagePort. Ports have no bound of their own: a sender faster than its receiver would fill memory. So the
 * receiver acknowledges what it has taken, and what is under way stays within a window.
 */
import type { MessagePort } from 'node:worker_threads'
import type { Channel, ChannelEvents } from '@troupe/core'

/** Bytes under way beyond which `send` says that the channel is full, and at which it has room again. */
const HIGH_WATER = 256 * 1024
const LOW_WATER = HIGH_WATER / 2
/** Bytes taken after which the sender is told. */
const BATCH = HIGH_WATER / 4

/** What goes over the port: bytes; a count of bytes taken; buffers handed over; null when no more comes. */
type Parcel = ArrayBuffer | number | { readonly parcel: number; readonly buffers: readonly ArrayBuffer[] } | null

export interface PortOptions {
  /** Whether the open port keeps its thread alive. */
  readonly keepsAlive: boolean
  /** The other end sends no more; the receiver has had all it sent. */
  readonly onEnd?: () => void
  /** Both ways are over, and the receiver has been told. */
  readonly onClosed?: () => void
}

export class PortChannel implements Channel {
  readonly #port: MessagePort
  readonly #options: PortOptions
  #out: 'open' | 'ended' = 'open'
  #in: 'open' | 'ended' = 'open'
  #events: ChannelEvents | undefined
  #over = false
  /** Bytes that the other end has not acknowledged. */
  #underWay = 0
  #full = false
  /** Bytes taken and not acknowledged yet. */
  #taken = 0

  constructor(port: MessagePort, options: PortOptions) {
    this.#port = port
    this.#options = options
    // After all that the other end had sent; also when its thread has ended.
    port.once('close', () => this.#closed())
    if (!options.keepsAlive) port.unref()
  }

  send(bytes: Uint8Array): boolean {
    if (this.#out === 'ended') return true
    this.#post(bytes)
    this.#full = this.#underWay >= HIGH_WATER
    return !this.#full
  }

  move(parcel: number, buffers: readonly ArrayBuffer[]): void {
    if (this.#out === 'open') this.#port.postMessage({ parcel, buffers }, [...buffers])
  }

  open(events: ChannelEvents): void {
    this.#events = events
    // It was over before anybody listened: what could be told then is told now.
    if (this.#over) return void Promise.resolve().then(() => this.#tellClosed())
    this.#port.on('message', (parcel: Parcel) => this.#receive(parcel))
    // A listener for messages takes the reference back.
    if (!this.#options.keepsAlive) this.#port.unref()
  }

  close(): void {
    if (this.#out === 'ended') return
    this.#out = 'ended'
    this.#port.postMessage(null)
    this.#closeIfOver()
  }

  destroy(): void {
    this.#out = 'ended'
    this.#in = 'ended'
    this.#port.close()
  }

  flushNow(rest: readonly Uint8Array[]): void {
    if (this.#out === 'ended') return
    for (const bytes of rest) this.#post(bytes)
  }

  /** In memory of its own, which moves over: the caller keeps his. */
  #post(bytes: Uint8Array): void {
    const { buffer } = new Uint8Array(bytes)
    this.#underWay += bytes.length
    this.#port.postMessage(buffer, [buffer as ArrayBuffer])
  }

  #receive(parcel: Parcel): void {
    // Also when the other end sends no more: it still takes.
    if (typeof parcel === 'number') return this.#acknowledged(parcel)
    if (this.#in === 'ended') return
    if (parcel === null) this.#ended()
    else if ('buffers' in parcel) this.#events?.onMove?.(parcel.parcel, parcel.buffers)
    else this.#take(Buffer.from(parcel))
  }

  #take(chunk: Buffer): void {
    this.#taken += chunk.length
    if (this.#taken >= BATCH) {
      this.#port.postMessage(this.#taken)
      this.#taken = 0
    }
    this.#events?.onData(chunk)
  }

  #acknowledged(bytes: number): void {
    this.#underWay -= bytes
    if (!this.#full || this.#underWay > LOW_WATER) return
    this.#full = false
    this.#events?.onDrain()
  }

  #ended(): void {
    this.#in = 'ended'
    this.#options.onEnd?.()
    this.#closeIfOver()
  }

  #closeIfOver(): void {
    if (this.#in === 'ended' && this.#out === 'ended') this.#port.close()
  }

  #closed(): void {
    this.#in = 'ended'
    this.#out = 'ended'
    this.#over = true
    this.#tellClosed()
  }

  #tellClosed(): void {
    if (this.#events === undefined) return
    this.#events.onClose()
    this.#options.onClosed?.()
  }
}
