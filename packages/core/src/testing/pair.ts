import type { Channel, ChannelEvents } from '../ports/channel.js'

export interface PairOptions {
  /** Cuts what was sent into the chunks that arrive. Default: as sent. */
  readonly cut?: (bytes: Uint8Array) => Iterable<Uint8Array>
  /** Bytes on their way beyond which `send` returns false. Default: no bound. */
  readonly highWater?: number
}

/** Two joined ends in memory: the reference channel. What is sent arrives in a later microtask. */
export function channelPair(options: PairOptions = {}): [Channel, Channel] {
  const a = new MemoryChannel(options)
  const b = new MemoryChannel(options)
  a.other = b
  b.other = a
  return [a, b]
}

class MemoryChannel implements Channel {
  other: MemoryChannel | undefined
  readonly #options: PairOptions
  #events: ChannelEvents | undefined
  #arrived: Uint8Array[] = []
  #onWay = 0
  #delivering = false
  #full = false
  /** The other end sends no more. */
  #ended = false
  #closed = false
  #over = false

  constructor(options: PairOptions) {
    this.#options = options
  }

  send(bytes: Uint8Array): boolean {
    if (this.#closed || this.other === undefined) return true
    this.#onWay += bytes.length
    this.other.arrive(new Uint8Array(bytes))
    this.#full = this.#onWay >= (this.#options.highWater ?? Infinity)
    return !this.#full
  }

  open(events: ChannelEvents): void {
    this.#events = events
    this.#deliverLater()
  }

  close(): void {
    if (this.#closed) return
    this.#closed = true
    this.other?.ended()
    this.#finish()
  }

  destroy(): void {
    this.#arrived = []
    this.lost()
    this.other?.lost()
  }

  arrive(bytes: Uint8Array): void {
    this.#arrived.push(bytes)
    this.#deliverLater()
  }

  /** The other end sends no more. */
  ended(): void {
    this.#ended = true
    this.#deliverLater()
  }

  /** Both ways are over at once; what has come this far is still delivered. */
  lost(): void {
    this.#closed = this.#ended = true
    this.#deliverLater()
  }

  #deliverLater(): void {
    if (this.#delivering || this.#events === undefined) return
    this.#delivering = true
    void Promise.resolve().then(() => this.#deliver())
  }

  #deliver(): void {
    this.#delivering = false
    for (let bytes = this.#arrived.shift(); bytes !== undefined; bytes = this.#arrived.shift()) {
      for (const chunk of this.#options.cut?.(bytes) ?? [bytes]) this.#events?.onData(chunk)
      this.other?.taken(bytes.length)
    }
    this.#finish()
  }

  /** Of what was sent here so many bytes have arrived. */
  taken(bytes: number): void {
    this.#onWay -= bytes
    if (!this.#full || this.#onWay > 0) return
    this.#full = false
    this.#events?.onDrain()
  }

  #finish(): void {
    if (this.#over || this.#events === undefined) return
    if (!this.#ended || !this.#closed || this.#arrived.length > 0) return
    this.#over = true
    void Promise.resolve().then(() => this.#events?.onClose())
  }
}
