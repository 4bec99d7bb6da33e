/**
 * A channel that delays, cuts anew and breaks off what passes through it, as networks do; it reorders nothing. All it
 * does follows from its seed and the bytes it is given: the same seed does the same again.
 */
import type { Channel, ChannelEvents } from '../ports/channel.js'
import { type Clock, systemClock } from '../ports/clock.js'

export interface FaultOptions {
  /** Any whole number; decides all that happens. */
  readonly seed: number
  /** Most milliseconds that a chunk that arrived is held back. Default 0: until a later turn of the loop. */
  readonly delay?: number | undefined
  /** So many bytes arrive here, then both ways end at once. Default: never. */
  readonly cut?: number | undefined
  /**
   * The most bytes that one chunk has. Chunks are cut and joined anew: single bytes, parts of a header, several frames
   * at once. Default 64 KiB.
   */
  readonly chunk?: number | undefined
  /** Where the delays come from. Default: the runtime's own timers. */
  readonly clock?: Clock | undefined
}

/** `channel` with faults in what arrives at this end. For faults both ways wrap both ends. */
export function faultChannel(channel: Channel, options: FaultOptions): Channel {
  return new FaultChannel(channel, options)
}

class FaultChannel implements Channel {
  readonly flushNow?: NonNullable<Channel['flushNow']>
  readonly #channel: Channel
  readonly #random: () => number
  readonly #delay: number
  readonly #chunk: number
  readonly #clock: Clock
  #events: ChannelEvents | undefined
  #held: Uint8Array[] = []
  /** Bytes that may still arrive. */
  #left: number
  #state: 'open' | 'ended' | 'over' = 'open'
  #busy = false

  constructor(
    channel: Channel,
    { seed, delay = 0, cut = Infinity, chunk = 64 * 1024, clock = systemClock() }: FaultOptions,
  ) {
    this.#channel = channel
    this.#random = seeded(seed)
    this.#delay = delay
    this.#left = cut
    this.#chunk = chunk
    this.#clock = clock
    if (channel.flushNow !== undefined) this.flushNow = (rest, deadline) => channel.flushNow?.(rest, deadline)
  }

  send(bytes: Uint8Array): boolean {
    return this.#channel.send(bytes)
  }

  open(events: ChannelEvents): void {
    this.#events = events
    this.#channel.open({
      onData: (chunk) => {
        if (this.#state !== 'open') return
        this.#held.push(chunk)
        this.#goOn()
      },
      onDrain: () => events.onDrain(),
      onClose: () => {
        if (this.#state === 'open') this.#state = 'ended'
        this.#goOn()
      },
    })
  }

  close(): void {
    this.#channel.close()
  }

  destroy(): void {
    this.#held = []
    this.#channel.destroy()
  }

  /** One chunk after the other, each after a time of its own. */
  #goOn(): void {
    if (this.#busy || this.#state === 'over' || (this.#held.length === 0 && this.#state === 'open')) return
    this.#busy = true
    const next = (): void => {
      this.#busy = false
      this.#deliver()
      this.#goOn()
    }
    const ms = Math.floor(this.#random() * (this.#delay + 1))
    if (ms === 0) this.#clock.setImmediate(next)
    else this.#clock.setTimeout(next, ms)
  }

  #deliver(): void {
    const chunk = this.#take()
    if (chunk === undefined) {
      if (this.#state !== 'ended') return
      this.#state = 'over'
      this.#events?.onClose()
      return
    }
    this.#left -= chunk.length
    this.#events?.onData(chunk)
    if (this.#left > 0) return
    this.#held = []
    this.#left = Infinity
    this.#state = 'ended'
    this.#channel.destroy()
  }

  /** A part of what has arrived, across the borders of what was sent. */
  #take(): Uint8Array | undefined {
    const size = Math.min(this.#sizeOfNext(), this.#left)
    const parts: Uint8Array[] = []
    let wanted = size
    while (wanted > 0 && this.#held.length > 0) {
      const first = this.#held[0] as Uint8Array
      const part = first.subarray(0, wanted)
      parts.push(part)
      wanted -= part.length
      if (part.length === first.length) this.#held.shift()
      else this.#held[0] = first.subarray(part.length)
    }
    return parts.length === 0 ? undefined : joined(parts, size - wanted)
  }

  /** Small ones, around a header's size, and large ones are about equally frequent. */
  #sizeOfNext(): number {
    const kind = this.#random()
    const most = kind < 0.2 ? 1 : kind < 0.5 ? 40 : this.#chunk
    return Math.min(this.#chunk, 1 + Math.floor(this.#random() * most))
  }
}

function joined(parts: readonly Uint8Array[], size: number): Uint8Array {
  const whole = new Uint8Array(size)
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}

/** Numbers from 0 to 1, the same ones for the same seed (mulberry32). */
function seeded(seed: number): () => number {
  let state = seed | 0
  return () => {
    state = (state + 0x6d2b_79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000
  }
}
