/** What hosts of one system ask of each other. A request of the wrong shape fails alone. */
import { isDefinition } from '../definition/define.js'
import { NotPortableError, ProtocolError } from '../errors/kinds.js'
import { NOPROC, type Reason } from '../errors/reason.js'
import type { Asker } from '../message/envelope.js'
import { portableReason } from '../message/wire-error.js'
import type { Peer } from '../peer/peer.js'
import { type Ref, targetOf } from '../ref/ref.js'
import type { Cell } from '../actor/cell.js'
import type { Router } from '../peer/router.js'
import type { SystemEvent } from '../definition/system.js'
import type { HostDown, Hosts } from './hosts.js'
import type { Loader } from './loader.js'
import type { Names } from './names.js'
import type { Spawner } from './spawner.js'
import { toWireRef } from './wire-ref.js'

/** What the services need of the system that offers them. */
export interface Served {
  readonly loader: Loader | undefined
  readonly parentHost: number | undefined
  readonly hosts: Hosts
  readonly names: Names
  readonly router: Router
  readonly spawner: Spawner
  cell(actor: number): Cell | undefined
  hostDown(down: HostDown): void
  relay(event: SystemEvent): void
  /** The only actor of this host has ended, and the host with it. */
  soleEnded(reason: Reason): void
}

type Service = (peer: Peer, value: any) => unknown

export class HostService {
  readonly #system: Served
  /** The one actor that this host lives for. */
  #sole: number | undefined

  constructor(system: Served) {
    this.#system = system
  }

  /** Answers with what the service returns or throws, when somebody asked. */
  serve(peer: Peer, name: string, value: unknown, asker: Asker | undefined): void {
    const service = Object.hasOwn(this.#services, name) ? this.#services[name] : undefined
    if (service === undefined) {
      asker?.reject(new ProtocolError({ peer: `host ${peer.host}`, problem: `a request called '${name}'` }))
      return
    }
    void (async () => service(peer, value))().then(
      (result) => asker?.resolve(result),
      (error: unknown) => asker?.reject(error),
    )
  }

  readonly #services: Record<string, Service> = {
    spawn: (peer: Peer, request: SpawnRequest) => this.#spawn(peer, request),
    watch: (peer: Peer, actor: number) => this.#watch(peer, actor),
    down: (peer: Peer, { actor, reason }: { actor: number; reason: Reason }) => peer.actorDown(actor, reason),
    drain: (_: Peer, { actor, timeout }: { actor: number; timeout: number }) =>
      this.#system.cell(actor)?.stop({ drain: true, timeout: timeout === -1 ? Infinity : timeout }),
    announce: (peer: Peer, url: string) => this.#announce(peer, url),
    ended: (peer: Peer, reason: Reason) => this.#system.hosts.get(peer.host)?.ending(reason),
    hostDown: (peer: Peer, down: HostDown) => this.#hostDown(peer, down),
    route: (peer: Peer, host: number) => this.#route(peer, host),
    newHost: () => this.#system.hosts.number(),
    event: (_: Peer, event: any) => this.#system.relay(event),
    whereis: (_: Peer, name: string) => this.#system.names.find(String(name)),
    claim: (peer: Peer, name: string) => this.#system.names.claim(String(name), peer.host),
    give: (_: Peer, { name, ref }: { name: string; ref: Ref }) => this.#give(String(name), ref),
    release: (_: Peer, name: string) => this.#system.names.release(String(name)),
  }

  async #spawn(peer: Peer, request: SpawnRequest): Promise<unknown> {
    const { loader } = this.#system
    if (loader === undefined) {
      throw new NotPortableError({
        what: request.export,
        problem: 'this host loads nothing',
        cure: 'spawn it on another',
      })
    }
    if (this.#isParent(peer)) loader.announce(request.url)
    const behaviour = await loader.load(request.url, request.export)
    if (!isDefinition(behaviour)) {
      const problem = `the export '${request.export}' of ${request.url} is no actor`
      throw new NotPortableError({ what: request.export, problem, cure: 'Make it with defineActor()' })
    }
    const { input, name, parent } = request
    const cell = await this.#system.spawner.startFor({ behaviour, input, name, parent }, (starting) => {
      if (request.sole !== true) return
      this.#sole = starting.address.actor
      starting.onEnd((reason) => this.#system.soleEnded(reason))
    })
    return toWireRef(cell)
  }

  #watch(peer: Peer, actor: number): void {
    // The end of a host's only actor is told by the end of the host.
    if (actor === this.#sole) return
    const cell = this.#system.cell(actor)
    if (cell === undefined) peer.note('down', { actor, reason: NOPROC })
    else cell.onEnd((reason) => peer.note('down', { actor, reason: portableReason(reason) }))
  }

  /** The name of an actor elsewhere is free again once that has ended; its host may live on. */
  #give(name: string, ref: Ref): void {
    this.#system.names.give(name, ref)
    targetOf(ref)?.onEnd(() => this.#system.names.free(ref.id))
  }

  /** Each host on the way to the root must know where the new one is. */
  #route(peer: Peer, host: number): void {
    const { router, parentHost } = this.#system
    router.learn(host, peer.neighbour)
    const parent = parentHost === undefined ? undefined : router.peer(parentHost)
    parent?.note('route', host)
    // Before anything that comes from there.
    parent?.flush()
  }

  /** Hosts form a tree: what one neighbour tells is passed on to all others, and so reaches everybody once. */
  #hostDown(peer: Peer, down: HostDown): void {
    const { router } = this.#system
    if (!router.leads(peer.neighbour, down.host)) return
    this.#system.hostDown(down)
    for (const other of router.neighbours()) {
      if (other.neighbour !== peer.neighbour) other.note('hostDown', down)
    }
  }

  #announce(peer: Peer, url: string): void {
    if (!this.#isParent(peer))
      throw new ProtocolError({ peer: `host ${peer.host}`, problem: 'only a parent announces modules' })
    this.#system.loader?.announce(url)
  }

  #isParent(peer: Peer): boolean {
    return peer.host === this.#system.parentHost
  }
}

interface SpawnRequest {
  readonly url: string
  readonly export: string
  readonly input: unknown
  readonly name?: string
  readonly parent?: Ref
  /** The host lives for this actor alone, and ends with it. */
  readonly sole?: boolean
}
