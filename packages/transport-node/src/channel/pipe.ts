/**
 * Two socket pairs, one a direction: when a dead reader makes a write fail, the socket is destroyed with whatever it
 * had still to read. Apart, nothing that the peer had sent is lost (docs/decisions/0003).
 */
import type { Socket } from 'node:net'
import type { Channel, ChannelEvents } from '@troupe/core'
import { DescriptorWriter } from './descriptor-writer.js'

export class PipeChannel implements Channel {
  readonly #reader: Socket
  readonly #writer: Socket
  readonly #out: DescriptorWriter
  readonly #onClosed: (() => void) | undefined
  #events: ChannelEvents | undefined

  /** `onClosed` is told after the receiver: all that came has been delivered. */
  constructor(reader: Socket, writer: Socket, onClosed?: () => void) {
    this.#reader = reader
    this.#writer = writer
    this.#out = new DescriptorWriter(writer, () => this.#events?.onDrain())
    this.#onClosed = onClosed
    // A lost way out shows as the end of the other: reading goes on until then.
    writer.on('error', () => this.#out.lose())
    writer.on('close', () => this.#out.lose())
  }

  send(bytes: Uint8Array): boolean {
    return this.#out.send(bytes)
  }

  open(events: ChannelEvents): void {
    this.#events = events
    this.#reader.on('data', (chunk: Buffer) => events.onData(chunk))
    this.#reader.on('error', () => undefined)
    this.#reader.on('close', () => {
      this.#writer.destroy()
      events.onClose()
      this.#onClosed?.()
    })
  }

  close(): void {
    this.#out.close()
  }

  destroy(): void {
    this.#out.lose()
    this.#writer.destroy()
    this.#reader.destroy()
  }

  flushNow(rest: readonly Uint8Array[], deadline: number): void {
    this.#out.flushNow(rest, deadline)
  }
}
