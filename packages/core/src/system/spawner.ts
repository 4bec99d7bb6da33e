/** Starts actors, here or elsewhere, and ties each to whoever spawned it. */
import type { Cell } from '../actor/cell.js'
import type { Children } from '../actor/children.js'
import { type Behaviour, isDefinition } from '../definition/define.js'
import type { Spawn, SpawnOptions } from '../definition/spawn.js'
import { expectOptions, expectString, wrongType } from '../errors/expect.js'
import { ActorDownError, NotPortableError } from '../errors/kinds.js'
import { KILLED, NORMAL, SHUTDOWN } from '../errors/reason.js'
import type { Launcher, Placement } from '../ports/placement.js'
import { Ask } from '../ref/ask.js'
import type { Ref } from '../ref/ref.js'
import type { Target } from '../ref/target.js'
import type { Waits } from '../wait/wait.js'
import type { Peer } from '../peer/peer.js'
import type { Hosts } from './hosts.js'
import type { Names } from './names.js'
import type { NewEvent } from './observer.js'
import { Starting } from './starting.js'
import { readWireRef } from './wire-ref.js'

/** How a remote name says where it lives when nobody else does. */
export const DEFAULT_PLACEMENT: unique symbol = Symbol.for('@troupe/placement') as never

interface RemoteName {
  readonly url: string
  readonly export: string
  readonly [DEFAULT_PLACEMENT]?: () => Placement
}

/** Whose child the new actor is, and whether the two are linked. */
interface Family {
  readonly parent: Cell | undefined
  readonly children: Children
  readonly linked: boolean
}

/** Spawn options, and what only Troupe's own packages may say. */
export interface StartOptions extends SpawnOptions {
  /** What it is called in listings and errors, without being a name that others find it by. Default: the name. */
  readonly title?: string
  /** Modules that its init loads. */
  readonly announce?: readonly string[]
  /** Tells of its crash in the system's place, while somebody listens there. */
  readonly reportsTo?: { readonly observed: boolean }
}

/** What the spawner needs of its system. */
export interface Spawning {
  readonly host: number
  readonly pid: number | undefined
  readonly waits: Waits
  readonly hosts: Hosts
  readonly names: Names
  readonly root: Peer | undefined
  readonly children: Children
  mustRun(): void
  newCell(behaviour: Behaviour, name: string | undefined, parent: Ref | undefined): Cell
  refOf(target: Target): Ref
  requestRoot(name: string, value: unknown): Promise<unknown>
  emit(event: NewEvent): void
}

export class Spawner {
  readonly #system: Spawning

  constructor(system: Spawning) {
    this.#system = system
  }

  /** The `spawn` of one parent; of the system itself for undefined. */
  spawnFor(parent: Cell | undefined): Spawn {
    const spawn = async (actor: unknown, input?: unknown, options: SpawnOptions = {}): Promise<Ref> => {
      this.#system.mustRun()
      expectOptions('spawn options', options, ['name', 'on', 'timeout', 'signal'])
      if (options.name !== undefined) expectString('name', options.name)
      const target = await this.start(actor, input, options, parent)
      if (target === undefined) throw new ActorDownError(NORMAL, { actor: 'the actor, whose init returned ignore,' })
      return this.#system.refOf(target)
    }
    return spawn as Spawn
  }

  /** The target of the started actor; undefined when its init returned `ignore`. */
  async start(
    actor: unknown,
    input: unknown,
    options: StartOptions,
    parent: Cell | undefined,
    linked = true,
  ): Promise<Target | undefined> {
    mustLive(parent)
    const on = options.on as Placement | undefined
    const family = { parent, children: parent?.children ?? this.#system.children, linked }
    if (isDefinition(actor)) {
      if (on !== undefined && on.reach !== 'here') throw localElsewhere('an actor definition')
      return this.#startHere(actor, input, options, family)
    }
    if (!isRemoteName(actor)) throw notAnActor(actor)
    const placement = on ?? actor[DEFAULT_PLACEMENT]?.()
    if (!isLauncher(placement)) throw wrongType('on', 'a placement such as childProcess()', placement)
    return this.#startElsewhere(actor, input, options, placement, family)
  }

  /** For a peer that spawns in this host; it has taken the name. `onCell` is told before `init` runs. */
  async startFor(
    given: { behaviour: Behaviour; input: unknown; name: string | undefined; parent: Ref | undefined },
    onCell: (cell: Cell) => void,
  ): Promise<Cell> {
    const cell = this.#system.newCell(given.behaviour, given.name, given.parent)
    this.#system.children.add(cell)
    onCell(cell)
    this.#announce(cell)
    if (await cell.start(given.input)) return cell
    throw new ActorDownError(NORMAL, { actor: 'the actor, whose init returned ignore,' })
  }

  /** For an actor of Troupe's own: it is there at once, and started meanwhile. */
  startOwn(behaviour: Behaviour, title: string): { cell: Cell; started: Promise<boolean> } {
    const cell = this.#system.newCell(behaviour, title, undefined)
    this.#system.children.add(cell)
    this.#announce(cell)
    return { cell, started: cell.start(undefined) }
  }

  async #startHere(
    behaviour: Behaviour,
    input: unknown,
    options: StartOptions,
    { parent, children, linked }: Family,
  ): Promise<Cell | undefined> {
    const { name, title = name } = options
    if (name !== undefined) await this.#claimFor(parent, name)
    const cell = this.#system.newCell(behaviour, title, parent?.ref)
    children.add(cell)
    this.#announce(cell)
    try {
      if (name !== undefined) await this.#give(name, cell.ref)
      const { waits } = this.#system
      const started = await waits.bounded(() => `spawn of ${cell.label}`, cell.start(input), options)
      if (!started) return undefined
      if (linked) children.link(cell)
      return cell
    } catch (error) {
      cell.kill()
      throw error
    }
  }

