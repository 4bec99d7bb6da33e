/** What hosts of one system ask of each other. A request of the wrong shape fails alone. */
import { isDefinition } from '../definition/define.js'
import { AbortError, NotPortableError, ProtocolError } from '../errors/kinds.js'
import { NOPROC, type Reason } from '../errors/reason.js'
import type { Asker } from '../message/envelope.js'
import { ROOT_HOST } from '../message/address.js'
import { portableReason } from '../message/wire-error.js'
import type { Peer } from '../peer/peer.js'
import { type Ref, targetOf } from '../ref/ref.js'
import type { Target, Watcher } from '../ref/target.js'
import type { Cell } from '../actor/cell.js'
import type { Resident } from '../peer/resident.js'
import { processRecord } from '../process/record.js'
import type { Router } from '../peer/router.js'
import type { SystemEvent } from '../definition/system.js'
import type { HostDown, Hosts } from '../host/hosts.js'
import type { Loader } from '../ports/loader.js'
import type { Members } from '../registry/members.js'
import type { Names } from '../registry/names.js'
import { giveName } from '../spawn/naming.js'
import { GuestLinks } from './guest-links.js'
import * as requests from './requests.js'
import type { Spawner } from '../spawn/spawner.js'
import { toStarted } from '../ref/wire-ref.js'

