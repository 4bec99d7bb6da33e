/** Where other systems come in: what listens, and who is in. */
import type { Door, ListenOptions } from '../definition/door.js'
import { expectOptions, expectTimeout, wrongType } from '../errors/expect.js'
import { NotPortableError } from '../errors/kinds.js'
import type { Neighbour } from '../peer/neighbour.js'
import type { Channel } from '../ports/channel.js'
import type { Clock } from '../ports/clock.js'
import type { Endpoint, Listening } from '../ports/endpoint.js'
import type { Loader } from '../ports/loader.js'
import type { StopOptions } from '../ref/actor-ref.js'
import type { Waits } from '../wait/wait.js'
import type { Hello } from '../wire/hello.js'
import { Guest, type Member } from './guest.js'
import type { NewEvent } from '../events/observer.js'

/** What doors need of the system that they lead to. */
export interface Landlord {
  readonly clock: Clock
  readonly waits: Waits
  mustRun(): void
  emit(event: NewEvent): void
  /** Makes this process one of the guest's hosts. */
  join(hello: Hello, neighbour: Neighbour, given: { loader: Loader; onEnding: () => void }): Member
}

export class Doors {
  readonly #landlord: Landlord
  readonly #open = new Set<OpenDoor>()

  constructor(landlord: Landlord) {
    this.#landlord = landlord
  }

  async listen(endpoint: Endpoint, options: ListenOptions = {}): Promise<Door> {
    expectEndpoint(endpoint)
    expectOptions('listen options', options, ['modules'])
    const modules = modulesOf(options, endpoint)
    const door = new OpenDoor(this.#landlord, endpoint, modules, () => this.#open.delete(door))
    await door.open()
    this.#open.add(door)
    try {
      // It may have stopped meanwhile.
      this.#landlord.mustRun()
    } catch (error) {
      await door.stop({ timeout: 0 })
      throw error
    }
    return door
  }

  async stop(timeout: number): Promise<void> {
    await Promise.all([...this.#open].map((door) => door.stop({ timeout })))
  }
}

export function expectEndpoint(endpoint: unknown): void {
  const { listen, connect } = Object(endpoint) as { listen?: unknown; connect?: unknown }
  if (typeof listen === 'function' && typeof connect === 'function') return
  throw wrongType('endpoint', 'a place to meet, such as socket({ path })', endpoint)
}

class OpenDoor implements Door {
  readonly #landlord: Landlord
  readonly #endpoint: Endpoint
  /** URLs of the modules that may be named; all when undefined. */
  readonly #modules: ReadonlySet<string> | undefined
  readonly #onClosed: () => void
  readonly #guests = new Set<Guest>()
  #listening: Listening | undefined
  #stopped: Promise<void> | undefined
  /** Told when the last guest has left. */
  #onEmpty: (() => void) | undefined

  constructor(landlord: Landlord, endpoint: Endpoint, modules: ReadonlySet<string> | undefined, onClosed: () => void) {
    this.#landlord = landlord
    this.#endpoint = endpoint
    this.#modules = modules
    this.#onClosed = onClosed
  }

  get label(): string {
    return this.#listening?.label ?? this.#endpoint.label
  }

  get port(): number | undefined {
    return this.#listening?.port
  }

  get guests(): number {
    return this.#guests.size
  }

  async open(): Promise<void> {
    this.#listening = await this.#endpoint.listen({
      onChannel: (channel, from) => this.#letIn(channel, from),
      onRefused: (error, from) => this.#landlord.emit({ type: 'refused', id: this.label, from, error }),
    })
  }

  stop(options: Pick<StopOptions, 'timeout'> = {}): Promise<void> {
    expectOptions('stop options', options, ['timeout'])
    const { timeout = 5_000 } = options
    expectTimeout('timeout', timeout)
    return (this.#stopped ??= this.#stop(timeout))
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop()
  }

  async #stop(timeout: number): Promise<void> {
    this.#onClosed()
    await this.#listening?.close()
    if (this.#guests.size === 0) return
    const empty = new Promise<void>((resolve) => {
      this.#onEmpty = resolve
    })
    for (const guest of this.#guests) guest.leave(timeout)
    await this.#landlord.waits.bounded(() => `stop() of ${this.label}`, empty)
  }

  #letIn(channel: Channel, from: string): void {
    if (this.#stopped !== undefined) return channel.destroy()
    const loader = restricted(this.#endpoint.loader(), this.#modules, this.label)
    const guest = new Guest({
      channel,
      codec: this.#endpoint.codec,
      clock: this.#landlord.clock,
      join: (hello, neighbour, onEnding) => this.#landlord.join(hello, neighbour, { loader, onEnding }),
      onGone: (error) => {
        this.#guests.delete(guest)
        if (error !== undefined) this.#landlord.emit({ type: 'refused', id: this.label, from, error })
        if (this.#guests.size === 0) this.#onEmpty?.()
      },
    })
    this.#guests.add(guest)
  }
}

function modulesOf({ modules }: ListenOptions, { trusted }: Endpoint): ReadonlySet<string> | undefined {
  if (modules === undefined) return trusted ? undefined : new Set()
  const urls = Array.isArray(modules) ? modules.map((each) => (each as { url?: unknown } | null)?.url) : [undefined]
  if (urls.every((url) => typeof url === 'string')) return new Set(urls)
  throw wrongType('modules', 'a list of remote names', modules)
}

/** `loader`, of these modules only. */
function restricted(loader: Loader, modules: ReadonlySet<string> | undefined, label: string): Loader {
  if (modules === undefined) return loader
  return {
    announce: (url) => {
      if (modules.has(url)) loader.announce(url)
    },
    load: async (url, name) => {
      if (modules.has(url)) return loader.load(url, name)
      throw new NotPortableError({
        what: `'${name}' of ${url}`,
        problem: `${label} lets nobody load that module`,
        cure: 'Name it there in the `modules` of listen(), or find what runs there by whereis()',
      })
    },
  }
}
