/**
 * The pool as an actor of its system: it owns a dynamic supervisor, whose children are the workers. The supervisor
 * decides on restarts and tells of them here; the scheduler is told who is there.
 */
import {
  ActorDownError,
  type ActorRef,
  type Context,
  type Down,
  InitializerError,
  PoolClosedError,
  PoolTerminatedError,
  type Reason,
  type RemoteActor,
  RestartLimitError,
} from '@troupe/core'
import {
  type ActorSystem,
  type Behaviour,
  type Cell,
  type ChildPlan,
  defineKeeper,
  EventStream,
  isClean,
  type StartOptions,
  NO_BACKOFF,
  supervisor,
  type SupervisorInput,
  type SupervisorProtocol,
  targetOf,
  type Target,
} from '@troupe/core/internal'
import { remote } from '@troupe/transport-node'
import { labelOf } from '../call/name.js'
import { Scheduler, type Workshop } from '../schedule/scheduler.js'
import type { Report, WorkerInput, WorkerProtocol } from '../worker/worker.js'
import type { PoolEvent } from '../schedule/events.js'
import type { PoolSettings } from './options.js'
import { Snapshots } from './snapshot.js'

/** How long an idle worker may take to end, in milliseconds. */
const SHUTDOWN = 5_000

const workers = remote<typeof import('../worker/worker.js')>(new URL('../worker/worker.js', import.meta.url))

/** One life of a pool that a supervisor has as a child. */
export interface SupervisedLife {
  readonly parent: Cell
  /** The child's id. */
  readonly child: string
  /** Lives before this one. */
  readonly incarnation: number
  /** Those of all its lives. */
  readonly events$: EventStream<PoolEvent>
}

export class Staff implements Workshop {
  readonly events$: EventStream<PoolEvent>
  readonly scheduler: Scheduler
  readonly actor: Cell
  /** Resolves when the pool takes calls; rejects with ActorDownError when it ended before that. */
  readonly started: Promise<unknown>
  readonly #system: ActorSystem
  readonly #settings: PoolSettings
  readonly #supervisor: Promise<ActorRef<SupervisorProtocol>>
  readonly #snapshots = new Snapshots()
  readonly #life: SupervisedLife | undefined
  readonly #whenFull = new Set<{ resolve: () => void; reject: (error: unknown) => void }>()
  /** Why no more workers come. */
  #over: Error | undefined
  #closing = false
  readonly #draining = new Set<() => void>()

