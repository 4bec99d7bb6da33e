/** Starts actors in other hosts: in one of their own, which lives and ends with them, or in one that others share. */
import { readMaxRunTime } from '../actor/run-time.js'
import { ActorDownError } from '../errors/kinds.js'
import { KILLED } from '../errors/reason.js'
import type { Launcher, Reach } from '../ports/placement.js'
import type { Ref } from '../ref/ref.js'
import type { Target } from '../ref/target.js'
import type { Waits } from '../wait/wait.js'
import type { Family } from './family.js'
import type { Hosts } from '../host/hosts.js'
import type { Naming } from './naming.js'
import { SpawnRequest } from './spawn-request.js'
import type { StartOptions } from './start-options.js'
import type { StartedHost } from '../host/started-host.js'
import { Starting } from '../host/starting.js'
import { readMailbox, readWireRef } from '../ref/wire-ref.js'

/** An actor's module and export. */
export interface ActorName {
  readonly url: string
  readonly export: string
}

/** What starting elsewhere needs of the system. */
export interface RemoteSpawning {
  readonly waits: Waits
  readonly hosts: Hosts
  refOf(target: Target): Ref
}

/** One start, as both kinds of host need it. */
interface Start {
  readonly actor: ActorName
  readonly input: unknown
  readonly options: StartOptions
  readonly label: string
  readonly family: Family
  readonly starting: Starting
}

export class RemoteSpawner {
  readonly #system: RemoteSpawning
  readonly #naming: Naming

  constructor(system: RemoteSpawning, naming: Naming) {
    this.#system = system
    this.#naming = naming
  }

  /** `place` is a launcher, or a host that has been launched. */
  async start(
    actor: ActorName,
    input: unknown,
    options: StartOptions,
    place: Launcher<Reach> | StartedHost,
    family: Family,
  ): Promise<Target | undefined> {
    const { name, title = name } = options
    const label = title ?? `${actor.export} of ${actor.url}`
    if (name !== undefined) {
      await this.#naming.claim(name)
      this.#naming.mustBeWanted(name, family.parent)
    }
    const starting = new Starting()
    family.children.add(starting)
    const start = { actor, input, options, label, family, starting }
    try {
      const target = await ('launch' in place ? this.#inItsOwn(place, start) : this.#inShared(place, start))
      if (target === undefined && name !== undefined) this.#naming.release(name)
      return target
    } catch (error) {
      if (name !== undefined) this.#naming.release(name)
      throw error
    }
  }

  async #inItsOwn(launcher: Launcher<Reach>, start: Start): Promise<Target | undefined> {
    try {
      const host = await this.#system.hosts.launch(launcher, start.label, 'sole')
      host.reportsTo = start.options.reportsTo
      start.starting.onKill(() => host.kill())
      try {
        const target = await this.#settle(start, this.#request(host, start))
        // It ends by itself when there is nobody to live for.
        if (target === undefined) await host.gone
        return target
      } catch (error) {
        host.kill()
        await host.gone
        throw error
      }
    } finally {
      start.starting.end()
    }
  }

  async #inShared(host: StartedHost, start: Start): Promise<Target | undefined> {
    const { starting, label } = start
    let over: Promise<unknown> = Promise.resolve()
    try {
      if (host.ending !== undefined) throw new ActorDownError(host.ending, { actor: host.label })
      const request = this.#request(host, start)
      starting.onKill(() => request.giveUp(new ActorDownError(KILLED, { actor: label })))
      try {
        return await this.#settle(start, request)
      } catch (error) {
        over = request.answered.then(endLate)
        throw error
      }
    } finally {
      void over.then(() => starting.end())
    }
  }

  #request(host: StartedHost, { actor, input, options, label, family }: Start): SpawnRequest {
    const { url, export: exported } = actor
    const { name, title = name, announce = [] } = options
    const maxRunTime = readMaxRunTime(options.maxRunTime)
    const request = new SpawnRequest(this.#system.waits, {
      what: () => `spawn of ${label}`,
      options,
      timeout: host.startTimeout,
      read: (answer) => {
        const given = readWireRef(answer)
        if (host.peer.soleKeeper !== undefined) host.peer.soleKeeper.actor = given.address.actor
        const target = host.peer.target(given.address, { ...given, ...readMailbox(answer), name: title, watched: true })
        if (maxRunTime !== undefined)
          this.#system.hosts.overruns.watch(host, target, { name: title, child: options.life?.child, maxRunTime })
        return target
      },
    })
    for (const module of announce) host.peer.announce(module)
    const [parent, sole] = [family.parent?.ref, host.use === 'sole']
    const { child, incarnation, handover } = options.life ?? {}
    const life = child === undefined ? {} : { child, incarnation, handover }
    host.peer.request(
      'spawn',
      { url, export: exported, input, name: title, parent, sole, maxRunTime, ...life },
      request,
    )
    return request
  }

  /** Undefined when its init returned `ignore`. */
  async #settle({ options, family, starting }: Start, request: SpawnRequest): Promise<Target | undefined> {
    const { children, linked } = family
    const target = await request.given
    if (target === undefined) return undefined
    const { name, life } = options
    if (name !== undefined) {
      const ref = this.#system.refOf(target)
      await this.#naming.give(name, life?.lasting ?? ref, ref)
    }
    children.replace(starting, target)
    if (linked) children.link(target)
    return target
  }
}

/** It came up after all, when nobody wanted it any more. */
async function endLate(target: Target | undefined): Promise<void> {
  target?.kill()
  await target?.exited
}
