/**
 * One host's share of a system: its actors, its peers, and at the root the names and the numbering of hosts.
 * The root is made by `createSystem`; the boot of a child makes one with the way up to its parent.
 */
import type { Cell } from '../actor/cell.js'
import type { CellHost } from '../actor/cell-host.js'
import { Children } from '../actor/children.js'
import { Deadline } from '../actor/deadline.js'
import type { Undelivered } from '../actor/refusing.js'
import type { Children as ChildSpecs } from '../definition/child-spec.js'
import type { ConnectSystemOptions, Door, FarHost, ListenOptions } from '../definition/door.js'
import type { Groups } from '../definition/groups.js'
import type { Host, LaunchOptions } from '../definition/host.js'
import type { Spawn } from '../definition/spawn.js'
import type { DynamicSpec, DynamicSupervisor, Supervisor, SupervisorSpec } from '../definition/supervise.js'
import type { System } from '../definition/system.js'
import { TroupeError } from '../errors/troupe-error.js'
import { NOCONNECTION, type Reason, SHUTDOWN } from '../errors/reason.js'
import { idOf, ROOT_HOST } from '../message/address.js'
import type { Asker } from '../message/envelope.js'
import { portableReason } from '../message/wire-error.js'
import type { Neighbour } from '../peer/neighbour.js'
import type { Peer, PeerHost } from '../peer/peer.js'
import type { Resident } from '../peer/resident.js'
import { Router } from '../peer/router.js'
import type { Clock } from '../ports/clock.js'
import type { Portables } from '../ports/codec.js'
import type { Endpoint } from '../ports/endpoint.js'
import type { Events } from '../ports/events.js'
import type { Launcher } from '../ports/placement.js'
import type { ActorRef } from '../ref/actor-ref.js'
import { Ask } from '../ref/ask.js'
import { isolate } from '../ref/isolated.js'
import { Ref } from '../ref/ref.js'
import type { Target } from '../ref/target.js'
import { Waits } from '../wait/wait.js'
import { expectTimeout } from '../errors/expect.js'
import type { Hello } from '../wire/hello.js'
import { Doors, type Landlord } from '../door/doors.js'
import { connect } from '../door/far-host.js'
import { type GroupsHost, SystemGroups } from '../registry/groups.js'
import type { Member } from '../door/guest.js'
import { HostService, type Served } from './host-service.js'
import { endEvents } from '../host/end-events.js'
import { type HostDown, type HostKeeper, Hosts } from '../host/hosts.js'
import { launch, LaunchedHost, type Launching } from '../host/launched-host.js'
import type { Loader } from '../ports/loader.js'
import { Members } from '../registry/members.js'
import { Names } from '../registry/names.js'
import { type NewEvent, Observer } from '../events/observer.js'
import { Population } from '../events/population.js'
import { connectUp } from './up.js'
import type { ActorSystemOptions } from './options.js'
import { Residents } from './residents.js'
import { type NewCell, Spawner, type Spawning } from '../spawn/spawner.js'
import type { StableActor, StableGiven } from '../supervisor/stable-actor.js'
import { supervise, superviseDynamic } from '../tree/supervise.js'
import type { TreeHome } from '../tree/supervisor-incarnations.js'
import type { StartedHost } from '../host/started-host.js'

