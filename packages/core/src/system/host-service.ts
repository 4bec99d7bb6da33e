/** What hosts of one system ask of each other. A request of the wrong shape fails alone. */
import { isDefinition } from '../definition/define.js'
import { AbortError, NotPortableError, ProtocolError } from '../errors/kinds.js'
import { NOPROC, type Reason } from '../errors/reason.js'
import type { Asker } from '../message/envelope.js'
import { portableReason } from '../message/wire-error.js'
import type { Peer } from '../peer/peer.js'
import { type Ref, targetOf } from '../ref/ref.js'
import type { Cell } from '../actor/cell.js'
import type { Resident } from '../peer/resident.js'
import type { Router } from '../peer/router.js'
import type { SystemEvent } from '../definition/system.js'
import type { HostDown, Hosts } from './hosts.js'
import type { Loader } from '../ports/loader.js'
import type { Members } from './members.js'
import type { Names } from './names.js'
import { giveName } from './naming.js'
import type { Spawner } from './spawner.js'
import { toWireRef } from './wire-ref.js'

/** What the services need of the system that offers them. */
export interface Served {
  /** The system that this host's own system has come into. */
  readonly landlord: { whereis(name: string): Promise<unknown> } | undefined
  readonly loader: Loader | undefined
  readonly parentHost: number | undefined
  readonly hosts: Hosts
  readonly names: Names
  readonly members: Members
  readonly router: Router
  readonly spawner: Spawner
  resident(actor: number): Resident | undefined
  hostDown(down: HostDown): void
  readonly observer: { relay(event: SystemEvent): void }
  /** This host is about to end. */
  ending(reason: Reason): void
  /** The parent has this host stop. */
  leave(): void
}

type Service = (peer: Peer, value: any, asker: Asker | undefined) => unknown

export class HostService {
  readonly #system: Served
  /** The one actor that this host lives for. */
  #sole: number | undefined
  /** What lives here for hosts that spawned it: it ends with them. */
  readonly #spawnedFor = new Map<number, Set<Cell>>()
  #crashing = false

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
    void (async () => service(peer, value, asker))().then(
      (result) => asker?.resolve(result),
      (error: unknown) => asker?.reject(error),
    )
  }

  readonly #services: Record<string, Service> = {
    spawn: (peer: Peer, request: SpawnRequest, asker: Asker | undefined) => this.#spawn(peer, request, asker),
    watch: (peer: Peer, actor: number) => this.#watch(peer, actor),
    down: (peer: Peer, { actor, reason }: { actor: number; reason: Reason }) => peer.actorDown(actor, reason),
    drain: (_: Peer, { actor, timeout }: { actor: number; timeout: number }) =>
      this.#system.resident(actor)?.stop({ drain: true, timeout: timeout === -1 ? Infinity : timeout }),
    announce: (peer: Peer, url: string) => this.#announce(peer, url),
    ended: (peer: Peer, reason: Reason) => this.#system.hosts.get(peer.host)?.lastWords(reason),
    stop: (peer: Peer) => this.#stop(peer),
    hostDown: (peer: Peer, down: HostDown) => this.#hostDown(peer, down),
    route: (peer: Peer, host: number) => this.#route(peer, host),
    newHost: () => this.#system.hosts.number(),
    event: (_: Peer, event: any) => this.#system.observer.relay(event),
    lookup: (_: Peer, name: string) => this.#system.landlord?.whereis(String(name)),
    whereis: (_: Peer, name: string) => this.#system.names.find(String(name)),
    claim: (peer: Peer, name: string) => this.#system.names.claim(String(name), peer.host),
    give: (_: Peer, { name, ref }: { name: string; ref: Ref }) => giveName(this.#system.names, String(name), ref),
    release: (_: Peer, name: string) => this.#system.names.release(String(name)),
    join: (peer: Peer, request: unknown) => {
      const { group, ref } = membership(peer, request)
      this.#system.members.join(group, ref)
    },
    leave: (peer: Peer, request: unknown) => {
      const { group, ref } = membership(peer, request)
      this.#system.members.leave(group, ref.id)
    },
    members: (peer: Peer, group: unknown) => {
      if (typeof group === 'string') return this.#system.members.of(group)
      throw new ProtocolError({ peer: `host ${peer.host}`, problem: 'a question for the members of no group' })
    },
  }

  async #spawn(peer: Peer, request: SpawnRequest, asker: Asker | undefined): Promise<void> {
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
    // Given up while its module was loaded.
    if (asker?.abandoned === true) throw new AbortError({ what: `spawn of ${request.export}` })
    const { input, name, parent } = request
    const cell = await this.#system.spawner.startFor({ behaviour, input, name, parent }, (starting) => {
      if (request.sole === true) this.#liveFor(starting)
      else this.#keepFor(peer, starting, asker)
    })
    // The news of its end, which may have come already, must not overtake this answer.
    asker?.resolve(toWireRef(cell))
    this.#watch(peer, cell.address.actor, cell)
  }

  /** This host ends with that actor. */
  #liveFor(cell: Cell): void {
    this.#sole = cell.address.actor
    cell.onEnd((reason) => this.#system.ending(reason))
  }

  /** An actor among others: given up while it starts, or without the host that spawned it, it ends alone. */
  #keepFor(peer: Peer, cell: Cell, asker: Asker | undefined): void {
    if (asker !== undefined) asker.onAbandon = () => cell.kill()
    const cells = this.#spawnedFor.get(peer.host) ?? new Set()
    this.#spawnedFor.set(peer.host, cells.add(cell))
    cell.onEnd(() => cells.delete(cell))
  }

  /** This host is about to end by an error: that end, with its reason, is the news of its actors. */
  crash(): void {
    this.#crashing = true
  }

  /** That host is gone. */
  forsakenBy(host: number): void {
    for (const cell of [...(this.#spawnedFor.get(host) ?? [])]) cell.kill()
    this.#spawnedFor.delete(host)
  }

  #watch(peer: Peer, actor: number, resident = this.#system.resident(actor)): void {
    // The end of a host's only actor is told by the end of the host.
    if (actor === this.#sole) return
    if (resident === undefined) return peer.note('down', { actor, reason: NOPROC })
    resident.onEnd((reason) => {
      if (!this.#crashing) peer.note('down', { actor, reason: portableReason(reason) })
    })
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

  #stop(peer: Peer): void {
    if (!this.#isParent(peer))
      throw new ProtocolError({ peer: `host ${peer.host}`, problem: 'only a parent stops a host' })
    this.#system.leave()
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

/** What a join or a leave is about. Throws ProtocolError for what no host of ours sends. */
function membership(peer: Peer, request: unknown): { group: string; ref: Ref } {
  const { group, ref } = Object(request) as { group?: unknown; ref?: unknown }
  if (typeof group === 'string' && targetOf(ref) !== undefined) return { group, ref: ref as Ref }
  throw new ProtocolError({ peer: `host ${peer.host}`, problem: 'a membership without a group or a ref' })
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
