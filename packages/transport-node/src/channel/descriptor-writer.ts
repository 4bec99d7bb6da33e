/**
 * The way out over a socket's descriptor. What the kernel takes at once needs no turn of the loop; only the rest goes
 * through libuv. For plain sockets and pipes: what has no descriptor of its own, such as TLS, cannot use it.
 */
import { writeSync } from 'node:fs'
import type { Socket } from 'node:net'

/** A socket's libuv handle: its descriptor, and what the kernel has not taken yet. */
interface Handle {
  readonly fd: number
  readonly writeQueueSize: number
}

export class DescriptorWriter {
  readonly #socket: Socket
  readonly #onDrain: () => void
  /** What the kernel did not take at once, and libuv is writing. */
  #rest: Buffer | undefined
  #state: 'open' | 'closing' | 'lost' = 'open'

  constructor(socket: Socket, onDrain: () => void) {
    this.#socket = socket
    this.#onDrain = onDrain
  }

  /** As `Channel.send`. */
  send(bytes: Uint8Array): boolean {
    if (this.#state !== 'open') return true
    // Others may have written to the socket before us, and libuv may not be done with it.
    const free = this.#rest === undefined && this.#socket.writableLength === 0
    const written = free ? this.#writeNow(bytes) : 0
    if (written === bytes.length) return true
    const rest = Buffer.from(bytes.subarray(written))
    this.#rest = rest
    this.#socket.write(rest, () => {
      this.#rest = undefined
      this.#onDrain()
    })
    return false
  }

  /** As `Channel.close`. */
  close(): void {
    if (this.#state !== 'open') return
    this.#state = 'closing'
    this.#socket.end()
  }

  /** Nobody takes anything any more: what is sent from now on is dropped. */
  lose(): void {
    this.#state = 'lost'
    this.#rest = undefined
  }

  /** As `Channel.flushNow`. */
  flushNow(rest: readonly Uint8Array[], deadline: number): void {
    if (this.#state === 'lost') return
    const until = Date.now() + deadline
    const unwritten = this.#unwritten()
    // Libuv has no turn any more; a second call must not write the same again.
    this.#rest = undefined
    for (const bytes of [unwritten, ...rest]) {
      // What was cut must not be followed by anything.
      if (!this.#writeAll(bytes, until)) return this.lose()
    }
  }

  /** Bytes that the kernel took: all, some, or none when it is full. */
  #writeNow(bytes: Uint8Array): number {
    try {
      return writeSync(this.#fd, bytes)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EAGAIN') return 0
      this.lose()
      return bytes.length
    }
  }

  #writeAll(bytes: Uint8Array, until: number): boolean {
    for (let at = 0; at < bytes.length; ) {
      const written = this.#writeNow(bytes.subarray(at))
      // Read anew: a failed write has changed it.
      if (this.#isLost) return false
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

  get #isLost(): boolean {
    return this.#state === 'lost'
  }

  get #handle(): Handle | undefined {
    return (this.#socket as unknown as { _handle?: Handle })._handle
  }

  get #fd(): number {
    return this.#handle?.fd ?? -1
  }
}
