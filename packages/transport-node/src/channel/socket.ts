import type { Socket } from 'node:net'
import type { Channel, ChannelEvents } from '@troupe/core'
import { DescriptorWriter } from './descriptor-writer.js'
import { Drains, readFrom, survivesWrites } from './one-socket.js'

/** Bytes over a connected Unix or TCP socket, which is paused, lets each way end by itself, and is given up to it. */
export class SocketChannel implements Channel {
  readonly #drains = new Drains()
  readonly #socket: Socket
  readonly #out: DescriptorWriter

  constructor(socket: Socket) {
    this.#socket = socket
    this.#out = new DescriptorWriter(socket, () => this.#drains.tell())
    survivesWrites(socket, () => this.#out.lose())
    // What ends reading; the close follows.
    socket.on('error', () => undefined)
    socket.on('close', () => this.#out.lose())
  }

  send(bytes: Uint8Array): boolean {
    return this.#out.send(bytes)
  }

  open(events: ChannelEvents): void {
    this.#drains.open(events)
    readFrom(this.#socket, events, () => this.#end())
  }

  close(): void {
    this.#out.close()
  }

  destroy(): void {
    this.#out.lose()
    this.#socket.destroy()
  }

  flushNow(rest: readonly Uint8Array[], deadline: number): void {
    this.#out.flushNow(rest, deadline)
  }

  /** Also when the way out is lost: the socket closes only once both its ways have ended. */
  #end(): void {
    this.#out.close()
    this.#socket.end()
  }
}
