import type { TLSSocket } from 'node:tls'
import type { Channel, ChannelEvents } from '@troupe/core'
import { Drains, readFrom, survivesWrites } from './one-socket.js'

/**
 * Bytes over a secured TLS socket, which is paused, lets each way end by itself, and is given up to it. Encryption
 * needs turns of the loop, so there is no `flushNow`: who exits at once loses what was sent last.
 */
export class TlsChannel implements Channel {
  readonly #drains = new Drains()
  readonly #socket: TLSSocket
  #state: 'open' | 'closed' = 'open'

  constructor(socket: TLSSocket) {
    this.#socket = socket
    survivesWrites(socket, () => this.#lose())
    socket.on('drain', () => this.#drains.tell())
    // What ends reading; the close follows.
    socket.on('error', () => undefined)
    socket.on('close', () => this.#lose())
  }

  send(bytes: Uint8Array): boolean {
    if (this.#state === 'closed') return true
    // A copy: the socket keeps what it is given until it is encrypted.
    return this.#socket.write(Buffer.from(bytes))
  }

  open(events: ChannelEvents): void {
    this.#drains.open(events)
    readFrom(this.#socket, events, () => this.close())
  }

  close(): void {
    this.#lose()
    this.#socket.end()
  }

  destroy(): void {
    this.#lose()
    this.#socket.destroy()
  }

  #lose(): void {
    this.#state = 'closed'
  }
}
