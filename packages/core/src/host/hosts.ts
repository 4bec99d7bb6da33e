/** The hosts that this one has started: numbered, greeted, and told of to all others when they are gone. */
import { ProtocolError } from '../errors/kinds.js'
import { NOCONNECTION, type Reason } from '../errors/reason.js'
import { portableReason } from '../message/wire-error.js'
import { Neighbour } from '../peer/neighbour.js'
import type { Peer } from '../peer/peer.js'
import type { Router } from '../peer/router.js'
import type { Clock } from '../ports/clock.js'
import type { HostUse, Launcher, Reach } from '../ports/placement.js'
import type { NewEvent } from '../events/observer.js'
import { Overruns } from './overruns.js'
import { StartedHost } from './started-host.js'

/** What the hosts need of the system that starts them. */
export interface HostKeeper {
  readonly host: number
  readonly name: string
  readonly clock: Clock
  readonly router: Router
  readonly root: Peer | undefined
  readonly parentHost: number | undefined
  requestRoot(name: string, value: unknown): Promise<unknown>
  emit(event: NewEvent): void
  hostDown(down: HostDown): void
}

/** A host is gone, for whoever had to do with it. */
export interface HostDown {
  readonly host: number
  readonly reason: Reason
  /** It ended without a word of what it left undone. */
  readonly silent: boolean
  /** Somebody else tells of the crash. */
  readonly reported?: boolean
  /** Its end is told of as its own, not as that of the one actor that it was for. */
  readonly shared?: boolean
}

export class Hosts {
  /** Actors whose time at one message is bounded. */
  readonly overruns: Overruns
  readonly #system: HostKeeper
  readonly #hosts = new Map<number, StartedHost>()
  /** At the root: numbers of hosts that are being started elsewhere, and behind whom. */
  readonly #handedOut = new Map<number, Neighbour>()
  #next = 2

  constructor(system: HostKeeper) {
    this.#system = system
    this.overruns = new Overruns(system)
  }

  get(number: number): StartedHost | undefined {
    return this.#hosts.get(number)
  }

  /** At the root: a number that no host has had. */
  number(): number {
    this.#next += 1
    return this.#next - 1
  }

  /** At the root: a number for a host that somebody behind that neighbour starts. */
  handOut(neighbour: Neighbour): number {
    const number = this.number()
    this.#handedOut.set(number, neighbour)
    // Not every start gets as far as to use its number.
    const [oldest] = this.#handedOut.keys()
    if (this.#handedOut.size > MOST_HANDED_OUT) this.#handedOut.delete(oldest as number)
    return number
  }

  /** At the root: whether the way to that host leads over that neighbour. Told once. */
  isHandedOut(number: number, neighbour: Neighbour): boolean {
    return this.#handedOut.get(number) === neighbour && this.#handedOut.delete(number)
  }

  /** Starts a host. Its hello is awaited by nobody: messages may follow ours at once. */
  async launch(launcher: Launcher<Reach>, label: string, use: HostUse): Promise<StartedHost> {
    const system = this.#system
    const number = system.root === undefined ? this.number() : ((await system.requestRoot('newHost', null)) as number)
    const launch = launcher.launch({ clock: system.clock, label, use })
    const neighbour = new Neighbour(launch.channel, launch.codec, {
      onHello: (hello) => {
        if (hello.host !== number)
          throw new ProtocolError({ peer: label, problem: `it calls itself host ${hello.host}` })
        host.answered()
        system.emit({ type: 'hostUp', id: String(number), host: number, ...placeOf(host) })
      },
      // At once: it would end by itself when it sees its channel end, and tell another story.
      onBroken: (error) => host.broke(error),
      onClose: (error) => {
        if (error !== undefined) host.broke(error)
      },
    })
    neighbour.greet({ host: system.host, you: number, system: system.name, pid: 0 })
    const peer = system.router.connect(number, neighbour)
    peer.label = label
    const { startTimeout } = launcher
    const host = new StartedHost({ number, label, use, startTimeout, peer, neighbour, launch })
    this.#hosts.set(number, host)
    this.#tellRoute(number)
    void host.gone.then((reason) => launch.gone.then((end) => this.#gone(host, reason, end)))
    return host
  }

  /** Has those for several actors stop what is left there, and end. */
  async stop(): Promise<void> {
    const shared = [...this.#hosts.values()].filter(({ use }) => use === 'shared')
    for (const host of shared) host.stop(Infinity)
    await Promise.all(shared.map((host) => host.exited))
  }

  /** Ends what is left of them, and resolves when all are gone. */
  async end(): Promise<void> {
    const hosts = [...this.#hosts.values()]
    for (const host of hosts) host.kill()
    await Promise.all(hosts.map((host) => host.exited))
  }

  /** Each host on the way to the root must know where the new one is, before anything that comes from there. */
  #tellRoute(number: number): void {
    const { router, parentHost } = this.#system
    const parent = parentHost === undefined ? undefined : router.peer(parentHost)
    parent?.note('route', number)
    parent?.flush()
  }

  #gone(host: StartedHost, reason: Reason, end: { code: number | null; signal: string | null }): void {
    const system = this.#system
    const { silent, reported } = host
    const shared = host.use === 'shared'
    this.#hosts.delete(host.number)
    for (const [number, neighbour] of this.#handedOut) if (neighbour === host.neighbour) this.#handedOut.delete(number)
    for (const number of system.router.disconnect(host.neighbour)) {
      const own = number === host.number
      const down = { host: number, reason: own ? reason : NOCONNECTION, silent, reported, shared: shared && own }
      system.hostDown(down)
      const note = { ...down, reason: portableReason(down.reason) }
      for (const peer of system.router.neighbours()) peer.note('hostDown', note)
    }
    const { code, signal } = end
    system.emit({ type: 'hostDown', id: String(host.number), host: host.number, code, signal, ...placeOf(host) })
    host.over(reason)
  }
}

/** Numbers that were handed out and not used; the oldest are taken back. */
const MOST_HANDED_OUT = 4_096

/** As events tell it. */
export function placeOf(where: { readonly pid: number | undefined; readonly threadId: number | undefined }): {
  pid?: number
  threadId?: number
} {
  const { pid, threadId } = where
  return { ...(pid === undefined ? {} : { pid }), ...(threadId === undefined ? {} : { threadId }) }
}