export class ActorSystem
  implements
    System,
    CellHost<Cell>,
    PeerHost,
    HostKeeper,
    Launching,
    Spawning,
    TreeHome,
    Served,
    GroupsHost,
    Landlord,
    Member
{
  readonly name: string
  readonly host: number
  readonly pid: number | undefined
  readonly threadId: number | undefined
  readonly clock: Clock
  readonly waits: Waits
  readonly router: Router
  readonly hosts: Hosts
  readonly names: Names = new Names()
  readonly members: Members = new Members()
  readonly groups: Groups
  readonly population: Population = new Population()
  readonly observer: Observer
  readonly loader: Loader | undefined
  readonly landlord: System | undefined
  readonly spawner: Spawner
  readonly spawn: Spawn
  readonly parentHost: number | undefined
  /** What the system itself has spawned. */
  readonly children: Children = new Children(() => undefined)
  readonly #askTimeout: number | undefined
  readonly #doors = new Doors(this)
  readonly #isolate: boolean
  readonly #service: HostService
  readonly #residents = new Residents(this)
  readonly newMinimal: Residents['newMinimal'] = (...given) => this.#residents.newMinimal(...given)
  readonly #onEnding: ((reason: Reason) => void) | undefined
  #stopped: Promise<void> | undefined
  /** The parent has been told that this host ends, and why. */
  #ending = false
  #phase: 'running' | 'stopping' | 'stopped' = 'running'

  constructor(options: ActorSystemOptions) {
    this.name = options.name
    this.host = options.host
    this.pid = options.pid
    this.threadId = options.threadId
    this.clock = options.clock
    this.loader = options.loader
    this.landlord = options.landlord
    this.parentHost = options.up?.host
    this.#askTimeout = options.askTimeout
    this.#isolate = options.isolate ?? false
    this.#onEnding = options.onEnding
    this.waits = new Waits(options.clock)
    this.observer = new Observer(options.name, options.clock, this.population)
    this.router = new Router(this)
    this.hosts = new Hosts(this)
    this.spawner = new Spawner(this)
    this.groups = new SystemGroups(this)
    this.#service = new HostService(this)
    this.spawn = this.spawner.spawnFor(undefined)
    if (options.up !== undefined) connectUp(this, options.up)
  }

  // --- System ---------------------------------------------------------------------------------------------------

  async launch(placement: Launcher, options?: LaunchOptions): Promise<Host> {
    this.mustRun()
    const start = (): Promise<StartedHost> => launch(this, placement, options)
    return new LaunchedHost(await start(), this.waits, start)
  }

  async supervise<const C extends ChildSpecs>(spec: SupervisorSpec<C>): Promise<Supervisor<C>> {
    this.mustRun()
    return supervise(this, spec)
  }

  async superviseDynamic<I, R>(spec: DynamicSpec<I, R>): Promise<DynamicSupervisor<I, R>> {
    this.mustRun()
    return superviseDynamic(this, spec)
  }

  async listen(endpoint: Endpoint, options?: ListenOptions): Promise<Door> {
    this.mustRun()
    return this.#doors.listen(endpoint, options)
  }

  async connect(endpoint: Endpoint, options?: ConnectSystemOptions): Promise<FarHost> {
    this.mustRun()
    return connect(this, endpoint, options)
  }

  async whereis<P = any>(name: string): Promise<ActorRef<P> | undefined> {
    if (this.root === undefined) return this.names.find(name)
    return (await this.requestRoot('whereis', name)) as ActorRef<P> | undefined
  }

  get events$(): Events<any> {
    return this.observer.events$
  }

  tree(): string {
    return this.population.draw(this.name, (id) => {
      const cell = this.#residents.cell(id)
      if (cell === undefined) return ''
      return cell.waiting > 0 ? `, ${cell.waiting} waiting` : ''
    })
  }

  stop({ timeout = 5_000 }: { timeout?: number | undefined } = {}): Promise<void> {
    expectTimeout('timeout', timeout)
    return (this.#stopped ??= this.#stop(timeout))
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop()
  }

  // --- for its cells --------------------------------------------------------------------------------------------

  get system(): System {
    return this
  }

  refOf(target: Target): Ref {
    return new Ref(this.#isolate ? isolate(target) : target, this.waits, this.#askTimeout)
  }

  spawnFor(parent: Cell): Spawn {
    return this.spawner.spawnFor(parent)
  }

  emit(event: NewEvent): void {
    this.observer.emit(event)
  }

  deadLetter(
    target: Pick<Target, 'address' | 'label' | 'capacity'>,
    name: string,
    arg: unknown,
    why: Undelivered,
  ): void {
    this.observer.dropped({ id: idOf(target.address), label: target.label, capacity: target.capacity }, name, arg, why)
  }

  lost(target: Target, count: number): void {
    this.emit({ type: 'deadLetter', id: idOf(target.address), to: idOf(target.address), count, policy: 'down' })
  }

  forget(cell: Cell): void {
    this.names.free(idOf(cell.address))
    this.#residents.forget(cell)
  }

  // --- for its peers --------------------------------------------------------------------------------------------

  resident(actor: number): Resident | undefined {
    return this.#residents.get(actor)
  }

  get refs(): Portables {
    return this.#residents.refs
  }

  serve(peer: Peer, name: string, value: unknown, asker: Asker | undefined): void {
    this.#service.serve(peer, name, value, asker)
  }

  // --- for its parts --------------------------------------------------------------------------------------------

  /** The way to the root; undefined at the root itself. */
  get root(): Peer | undefined {
    return this.host === ROOT_HOST ? undefined : this.router.peer(ROOT_HOST)
  }

  /** Asks the root itself. Rejects with ActorDownError when it is gone. */
  requestRoot(name: string, value: unknown): Promise<unknown> {
    const ask = new Ask(this.waits, () => `'${name}' at the root`, undefined, undefined)
    this.root?.request(name, value, ask)
    return ask.promise
  }

  get stopping(): boolean {
    return this.#phase !== 'running'
  }

  /** Throws TroupeError (ERR_SYSTEM_STOPPED). */
  mustRun(): void {
    if (this.stopping) throw stopped(this)
  }

  mustNotHaveEnded(): void {
    if (this.#phase === 'stopped') throw stopped(this)
  }

  /** A cell with a number of its own, not started yet. */
  newCell(given: NewCell): Cell {
    return this.#residents.newCell(given)
  }

  newStable(given: Omit<StableGiven, 'address'>): StableActor {
    return this.#residents.newStable(given)
  }

  /** Sends what has gathered, without waiting for the end of the running code. */
  flush(): void {
    for (const peer of this.router.peers()) peer.flush()
  }

  /** Writes all that waits, blocking, for at most `deadline` milliseconds: the process is about to end. */
  flushNow(deadline: number): void {
    this.flush()
    for (const peer of this.router.neighbours()) peer.neighbour.queue.flushNow(deadline)
  }

  /** In a child whose process is about to end by an error that nobody caught. */
  crash(error: unknown): void {
    this.emit({ type: 'crashed', id: String(this.host), error })
    this.ending({ type: 'error', error })
    for (const peer of this.router.peers()) peer.crash()
    this.#service.crash()
    // What they had not handled is told of while there is time.
    for (const cell of this.#residents.cells) cell.kill()
  }

  /** Somebody has come in: this process is one of the guest's hosts. */
  join(hello: Hello, neighbour: Neighbour, given: { loader: Loader; onEnding: () => void }): Member {
    const { clock, pid, threadId } = this
    neighbour.greet({ host: hello.you, you: hello.host, system: hello.system, pid: pid ?? 0 })
    const up = { neighbour, host: hello.host }
    return new ActorSystem({
      name: hello.system,
      clock,
      askTimeout: undefined,
      host: hello.you,
      up,
      pid,
      threadId,
      landlord: this,
      ...given,
    })
  }

  async disconnected(): Promise<void> {
    this.#phase = 'stopping'
    for (const peer of this.router.peers()) {
      peer.down(NOCONNECTION, true)
      this.#service.forsakenBy(peer.host)
    }
    await Promise.all([this.#doors.stop(0), this.children.kill()])
    await this.hosts.end()
    this.#over()
  }

  /** What waits for that host settles, its names are free. */
  hostDown(down: HostDown): void {
    this.names.freeHost(down.host)
    this.router.down(down.host, down.reason, down.silent)
    this.#service.forsakenBy(down.host)
    const residents = this.population.hostGone(down.host)
    // Events reach the root; what this host knows of other hosts' actors is not complete.
    if (this.root !== undefined) return
    for (const event of endEvents(down, residents)) this.emit(event)
  }

  ending(reason: Reason): void {
    if (this.#ending) return
    this.#ending = true
    if (this.parentHost !== undefined) this.router.peer(this.parentHost)?.note('ended', portableReason(reason))
    this.#onEnding?.(reason)
  }

  leave(): void {
    void this.stop({ timeout: Infinity }).then(() => this.ending(SHUTDOWN))
  }

  // --------------------------------------------------------------------------------------------------------------

  async #stop(timeout: number): Promise<void> {
    this.#phase = 'stopping'
    const deadline = new Deadline(() => {
      void this.children.kill()
      void this.hosts.end()
    })
    deadline.within(timeout, this.clock)
    if (timeout !== Infinity) this.waits.keepAlive.hold()
    await Promise.all([this.#doors.stop(timeout), this.children.stop()]).then(() => this.hosts.stop())
    deadline.end()
    await this.hosts.end()
    this.#over()
  }

  #over(): void {
    this.#phase = 'stopped'
    this.#residents.end()
    this.observer.events$.complete()
    this.waits.keepAlive.end()
  }
}

const stopped = ({ name }: System): TroupeError => new TroupeError('ERR_SYSTEM_STOPPED', { details: { system: name } })