/** What the services need of the system that offers them. */
export interface Served {
  /** The system that this host's own system has come into. */
  readonly landlord: { whereis(name: string): Promise<unknown> } | undefined
  readonly loader: Loader | undefined
  readonly host: number
  readonly parentHost: number | undefined
  /** The way to the root; undefined at the root itself. */
  readonly root: Peer | undefined
  readonly hosts: Hosts
  readonly names: Names
  readonly members: Members
  readonly router: Router
  readonly spawner: Spawner
  resident(actor: number): Resident | undefined
  refOf(target: Target): Ref
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
  /** Who is watched from which host: told of once, however often it asks. */
  readonly #watchedFrom = new Map<number, Map<number, { readonly tell: Watcher; readonly off: () => void }>>()
  readonly #guestLinks = new GuestLinks()
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
    spawn: (peer, request, asker) => this.#spawn(peer, requests.readSpawn(request), asker),
    watch: (peer, actor) => this.#watch(peer, requests.readNumber(actor)),
    down: (peer, news) => {
      const { actor, reason } = requests.readDown(news)
      peer.actorDown(actor, reason)
    },
    link: (peer, request) => this.#link(peer, this.#readLink(peer, request)),
    unlink: (peer, request, asker) => this.#unlink(peer, request, asker),
    drain: (_, request) => {
      const { actor, timeout } = requests.readDrain(request)
      this.#system.resident(actor)?.stop({ drain: true, timeout })
    },
    announce: (peer, url) => {
      this.#mustBeParent(peer, 'announces modules')
      this.#system.loader?.announce(requests.readText(url))
    },
    busy: (peer, actor) => this.#system.hosts.overruns.reported(peer.host, requests.readNumber(actor), 'busy'),
    idle: (peer, actor) => this.#system.hosts.overruns.reported(peer.host, requests.readNumber(actor), 'idle'),
    ended: (peer, reason) => this.#system.hosts.get(peer.host)?.lastWords(requests.readReason(reason)),
    stop: (peer) => {
      this.#mustBeParent(peer, 'stops a host')
      this.#system.leave()
    },
    hostDown: (peer, down) => this.#hostDown(peer, requests.readHostDown(down)),
    route: (peer, host) => this.#route(peer, requests.readNumber(host)),
    life: (_, actor) => this.#lifeOf(requests.readNumber(actor)),
    lookup: (_, name) => this.#system.landlord?.whereis(requests.readText(name)),
    newHost: this.#atRoot((peer) => this.#system.hosts.handOut(peer.neighbour)),
    event: this.#atRoot((peer, event) => this.#system.observer.relay(requests.readEvent(event, peer.host))),
    whereis: this.#atRoot((_, name) => this.#system.names.find(requests.readText(name))),
    claim: this.#atRoot((peer, name) => this.#system.names.claim(requests.readText(name), peer.host)),
    give: this.#atRoot((peer, request) => this.#give(peer, requests.readNamed(request))),
    release: this.#atRoot((peer, name) => this.#system.names.release(requests.readText(name), peer.host)),
    join: this.#atRoot((_, request) => {
      const { group, ref } = requests.readMembership(request)
      this.#system.members.join(group, ref)
    }),
    leave: this.#atRoot((_, request) => {
      const { group, ref } = requests.readMembership(request)
      this.#system.members.leave(group, ref.id)
    }),
    members: this.#atRoot((_, group) => this.#system.members.of(requests.readText(group))),
  }

  /** What the root keeps for all hosts: nobody has another host keep anything. */
  #atRoot(service: Service): Service {
    return (peer, value, asker) => {
      if (this.#system.root === undefined) return service(peer, value, asker)
      throw new ProtocolError({ peer: `host ${peer.host}`, problem: 'a request that is for the root' })
    }
  }

  async #spawn(peer: Peer, request: requests.SpawnRequest, asker: Asker | undefined): Promise<void> {
    const { loader } = this.#system
    if (loader === undefined) {
      throw new NotPortableError({
        what: request.export,
        problem: 'this host loads nothing',
        cure: 'spawn it on another',
      })
    }
    if (this.#isParent(peer)) loader.announce(request.url)
    if (request.sole !== true) processRecord().shared = true
    const behaviour = await loader.load(request.url, request.export)
    if (!isDefinition(behaviour)) {
      const problem = `the export '${request.export}' of ${request.url} is no actor`
      throw new NotPortableError({ what: request.export, problem, cure: 'Make it with defineActor()' })
    }
    // Given up while its module was loaded.
    if (asker?.abandoned === true) throw new AbortError({ what: `spawn of ${request.export}` })
    const { input, name, parent, child, incarnation, handover } = request
    const given = { behaviour, input, name, parent, child, incarnation, handover }
    const cell = await this.#system.spawner.startFor(given, (starting) => {
      if (request.sole === true) this.#liveFor(starting)
      else this.#keepFor(peer, starting, asker)
    })
    if (cell === undefined) return asker?.resolve(null)
    // The news of its end, which may have come already, must not overtake this answer.
    asker?.resolve(toStarted(cell))
    if (request.maxRunTime !== undefined) this.#system.hosts.overruns.report(cell, peer, request.maxRunTime)
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
    for (const { off } of this.#watchedFrom.get(host)?.values() ?? []) off()
    this.#watchedFrom.delete(host)
  }

  #watch(peer: Peer, actor: number, resident = this.#system.resident(actor)): void {
    // The end of a host's only actor is told by the end of the host.
    if (actor === this.#sole) return
    if (resident === undefined) return peer.note('down', { actor, reason: NOPROC })
    const watched = this.#watchedFrom.get(peer.host) ?? new Map<number, { tell: Watcher; off: () => void }>()
    if (watched.has(actor)) return
    const tell: Watcher = (reason) => {
      // The root first, whoever has asked before it: there names and groups are free before anybody can look.
      if (peer.host !== ROOT_HOST) this.#watchedFrom.get(ROOT_HOST)?.get(actor)?.tell(reason)
      if (!watched.delete(actor) || this.#crashing) return
      peer.note('down', { actor, reason: portableReason(reason) })
      if (peer.host === ROOT_HOST) peer.flush()
    }
    this.#watchedFrom.set(peer.host, watched.set(actor, { tell, off: () => resident.offEnd(tell) }))
    resident.onEnd(tell)
  }

  #link(peer: Peer, { actor, by }: requests.LinkRequest): void {
    const resident = this.#system.resident(actor)
    if (resident === undefined) return
    try {
      if (this.#system.landlord !== undefined) this.#guestLinks.add(peer, resident, by)
      resident.linkedBy(by, true)
    } catch (error) {
      peer.neighbour.refuse(error as ProtocolError)
    }
  }

  /** Answered within the call where that can be: what is told of links afterwards must not overtake the answer. */
  #unlink(peer: Peer, request: unknown, asker: Asker | undefined): Promise<void> {
    const { actor, by } = this.#readLink(peer, request)
    return new Promise((resolve) => {
      const heard = (): void => {
        asker?.resolve(undefined)
        resolve()
      }
      const resident = this.#system.resident(actor)
      if (resident === undefined) return heard()
      this.#guestLinks.delete(resident, by)
      resident.linkedBy(by, false, heard)
    })
  }

  /** Each host speaks of its own actors. */
  #readLink(peer: Peer, request: unknown): requests.LinkRequest {
    const linking = requests.readLink(request)
    const { address, home } = linking.by
    if (address.host === peer.host && home === this.#system) return linking
    throw new ProtocolError({ peer: `host ${peer.host}`, problem: 'a link by an actor that lives elsewhere' })
  }

  /** Each host on the way to the root must know where the new one is. */
  #route(peer: Peer, host: number): void {
    const { router, parentHost, hosts, root } = this.#system
    const parent = parentHost === undefined ? undefined : router.peer(parentHost)
    if (parent?.neighbour === peer.neighbour || (root === undefined && !hosts.isHandedOut(host, peer.neighbour))) {
      throw new ProtocolError({ peer: `host ${peer.host}`, problem: `a way to host ${host}, which is none of its own` })
    }
    router.learn(host, peer.neighbour)
    parent?.note('route', host)
    // Before anything that comes from there.
    parent?.flush()
  }

  /** Hosts form a tree: what one neighbour tells is passed on to all others, and so reaches everybody once. */
  #hostDown(peer: Peer, down: HostDown): void {
    const { router } = this.#system
    if (!router.leads(peer.neighbour, down.host) || down.host === this.#system.host) return
    this.#system.hostDown(down)
    for (const other of router.neighbours()) {
      if (other.neighbour !== peer.neighbour) other.note('hostDown', down)
    }
  }

  /** To an actor that lives there, or behind. */
  #give(peer: Peer, { name, ref, life }: { name: string; ref: Ref; life: Ref }): void {
    const { router, names } = this.#system
    const target = targetOf(life)
    if (target === undefined || target.ended !== undefined) return names.release(name, peer.host)
    if (!router.leads(peer.neighbour, target.address.host) || target.home !== this.#system) {
      throw new ProtocolError({ peer: `host ${peer.host}`, problem: 'a name for an actor that lives elsewhere' })
    }
    names.mustBeClaimedBy(name, peer.host)
    giveName(names, name, ref, life)
  }

  /** Of the actor that stands here under that number; null between two lives. */
  async #lifeOf(actor: number): Promise<Ref | null> {
    const life = await this.#system.resident(actor)?.stable?.lifeNow?.()
    return life === undefined ? null : this.#system.refOf(life)
  }

  #mustBeParent(peer: Peer, does: string): void {
    if (!this.#isParent(peer)) throw new ProtocolError({ peer: `host ${peer.host}`, problem: `only a parent ${does}` })
  }

  #isParent(peer: Peer): boolean {
    return peer.host === this.#system.parentHost
  }
}
