/** The hosts that this one has started: numbered, greeted, and told of to all others when they are gone. */
import { ProtocolError } from '../errors/kinds.js'
import { NOCONNECTION, type Reason } from '../errors/reason.js'
import { portableReason } from '../message/wire-error.js'
import { Neighbour } from '../peer/neighbour.js'
import type { Peer } from '../peer/peer.js'
import type { Router } from '../peer/router.js'
import type { Clock } from '../ports/clock.js'
import type { Launcher } from '../ports/placement.js'
import { Host } from './host.js'
import type { NewEvent } from './observer.js'

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
}

export class Hosts {
  readonly #system: HostKeeper
  readonly #hosts = new Map<number, Host>()
  #next = 2

  constructor(system: HostKeeper) {
    this.#system = system
  }

  get(number: number): Host | undefined {
    return this.#hosts.get(number)
  }

  /** At the root: a number that no host has had. */
  number(): number {
    this.#next += 1
    return this.#next - 1
  }

  /** Starts a host. Its hello is awaited by nobody: messages may follow ours at once. */
  async launch(launcher: Launcher, label: string): Promise<Host> {
    const system = this.#system
    const number = system.root === undefined ? this.number() : ((await system.requestRoot('newHost', null)) as number)
    const launch = launcher.launch({ clock: system.clock, label })
    const neighbour = new Neighbour(launch.channel, launch.codec, {
      onHello: (hello) => {
        if (hello.host !== number)
          throw new ProtocolError({ peer: label, problem: `it calls itself host ${hello.host}` })
        launch.greeted()
        system.emit({ type: 'hostUp', id: String(number), host: number, ...pidOf(launch.pid) })
      },
      onClose: (error) => {
        if (error !== undefined) host.broke(error)
      },
    })
    neighbour.greet({ host: system.host, you: number, system: system.name, pid: 0 })
    const peer = system.router.connect(number, neighbour)
    peer.label = label
    const host = new Host({ number, peer, neighbour, launch })
    this.#hosts.set(number, host)
    if (system.parentHost !== undefined) system.router.peer(system.parentHost)?.note('route', number)
    void host.gone.then((reason) => launch.gone.then((end) => this.#gone(host, reason, end)))
    return host
  }

  /** Ends what is left of them, and resolves when all are gone. */
  async end(): Promise<void> {
    const hosts = [...this.#hosts.values()]
    for (const host of hosts) host.kill()
    await Promise.all(hosts.map((host) => host.gone))
  }

  #gone(host: Host, reason: Reason, end: { code: number | null; signal: string | null }): void {
    const system = this.#system
    this.#hosts.delete(host.number)
    const lost = system.router.disconnect(host.neighbour)
    for (const number of lost) {
      const why = number === host.number ? reason : NOCONNECTION
      const { silent } = host
      system.hostDown({ host: number, reason: why, silent, reported: host.reportsTo?.observed === true })
      for (const peer of system.router.neighbours())
        peer.note('hostDown', { host: number, reason: portableReason(why), silent })
    }
    const { code, signal } = end
    system.emit({ type: 'hostDown', id: String(host.number), host: host.number, code, signal, ...pidOf(host.pid) })
  }
}

const pidOf = (pid: number | undefined): { pid?: number } => (pid === undefined ? {} : { pid })
