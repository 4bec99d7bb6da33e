/**
 * The pool as an actor of its system, whose child is the supervisor of the workers: who takes calls, in which phase of its
 * life. Which work goes where is the scheduler's business.
 */
import {
  type ActorRef,
  type Clock,
  type Context,
  InitializerError,
  PoolClosedError,
  PoolTerminatedError,
  QueueFullError,
  type Reason,
  RestartLimitError,
} from '@troupe/core'
import {
  type ActorSystem,
  type Behaviour,
  type Cell,
  defineKeeper,
  EventStream,
  targetOf,
  type Waits,
} from '@troupe/core/internal'
import type { Puller } from '../call/imap.js'
import { labelOf } from '../call/name.js'
import type { Bounds } from '../schedule/bounds.js'
import type { Recycling } from '../schedule/crew.js'
import type { PoolEvent } from '../schedule/events.js'
import { Overload } from '../schedule/overload.js'
import { Scheduler, type Workshop } from '../schedule/scheduler.js'
import type { Worn } from '../schedule/worker-slot.js'
import type { Listener, Progress, Report } from '../worker/worker.js'
import { type PoolLife, startPoolLife } from './life.js'
import type { PoolSettings } from './options.js'
import { Workers } from './workers.js'

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
  readonly #life: PoolLife
  readonly #overload: Overload
  readonly #workers: Workers
  readonly #whenFull = new Set<{ resolve: () => void; reject: (error: unknown) => void }>()
  readonly #draining = new Set<() => void>()
  readonly #pullers = new Set<Puller>()

  constructor(system: ActorSystem, settings: PoolSettings, supervised?: SupervisedLife) {
    system.mustRun()
    this.#system = system
    this.#settings = settings
    this.events$ = supervised?.events$ ?? new EventStream()
    this.scheduler = new Scheduler(this)
    this.#overload = new Overload(settings.queue, (queued) =>
      this.emit({ type: 'overload', id: this.label, queued, at: this.clock.now() }),
    )
    // Hears of tasks that are at work, also while the pool's actor is ending.
    const minimal = system.newMinimal('listener of a pool', (name, arg) => this.#hear(name, arg))
    const listener = system.refOf(minimal) as ActorRef<Listener>
    this.#workers = new Workers({ system, settings, scheduler: this.scheduler, events$: this.events$, listener })
    const { cell, started } = system.spawner.startOwn(this.#behaviour(), supervised?.child ?? 'pool', supervised)
    this.actor = cell
    this.#life = startPoolLife({
      drain: () => this.#drain(),
      stop: () => cell.stop({ drain: false, timeout: Infinity }),
      fail: (error) => this.#fail(error),
      kill: () => cell.kill(),
      giveUp: (error) => cell.exit({ type: 'shutdown', error }),
      complete: () => {
        minimal.end({ type: 'normal' })
        if (supervised === undefined) this.events$.complete()
      },
    })
    cell.onEnd(() => this.#life.send({ type: 'ENDED', error: new PoolTerminatedError({ pool: this.label }) }))
    started.then(
      () => this.#life.send({ type: 'STARTED' }),
      () => undefined,
    )
    this.started = started
  }

  // --- for the pool ---------------------------------------------------------------------------------------------

  get label(): string {
    return this.actor.label
  }

  get phase(): PoolLife['phase'] {
    return this.#life.phase
  }

  /** Resolves when the pool's actor has ended, and with it all workers. */
  get gone(): Promise<unknown> {
    return this.actor.exited
  }

  /** Throws why no calls are taken any more. */
  mustBeOpen(): void {
    const { error } = this.#life
    if (error !== undefined) throw error
  }

  /** Throws QueueFullError when the queue takes no more. */
  mustHaveRoom(): void {
    const { capacity, overflow } = this.#settings.queue
    if (this.#overload.full(this.scheduler.queued) && overflow === 'reject')
      throw new QueueFullError({ queue: `The queue of ${this.label} (${capacity} calls)`, timeout: 0 })
  }

  /** Resolves when all that stay are ready, of a fixed size all. */
  full(): Promise<void> {
    return new Promise((resolve, reject) => {
      if (this.#life.error !== undefined) return reject(this.#life.error)
      const { crew } = this.scheduler
      crew.want(crew.bounds.min)
      if (crew.full) resolve()
      else this.#whenFull.add({ resolve, reject })
    })
  }

  resize(bounds: Bounds): void {
    const { scheduler } = this
    scheduler.resize(bounds)
    // Who waits until it is full waits for those of the new bounds.
    if (this.#whenFull.size > 0) scheduler.crew.want(bounds.min)
    this.workerReady()
  }

  /** Ends once nothing waits and nothing runs. */
  close(error: Error = new PoolClosedError({ pool: this.label })): void {
    this.#life.send({ type: 'CLOSE', error })
  }

  pulling(puller: Puller): void {
    this.#pullers.add(puller)
  }

  pulledAll(puller: Puller): void {
    if (this.#pullers.delete(puller)) this.idle()
  }

  terminate(error: Error): void {
    this.#life.send({ type: 'TERMINATE', error })
  }

  // --- for the scheduler ----------------------------------------------------------------------------------------

  get bounds(): Bounds {
    return this.#settings.bounds
  }

  get recycling(): Recycling {
    return this.#settings.recycling
  }

  get spares(): number {
    return this.#settings.spares
  }

  get prefetch(): number {
    return this.#settings.prefetch
  }

  get systemName(): string {
    return this.#system.name
  }

  get cancelGrace(): number {
    return this.#settings.cancelGrace
  }

  get clock(): Clock {
    return this.#system.clock
  }

  get waits(): Waits {
    return this.#system.waits
  }

  startWorker(id: string): void {
    this.#workers.start(id)
  }

  replaceWorker(id: string, why: Worn): void {
    this.emit({ type: 'recycled', id, why, at: this.clock.now() })
    this.#workers.replace(id)
  }

  endWorker(id: string): void {
    this.#workers.end(id)
  }

  emit(event: PoolEvent): void {
    this.events$.emit(event)
  }

  /** Calls what a user gave: what that throws is told, and harms nothing. */
  callBack(callback: (value: any) => void, value: unknown): void {
    try {
      callback(value)
    } catch (error) {
      this.emit({ type: 'callbackError', id: this.label, error, at: this.clock.now() })
    }
  }

  idle(): void {
    // After every task; nearly always nobody asks.
    if (this.#draining.size === 0 || !this.#isDrained) return
    for (const drained of this.#draining) drained()
    this.#draining.clear()
  }

  get killed(): Error | undefined {
    return this.actor.phase === 'killing' ? new PoolTerminatedError({ pool: this.label }) : undefined
  }

  /** A worker is ready: perhaps the last that was missing. */
  workerReady(): void {
    if (!this.scheduler.crew.full) return
    for (const waiter of this.#whenFull) waiter.resolve()
    this.#whenFull.clear()
  }

  // --- the actor ------------------------------------------------------------------------------------------------

  #behaviour(): Behaviour {
    return defineKeeper({
      init: (_: unknown, ctx: Context) =>
        this.#workers.supervise(targetOf(ctx.self) as Cell, (reason) =>
          this.#life.send({ type: 'GAVE_UP', error: this.#lastError(reason) }),
        ),
      on: {},
      // Its system ends: what was submitted is run first.
      endChildren: () => {
        this.close(new PoolTerminatedError({ pool: this.label }))
        return this.#drained()
      },
    })
  }

  #hear(name: string, arg: unknown): void {
    if (name === 'report') this.scheduler.report(arg as Report)
    else if (name === 'progress') this.callBack((progress) => this.scheduler.progress(progress), arg as Progress)
    else this.scheduler.begun(arg as number)
  }

  // --- its end --------------------------------------------------------------------------------------------------

  #drain(): void {
    for (const puller of this.#pullers) puller.drain()
    void this.#drained().then(() => this.#life.send({ type: 'IDLE' }))
  }

  #drained(): Promise<void> {
    if (this.#isDrained) return Promise.resolve()
    return new Promise((resolve) => void this.#draining.add(resolve))
  }

  /** Whether there is nothing left to do, or nobody to do it. */
  get #isDrained(): boolean {
    const { queued, running, over } = this.scheduler
    if (over) return true
    return queued === 0 && running === 0 && ![...this.#pullers].some(({ pending }) => pending)
  }

  #fail(error: Error): void {
    this.scheduler.end(error)
    for (const puller of [...this.#pullers]) puller.poolOver(error)
    for (const waiter of this.#whenFull) waiter.reject(error)
    this.#whenFull.clear()
    this.idle()
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
}
