/** Hosts in memory: a system of its own behind a channel pair, started and ended as a child process would be. */
import type { Channel, HostEnd, Launch, LaunchContext, Launcher, RemoteActor } from '@troupe/core'
import { type ActorDefinition, NotPortableError } from '@troupe/core'
import { ActorSystem, type Hello, type Loader, Neighbour } from '@troupe/core/internal'
import { channelPair } from '@troupe/core/testing'
import { jsonCodec } from './json-codec.js'

type Definitions = Record<string, ActorDefinition<any, any>>
type RemoteOf<T> = T extends ActorDefinition<infer I, infer P> ? RemoteActor<I, P> : never

/** What a module would export, and the names under which hosts find it. */
export function memoryModule<T extends Definitions>(definitions: T): { readonly [K in keyof T]: RemoteOf<T[K]> } {
  const url = `memory:${modules.size}`
  modules.set(url, definitions)
  return Object.fromEntries(Object.keys(definitions).map((key) => [key, { url, export: key }])) as never
}

const modules = new Map<string, Definitions>()

export interface MemoryHost extends Launch {
  /** The system inside; undefined until the hellos are exchanged. */
  readonly system: ActorSystem | undefined
  /** Ends it as an outside force would, with this code. */
  crash(code: number): void
  /** Sends bytes of one's own on its channel, between its frames. */
  say(bytes: Uint8Array): Promise<void>
}

export interface MemoryOptions {
  readonly cut?: (bytes: Uint8Array) => Iterable<Uint8Array>
  readonly highWater?: number
  readonly startTimeout?: number
  /** The child never answers the hello. */
  readonly mute?: boolean
  /** The codec that the child uses; default: the same as its parent. */
  readonly childCodec?: string
  /** Sees every chunk on its way to the child (`down`) and to the parent (`up`). */
  readonly tap?: (way: 'down' | 'up', bytes: Uint8Array) => void
}

/** A placement whose hosts live in this thread. `hosts` lists those that it started. */
export function memoryHost(options: MemoryOptions = {}): Launcher & { readonly hosts: MemoryHost[] } {
  const hosts: MemoryHost[] = []
  return {
    reach: 'elsewhere',
    startTimeout: options.startTimeout ?? Infinity,
    hosts,
    launch(context: LaunchContext): Launch {
      const host = new InMemory(context, options)
      hosts.push(host)
      return host
    },
  }
}

class InMemory implements MemoryHost {
  readonly channel: Channel
  readonly codec = jsonCodec()
  readonly pid = undefined
  readonly gone: Promise<HostEnd>
  system: ActorSystem | undefined
  readonly #clock: LaunchContext['clock']
  readonly #inside: Channel
  #end: HostEnd | undefined
  #resolve: (end: HostEnd) => void = () => undefined

  constructor({ clock }: LaunchContext, { tap, childCodec, mute, ...pair }: MemoryOptions) {
    this.#clock = clock
    this.gone = new Promise((resolve) => {
      this.#resolve = resolve
    })
    const [outside, inside] = channelPair(pair)
    this.channel = tapped(
      outside,
      (bytes) => tap?.('down', bytes),
      () => this.#closed(),
    )
    // As with pipes: when the child ends its way out, the parent ends the other.
    this.#inside = { ...tapped(inside, (bytes) => tap?.('up', bytes)), close: () => (inside.close(), outside.close()) }
    const neighbour = new Neighbour(this.#inside, jsonCodec(childCodec), {
      onHello: (hello) => {
        if (mute !== true) this.#join(neighbour, hello)
      },
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

  crash(code: number): void {
    this.#die({ code, signal: null, killed: false })
  }

  async say(bytes: Uint8Array): Promise<void> {
    this.#inside.send(bytes)
    await new Promise((resolve) => setImmediate(resolve))
  }

  #join(neighbour: Neighbour, hello: Hello): void {
    neighbour.greet({ host: hello.you, you: hello.host, system: hello.system, pid: 0 })
    const system = new ActorSystem({
      name: hello.system,
      clock: this.#clock,
      askTimeout: undefined,
      host: hello.you,
      up: { neighbour, host: hello.host },
      loader: new MemoryLoader(),
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
    this.#inside.destroy()
    this.channel.destroy()
    // Nobody hears of it any more; but what runs in this thread must not go on.
    void this.system?.children.kill()
  }

  #closed(): void {
    this.system?.waits.keepAlive.end()
    this.#resolve(this.#end ?? { code: 0, signal: null, killed: false })
  }
}

function tapped(channel: Channel, onSend: (bytes: Uint8Array) => void, onClosed?: () => void): Channel {
  return {
    send: (bytes) => {
      onSend(bytes)
      return channel.send(bytes)
    },
    open: (events) =>
      channel.open({
        onData: (chunk) => events.onData(chunk),
        onDrain: () => events.onDrain(),
        onClose: () => {
          events.onClose()
          onClosed?.()
        },
      }),
    close: () => channel.close(),
    destroy: () => channel.destroy(),
  }
}

class MemoryLoader implements Loader {
  readonly #announced = new Set<string>()

  announce(url: string): void {
    this.#announced.add(url)
  }

  async load(url: string, name: string): Promise<unknown> {
    if (!this.#announced.has(url)) throw new NotPortableError({ what: name, problem: 'not announced' })
    return modules.get(url)?.[name]
  }
}
