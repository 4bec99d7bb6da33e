/**
 * Two socket pairs, one a direction: when a dead reader makes a write fail, the socket is destroyed with whatever it
 * had still to read. Apart, nothing that the peer had sent is lost (docs/decisions/0003).
 */
import { writeSync } from 'node:fs'
import type { Socket } from 'node:net'
import type { Channel, ChannelEvents } from '@troupe/core'

/** A socket's libuv handle: its descriptor, and what the kernel has not taken yet. */
interface Handle {
  readonly fd: number
  readonly writeQueueSize: number
}

export class PipeChannel implements Channel {
  readonly #reader: Socket
  readonly #writer: Socket
  readonly #onClosed: (() => void) | undefined
  #events: ChannelEvents | undefined
  /** What the kernel did not take at once, and libuv is writing. */
  #rest: Buffer | undefined
  #state: 'open' | 'closing' | 'lost' = 'open'

  /** `onClosed` is told after the receiver: all that came has been delivered. */
  constructor(reader: Socket, writer: Socket, onClosed?: () => void) {
    this.#reader = reader
    this.#writer = writer
    this.#onClosed = onClosed
    // A lost way out shows as the end of the other: reading goes on until then.
    writer.on('error', () => this.#lose())
    writer.on('close', () => this.#lose())
  }

  send(bytes: Uint8Array): boolean {
    if (this.#state !== 'open') return true
    const written = this.#rest === undefined ? this.#writeNow(bytes) : 0
    if (written === bytes.length) return true
    const rest = Buffer.from(bytes.subarray(written))
    this.#rest = rest
    this.#writer.write(rest, () => {
      this.#rest = undefined
      this.#events?.onDrain()
    })
    return false
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
    if (this.#state !== 'open') return
    this.#state = 'closing'
    this.#writer.end()
  }

  destroy(): void {
    this.#lose()
    this.#writer.destroy()
    this.#reader.destroy()
  }

  flushNow(rest: readonly Uint8Array[], deadline: number): void {
    if (this.#state === 'lost') return
    const until = Date.now() + deadline
    const unwritten = this.#unwritten()
    // Libuv has no turn any more; a second call must not write the same again.
    this.#rest = undefined
    for (const bytes of [unwritten, ...rest]) {
      // What was cut must not be followed by anything.
      if (!this.#writeAll(bytes, until)) return this.#lose()
    }
  }

  /** Bytes that the kernel took: all, some, or none when it is full. */
  #writeNow(bytes: Uint8Array): number {
    try {
      return writeSync(this.#fd, bytes)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EAGAIN') return 0
      this.#lose()
      return bytes.length
    }
  }

  #writeAll(bytes: Uint8Array, until: number): boolean {
    for (let at = 0; at < bytes.length; ) {
      const written = this.#writeNow(bytes.subarray(at))
      if (this.#state === 'lost') return false
      at += written
      if (written > 0) continue
      if (Date.now() >= until) return false
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1)
    }
    return true
  }

  /** The tail of what libuv was given and has not written. */
  #unwritten(): Buffer {
    const rest = this.#rest ?? Buffer.alloc(0)
    const handle = this.#handle
    return rest.subarray(rest.length - Math.min(rest.length, handle?.writeQueueSize ?? 0))
  }

  #lose(): void {
    this.#state = 'lost'
    this.#rest = undefined
  }

  get #handle(): Handle | undefined {
    return (this.#writer as unknown as { _handle?: Handle })._handle
  }

  get #fd(): number {
    return this.#handle?.fd ?? -1
  }
}
