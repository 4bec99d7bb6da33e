/**
 * One socket for both ways, where Node would end both when one fails: it destroys a socket whose write failed, with
 * all that the peer had said last still unread. Here a failed write is told, and the socket reads on to its end.
 */
import type { Socket } from 'node:net'
import type { ChannelEvents } from '@troupe/core'

/** Milliseconds that a peer who has ended gets to take what was sent before. */
const LINGER = 5_000

/** Hides failed writes from the socket. `onLost` is told of the first; later writes are swallowed. */
export function survivesWrites(socket: Socket, onLost: () => void): void {
  // Both are how a stream hands a write on, and ours to override.
  const write = socket._write.bind(socket)
  const writev = socket._writev?.bind(socket)
  let lost = false
  const settled = (done: () => void) => (error?: Error | null) => {
    if (error !== undefined && error !== null && !lost) {
      lost = true
      onLost()
    }
    done()
  }
  socket._write = (chunk, encoding, done) => {
    if (lost) done()
    else write(chunk, encoding, settled(done))
  }
  socket._writev = (chunks, done) => {
    if (lost) done()
    else writev?.(chunks, settled(done))
  }
}

/** Tells of room, never before the channel is opened: what came before is told then. */
export class Drains {
  #events: ChannelEvents | undefined
  #state: 'told' | 'owed' = 'told'

  tell(): void {
    if (this.#events === undefined) this.#state = 'owed'
    else this.#events.onDrain()
  }

  open(events: ChannelEvents): void {
    this.#events = events
    if (this.#state === 'owed') queueMicrotask(() => events.onDrain())
  }
}

/**
 * Delivers what `socket` reads, from now on. When the peer has ended its way we end ours, after all that was sent:
 * nothing tells our side that it alone is left. `onClose` comes once both are over.
 */
export function readFrom(socket: Socket, events: ChannelEvents, closeOurs: () => void): void {
  if (socket.destroyed) return void setImmediate(() => events.onClose())
  socket.on('data', (chunk: Buffer) => events.onData(chunk))
  socket.on('end', () => {
    closeOurs()
    const late = setTimeout(() => socket.destroy(), LINGER).unref()
    socket.on('close', () => clearTimeout(late))
  })
  socket.on('close', () => events.onClose())
  socket.resume()
}