  constructor(system: ActorSystem, settings: PoolSettings, life?: SupervisedLife) {
    system.mustRun()
    this.#system = system
    this.#settings = settings
    this.#life = life
    this.events$ = life?.events$ ?? new EventStream()
    this.scheduler = new Scheduler(this)
    let announce: (ref: ActorRef<SupervisorProtocol>) => void = () => undefined
    this.#supervisor = new Promise((resolve) => {
      announce = resolve
    })
    const { cell, started } = system.spawner.startOwn(this.#behaviour(announce), life?.child ?? 'pool', life)
    this.actor = cell
    cell.onEnd(() => this.#ended())
    started.catch(() => undefined)
    this.started = started
  }

  // --- for the pool ---------------------------------------------------------------------------------------------

  get label(): string {
    return this.actor.label
  }

  /** Resolves when the pool's actor has ended, and with it all workers. */
  get gone(): Promise<unknown> {
    return this.actor.exited
  }

  /** Resolves when every place has a worker that is ready. */
  full(): Promise<void> {
    return new Promise((resolve, reject) => {
      if (this.#over !== undefined) return reject(this.#over)
      this.scheduler.fill()
      if (this.#isFull) resolve()
      else this.#whenFull.add({ resolve, reject })
    })
  }

  /** Ends once nothing waits and nothing runs. */
  close(): void {
    this.#closing = true
    // The actor itself goes on meanwhile: an actor that ends takes no more reports.
    void this.#drained().then(() => this.actor.stop({ drain: false, timeout: Infinity }))
  }

  terminate(error: Error): void {
    this.#end(error)
    this.actor.kill()
  }

  /** Throws what the pool has ended with. */
  mustLive(): void {
    if (this.#over !== undefined) throw this.#over
  }

  snapshot(args: readonly unknown[]): readonly unknown[] {
    return this.#snapshots.of(args, 'What the task is given', 'args')
  }

  // --- for the scheduler ----------------------------------------------------------------------------------------

  get size(): number {
    return this.#settings.size
  }

  get systemName(): string {
    return this.#system.name
  }

  get cancelGrace(): number {
    return this.#settings.cancelGrace
  }

  get clock(): ActorSystem['clock'] {
    return this.#system.clock
  }

  get waits(): ActorSystem['waits'] {
    return this.#system.waits
  }

  startWorker(id: string): void {
    void this.#supervisor.then((ref) => ref.ask('startChild', this.#plan(id))).catch(() => undefined)
  }

  emit(event: PoolEvent): void {
    this.events$.emit(event)
  }

  idle(): void {
    for (const drained of this.#draining) drained()
    this.#draining.clear()
  }

  get killed(): Error | undefined {
    return this.actor.phase === 'killing' ? new PoolTerminatedError({ pool: this.label }) : undefined
  }

  // --- the actor and its workers --------------------------------------------------------------------------------

  #behaviour(announce: (ref: ActorRef<SupervisorProtocol>) => void): Behaviour {
    return defineKeeper({
      init: async (_: unknown, ctx: Context) => {
        const start = { title: 'supervisor' }
        const target = await this.#system.spawner.start(
          supervisor,
          this.#supervision(),
          start,
          targetOf(ctx.self) as Cell,
        )
        const ref = this.#system.refOf(target as Target) as ActorRef<SupervisorProtocol>
        ctx.watch(ref)
        announce(ref)
      },
      on: {
        report: (_: unknown, report: Report): void => this.scheduler.report(report),
      },
      onDown: (_: unknown, { reason }: Down, ctx: Context): void => {
        this.#end(this.#lastError(reason))
        ctx.exit({ type: 'shutdown', error: this.#over })
      },
      endChildren: () => this.#drained(),
    })
  }

  #supervision(): SupervisorInput {
    const { intensity, period } = this.#settings
    return {
      intensity,
      period,
      intensityScope: 'supervisor',
      intensityCounts: 'starts',
      // What fails at once fails for good, and callers wait. The budget bounds it.
      backoff: NO_BACKOFF,
      strategy: 'dynamic',
      autoShutdown: 'never',
      maxChildren: Infinity,
      clock: this.#system.clock,
      children: [],
      observer: {
        started: ({ id }, life, restarts) => this.#started(id, life, restarts),
        ended: ({ id }, _, reason) => this.#workerEnded(id, reason),
        failed: ({ id }, error) => this.emit({ type: 'crashed', id, error: error as Error, at: this.clock.now() }),
      },
      refOf: (life) => this.#system.refOf(life),
      // Each worker has its host to itself.
      hostBehind: () => undefined,
    }
  }

  #plan(id: string): ChildPlan {
    const { on, initializer } = this.#settings
    const input: WorkerInput = { id, pool: this.actor.ref as WorkerInput['pool'], initializer }
    const announce = initializer === undefined ? [] : [initializer.url]
    const definition = workers.worker as RemoteActor<WorkerInput, WorkerProtocol>
    const options: StartOptions = { on, title: id, announce, reportsTo: this.events$ }
    return {
      key: id,
      id,
      type: 'worker',
      restart: 'permanent',
      shutdown: SHUTDOWN,
      significant: false,
      persistent: true,
      incarnations: {
        handle: undefined,
        start: (parent, _, signal) =>
          this.#system.spawner.start(definition, input, { ...options, signal }, parent as Cell, false),
        close: () => undefined,
        end: () => undefined,
      },
    }
  }

  #started(id: string, target: Target, restarts: number): void {
    const pid = this.#system.hosts.get(target.address.host)?.pid
    const about = { id, pid, at: this.clock.now() }
    if (restarts > 0) this.scheduler.counts.restarts += 1
    this.emit(restarts > 0 ? { type: 'restarted', restarts, ...about } : { type: 'spawned', ...about })
    this.scheduler.started(id, target, pid)
    if (!this.#isFull) return
    for (const waiter of this.#whenFull) waiter.resolve()
    this.#whenFull.clear()
  }

  #workerEnded(id: string, reason: Reason): void {
    const at = this.clock.now()
    if (!isClean(reason)) this.emit({ type: 'crashed', id, at, error: new ActorDownError(reason, { actor: id }) })
    this.emit({ type: 'down', id, reason, at })
    this.scheduler.ended(id)
  }

  get #isFull(): boolean {
    const { slots } = this.scheduler
    return slots.length >= this.size && slots.every(({ state }) => state.phase !== 'starting')
  }

  // --- its end --------------------------------------------------------------------------------------------------

  /** The pool's actor was asked to stop: what was submitted is run first. */
  #drained(): Promise<void> {
    if (this.#over !== undefined || (this.scheduler.queued === 0 && this.scheduler.running === 0))
      return Promise.resolve()
    return new Promise((resolve) => void this.#draining.add(resolve))
  }

  /** The supervisor has given up, or was ended by others. */
  #lastError(reason: Reason): Error {
    const limit = reason.error
    if (!(limit instanceof RestartLimitError)) return new PoolTerminatedError({ pool: this.label }, { cause: reason })
    const { initializer } = this.#settings
    const cause = (limit.cause as { cause?: unknown } | undefined)?.cause ?? limit.cause
    if (initializer === undefined) return limit
    const attempts = Number(limit.details['count'] ?? 0)
    return new InitializerError({ task: labelOf(initializer), attempts }, { cause })
  }

  #end(error: Error): void {
    if (this.#over !== undefined) return
    this.#over = error
    this.scheduler.end(error)
    for (const waiter of this.#whenFull) waiter.reject(error)
    this.#whenFull.clear()
    this.idle()
  }

  #ended(): void {
    const pool = this.label
    this.#end(this.#closing ? new PoolClosedError({ pool }) : new PoolTerminatedError({ pool }))
    if (this.#life === undefined) this.events$.complete()
  }
}