  #announce({ ref, name, parent }: Cell): void {
    const { host, pid } = this.#system
    this.#system.emit({
      type: 'spawned',
      id: ref.id,
      host,
      ...(name === undefined ? {} : { name }),
      ...(parent === undefined ? {} : { parent: parent.id }),
      ...(pid === undefined ? {} : { pid }),
    })
  }

  async #startElsewhere(
    actor: RemoteName,
    input: unknown,
    options: StartOptions,
    launcher: Launcher,
    { parent, children, linked }: Family,
  ): Promise<Target> {
    const system = this.#system
    const { name, title = name } = options
    const label = title ?? `${actor.export} of ${actor.url}`
    if (name !== undefined) await this.#claimFor(parent, name)
    const starting = new Starting()
    children.add(starting)
    try {
      const host = await system.hosts.launch(launcher, label)
      host.keepOneActor()
      host.reportsTo = options.reportsTo
      starting.onKill(() => host.kill())
      try {
        const { url, export: exported } = actor
        for (const module of options.announce ?? []) host.peer.announce(module)
        const ask = new Ask(system.waits, () => `spawn of ${label}`, options, launcher.startTimeout)
        host.peer.request('spawn', { url, export: exported, input, name: title, parent: parent?.ref, sole: true }, ask)
        const given = readWireRef(await ask.promise)
        const target = host.peer.target(given.address, { ...given, name: title, watched: true })
        if (name !== undefined) await this.#give(name, system.refOf(target))
        children.replace(starting, target)
        if (linked) children.link(target)
        return target
      } catch (error) {
        host.kill()
        await host.gone
        throw error
      }
    } catch (error) {
      if (name !== undefined) this.#release(name)
      throw error
    } finally {
      starting.end()
    }
  }

  /** The parent may end while the root is asked: then nobody takes the name. */
  async #claimFor(parent: Cell | undefined, name: string): Promise<void> {
    await this.#claim(name)
    try {
      mustLive(parent)
    } catch (error) {
      this.#release(name)
      throw error
    }
  }

  async #claim(name: string): Promise<void> {
    if (this.#system.root === undefined) this.#system.names.claim(name, this.#system.host)
    else await this.#system.requestRoot('claim', name)
  }

  async #give(name: string, ref: Ref): Promise<void> {
    if (this.#system.root === undefined) this.#system.names.give(name, ref)
    else await this.#system.requestRoot('give', { name, ref })
  }

  #release(name: string): void {
    if (this.#system.root === undefined) this.#system.names.release(name)
    else this.#system.root.note('release', name)
  }
}

/** One that is ending has nobody left to end what it would start. Throws ActorDownError. */
function mustLive(parent: Cell | undefined): void {
  if (parent === undefined || parent.phase === 'starting' || parent.phase === 'running') return
  const reason = parent.ended ?? (parent.phase === 'killing' ? KILLED : SHUTDOWN)
  throw new ActorDownError(reason, { actor: `the parent, ${parent.label},` })
}

function isRemoteName(value: unknown): value is RemoteName {
  if ((typeof value !== 'object' && typeof value !== 'function') || value === null) return false
  const { url, export: exported } = value as { url?: unknown; export?: unknown }
  return typeof url === 'string' && typeof exported === 'string'
}

function isLauncher(placement: Placement | undefined): placement is Launcher {
  return typeof (placement as { launch?: unknown } | undefined)?.launch === 'function'
}

function notAnActor(actor: unknown): Error {
  if (typeof actor === 'function') return localElsewhere('a function')
  return wrongType('actor', 'what defineActor() made, or a remote name', actor)
}

const localElsewhere = (what: string): NotPortableError =>
  new NotPortableError({
    what,
    problem: 'it exists only in the process that made it',
    cure: 'export it from a module and name it: remote<typeof import("./actors.js")>(new URL("./actors.js", import.meta.url))',
  })
