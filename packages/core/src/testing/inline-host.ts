/** A host in this thread: a system of its own behind a channel, started and ended as a child process would be. */
import type { Channel } from '../ports/channel.js'
import type { Codec } from '../ports/codec.js'
import type { HostEnd, Launch, LaunchContext } from '../ports/placement.js'
import { Neighbour } from '../peer/neighbour.js'
import { ActorSystem } from '../system/actor-system.js'
import type { Loader } from '../ports/loader.js'
import type { Hello } from '../wire/hello.js'
import { channelPair, type PairOptions } from './pair.js'
import { pause } from './suite/case.js'

interface InlineGiven {
  readonly codec: Codec
  readonly hostCodec: Codec
  readonly loader: Loader
  readonly channel: PairOptions | undefined
  readonly wrap: ((channel: Channel, end: 'near' | 'far') => Channel) | undefined
}

export class InlineHost implements Launch {
  readonly channel: Channel
  readonly codec: Codec
  readonly pid: number | undefined = undefined
  readonly gone: Promise<HostEnd>
  /** The system inside; undefined until the hellos are exchanged. */
  system: ActorSystem | undefined
  readonly #clock: LaunchContext['clock']
  readonly #loader: Loader
  readonly #far: Channel
  #end: HostEnd | undefined
  #resolve: (end: HostEnd) => void = () => undefined

  constructor({ clock }: LaunchContext, { codec, hostCodec, loader, channel, wrap = asItIs }: InlineGiven) {
    this.#clock = clock
    this.#loader = loader
    this.codec = codec
    this.gone = new Promise((resolve) => {
      this.#resolve = resolve
    })
    const [a, b] = channelPair(channel)
    const [near, far] = [wrap(a, 'near'), wrap(b, 'far')]
    this.channel = withEnd(near, () => this.#closed())
    // As with pipes: when the child ends its way out, the parent ends the other.
    this.#far = withClose(far, () => {
      far.close()
      near.close()
    })
    const neighbour = new Neighbour(this.#far, hostCodec, {
      onHello: (hello) => this.#join(neighbour, hello),
      // As a process exits then, whoever ended it.
      onClose: () => this.#die({ code: 0, signal: null, killed: false }),
    })
  }

  greeted(): void {}

  drain(grace: number): void {
    const timer = this.#clock.setTimeout(() => this.kill(), grace)
    void this.gone.then(() => this.#clock.clearTimeout(timer))
  }

  kill(): void {
    this.#die({ code: null, signal: 'SIGKILL', killed: true })
  }

  /** Ends it as an outside force would, with this code. */
  crash(code: number): void {
    this.#die({ code, signal: null, killed: false })
  }

  /** Sends bytes of one's own to whoever spawned it, between its frames; resolves once they have gone. */
  async say(bytes: Uint8Array): Promise<void> {
    this.#far.send(bytes)
    await pause(0)
  }

  #join(neighbour: Neighbour, hello: Hello): void {
    neighbour.greet({ host: hello.you, you: hello.host, system: hello.system, pid: 0 })
    const system = new ActorSystem({
      name: hello.system,
      clock: this.#clock,
      askTimeout: undefined,
      host: hello.you,
      up: { neighbour, host: hello.host },
      loader: this.#loader,
      onEnding: () => {
        this.#end ??= { code: 0, signal: null, killed: false }
        this.#clock.setImmediate(() => {
          system.flush()
          neighbour.queue.close()
        })
      },
    })
    this.system = system
  }

  #die(end: HostEnd): void {
    if (this.#end !== undefined) return
    this.#end = end
    this.#far.destroy()
    // Nobody hears of it any more; but what runs in this thread must not go on.
    void this.system?.children.kill()
  }

  #closed(): void {
    this.system?.waits.keepAlive.end()
    this.#resolve(this.#end ?? { code: 0, signal: null, killed: false })
  }
}

const asItIs = (channel: Channel): Channel => channel

/** `onEnd` is told after the receiver. */
function withEnd(channel: Channel, onEnd: () => void): Channel {
  return {
    send: (bytes) => channel.send(bytes),
    open: (events) =>
      channel.open({
        onData: (chunk) => events.onData(chunk),
        onDrain: () => events.onDrain(),
        onClose: () => {
          events.onClose()
          onEnd()
        },
      }),
    close: () => channel.close(),
    destroy: () => channel.destroy(),
  }
}

function withClose(channel: Channel, close: () => void): Channel {
  return {
    send: (bytes) => channel.send(bytes),
    open: (events) => channel.open(events),
    close,
    destroy: () => channel.destroy(),
  }
}
