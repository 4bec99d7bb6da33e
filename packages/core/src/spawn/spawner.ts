/** Starts actors, here or elsewhere, and ties each to whoever spawned it. */
import type { Cell } from '../actor/cell.js'
import type { CellGiven } from '../actor/identity.js'
import { readMaxRunTime } from '../actor/run-time.js'
import type { Children } from '../actor/children.js'
import { type Behaviour, isDefinition } from '../definition/define.js'
import type { Spawn, SpawnOptions } from '../definition/spawn.js'
import { expectOptions, expectString, wrongType } from '../errors/expect.js'
import { ActorDownError, NotPortableError } from '../errors/kinds.js'
import { NORMAL, SHUTDOWN } from '../errors/reason.js'
import type { Launcher, Placement, Reach } from '../ports/placement.js'
import type { Ref } from '../ref/ref.js'
import type { Target } from '../ref/target.js'
import type { Waits } from '../wait/wait.js'
import type { Peer } from '../peer/peer.js'
import { type Family, mustLive } from './family.js'
import { type Hosts, placeOf } from '../host/hosts.js'
import { hostBehind, isLauncher } from '../host/launched-host.js'
import type { Names } from '../registry/names.js'
import { Naming } from './naming.js'
import type { NewEvent } from '../events/observer.js'
import { type ActorName, RemoteSpawner } from './remote-spawner.js'
import type { StartOptions } from './start-options.js'
import type { StartedHost } from '../host/started-host.js'

/** How a remote name says where it lives when nobody else does. */
export const DEFAULT_PLACEMENT: unique symbol = Symbol.for('@troupe/placement') as never

interface RemoteName extends ActorName {
  readonly [DEFAULT_PLACEMENT]?: () => Placement
}

/** A cell to be made; its number is the host's to give. */
export interface NewCell extends Omit<CellGiven, 'address'> {
  readonly incarnation?: number | undefined
}

/** What the spawner needs of its system. */
export interface Spawning {
  readonly host: number
  readonly pid: number | undefined
  readonly threadId: number | undefined
  readonly waits: Waits
  readonly hosts: Hosts
  readonly names: Names
  readonly root: Peer | undefined
  readonly children: Children
  readonly stopping: boolean
  mustRun(): void
  newCell(given: NewCell): Cell
  refOf(target: Target): Ref
  requestRoot(name: string, value: unknown): Promise<unknown>
  emit(event: NewEvent): void
}

export class Spawner {
  readonly #system: Spawning
  readonly #naming: Naming
  readonly #remote: RemoteSpawner

  constructor(system: Spawning) {
    this.#system = system
    this.#naming = new Naming(system)
    this.#remote = new RemoteSpawner(system, this.#naming)
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
    readMaxRunTime(options.maxRunTime)
    const on = options.on as Placement | undefined
    const family = { parent, children: parent?.children ?? this.#system.children, linked }
    if (isDefinition(actor)) {
      if (on !== undefined && on.reach !== 'here') throw localElsewhere('an actor definition')
      if (!isLauncher(on)) return this.#startHere(actor, input, options, family)
      actor = on.nameOf?.(actor)
    }
    if (!isRemoteName(actor)) throw notAnActor(actor)
    return this.#remote.start(actor, input, options, this.#placeOf(on ?? actor[DEFAULT_PLACEMENT]?.()), family)
  }

  /** For a peer that spawns in this host; it has taken the name. `onCell` is told before `init` runs. Undefined when its init returned `ignore`. */
  async startFor(
    { input, ...given }: NewCell & { readonly input: unknown },
    onCell: (cell: Cell) => void,
  ): Promise<Cell | undefined> {
    if (this.#system.stopping) throw new ActorDownError(SHUTDOWN, { actor: 'the host' })
    const cell = this.#system.newCell(given)
    this.#system.children.add(cell)
    onCell(cell)
    this.#announce(cell)
    return (await cell.start(input)) ? cell : undefined
  }

  /**
   * For an actor of Troupe's own: it is there at once, and started meanwhile. One life of a supervised child, when `life`
   * says so: not linked.
   */
  startOwn(
    behaviour: Behaviour,
    title: string,
    life?: { readonly parent: Cell; readonly child: string; readonly incarnation: number },
  ): { cell: Cell; started: Promise<boolean> } {
    const { parent, child, incarnation } = life ?? {}
    mustLive(parent)
    const cell = this.#system.newCell({ behaviour, name: title, parent: parent?.ref, child, incarnation })
    const siblings = parent?.children ?? this.#system.children
    siblings.add(cell)
    this.#announce(cell)
    return { cell, started: cell.start(undefined) }
  }

  async #startHere(
    behaviour: Behaviour,
    input: unknown,
    options: StartOptions,
    { parent, children, linked }: Family,
  ): Promise<Cell | undefined> {
    const { name, title = name, life } = options
    if (name !== undefined) {
      await this.#naming.claim(name)
      this.#naming.mustBeWanted(name, parent)
    }
    const { child, incarnation } = life ?? {}
    const cell = this.#system.newCell({ behaviour, name: title, parent: parent?.ref, child, incarnation })
    const maxRunTime = readMaxRunTime(options.maxRunTime)
    if (maxRunTime !== undefined) this.#system.hosts.overruns.bound(cell, { name: title, child, maxRunTime })
    children.add(cell)
    this.#announce(cell)
    try {
      if (name !== undefined) await this.#naming.give(name, life?.lasting ?? cell.ref, cell.ref)
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

  /** A launched host knows only the actors of its own system. */
  #placeOf(placement: Placement | undefined): Launcher<Reach> | StartedHost {
    const host = hostBehind(placement)
    if (host === undefined) {
      if (isLauncher(placement)) return placement
      throw wrongType('on', 'a placement such as childProcess(), or a launched host', placement)
    }
    const { hosts } = this.#system
    if (host.ending === undefined && hosts.get(host.number) !== host)
      throw new TypeError('Expected `on` to be a host of this system, got one that another system has launched')
    return host
  }

  #announce({ ref, name, parent, child }: Cell): void {
    const { host } = this.#system
    this.#system.emit({
      type: 'spawned',
      id: ref.id,
      host,
      ...(name === undefined ? {} : { name }),
      ...(parent === undefined ? {} : { parent: parent.id }),
      ...(child === undefined ? {} : { child }),
      ...placeOf(this.#system),
    })
  }
}

function isRemoteName(value: unknown): value is RemoteName {
  if ((typeof value !== 'object' && typeof value !== 'function') || value === null) return false
  const { url, export: exported } = value as { url?: unknown; export?: unknown }
  return typeof url === 'string' && typeof exported === 'string'
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
