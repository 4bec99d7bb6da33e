import type { Channel } from '../ports/channel.js'
import type { Clock, Timer } from '../ports/clock.js'
import type { Codec } from '../ports/codec.js'
import type { HostEnd, Launch } from '../ports/placement.js'

/** The way to a process that was not started here: its life, as far as this system knows, is that of the channel. */
export class Connection implements Launch {
  readonly channel: Channel
  readonly codec: Codec
  readonly pid: number | undefined = undefined
  readonly gone: Promise<HostEnd>
  readonly #clock: Clock
  readonly #inner: Channel
  #timer: Timer | undefined
  #killed = false

  constructor(channel: Channel, codec: Codec, clock: Clock) {
    this.#inner = channel
    this.#clock = clock
    this.codec = codec
    let over: (end: HostEnd) => void = () => undefined
    this.gone = new Promise((resolve) => {
      over = resolve
    })
    this.channel = {
      send: (bytes) => channel.send(bytes),
      open: (events) =>
        channel.open({
          onData: (chunk) => events.onData(chunk),
          onDrain: () => events.onDrain(),
          onClose: () => {
            if (this.#timer !== undefined) clock.clearTimeout(this.#timer)
            events.onClose()
            over({ code: null, signal: null, killed: this.#killed, lost: true })
          },
        }),
      close: () => channel.close(),
      destroy: () => channel.destroy(),
    }
  }

  greeted(): void {}

  /** The other end has been asked to close; it may have said all that it has to. */
  drain(grace: number): void {
    if (this.#timer !== undefined) this.#clock.clearTimeout(this.#timer)
    this.#timer = this.#clock.setTimeout(() => this.kill(), grace)
  }

  kill(): void {
    this.#killed = true
    this.#inner.destroy()
  }
}
