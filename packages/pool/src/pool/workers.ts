/**
 * The workers of a pool as children of its dynamic supervisor, which decides on restarts. The scheduler is told who is
 * there; a worker that it has done with is no concern of its any more, though it may still be ending.
 */
import { ActorDownError, type ActorRef, type Reason, type RemoteActor } from '@troupe/core'
import {
  type ActorSystem,
  type Cell,
  type ChildPlan,
  type EventStream,
  isClean,
  type StartOptions,
  supervisor,
  type SupervisorInput,
  type SupervisorProtocol,
  type Target,
} from '@troupe/core/internal'
import { remote } from '@troupe/transport-node'
import type { PoolEvent } from '../schedule/events.js'
import type { Scheduler } from '../schedule/scheduler.js'
import type { Listener, WorkerInput, WorkerProtocol } from '../worker/worker.js'
import type { PoolSettings } from './options.js'

/** How long an idle worker may take to end, its finalizer included, in milliseconds. */
const SHUTDOWN = 5_000

const workers = remote<typeof import('../worker/worker.js')>(new URL('../worker/worker.js', import.meta.url))

/** Whose workers they are. */
export interface Employer {
  readonly system: ActorSystem
  readonly settings: PoolSettings
  readonly scheduler: Scheduler
  readonly events$: EventStream<PoolEvent>
  /** Hears of their tasks. */
  readonly listener: ActorRef<Listener>
}

export class Workers {
  readonly #employer: Employer
  readonly #supervisor: Promise<ActorRef<SupervisorProtocol>>
  #announce: (ref: ActorRef<SupervisorProtocol>) => void = () => undefined
  /** By place: the supervisor's key of the worker that belongs there now. */
  readonly #keys = new Map<string, string>()
  #nextKey = 1

  constructor(employer: Employer) {
    this.#employer = employer
    this.#supervisor = new Promise((resolve) => {
      this.#announce = resolve
    })
  }

  /** Starts the supervisor under `parent`; `ended` is told of its end. */
  async supervise(parent: Cell, ended: (reason: Reason) => void): Promise<void> {
    const { system } = this.#employer
    const start = { title: 'supervisor' }
    const target = (await system.spawner.start(supervisor, this.#supervision(), start, parent)) as Target
    target.onEnd(ended)
    this.#announce(system.refOf(target) as ActorRef<SupervisorProtocol>)
  }

  start(id: string): void {
    const key = `${id}#${this.#nextKey}`
    this.#nextKey += 1
    this.#keys.set(id, key)
    void this.#ask('startChild', this.#plan(id, key))
  }

  /** Ends it in peace, then starts another one there. */
  replace(id: string): void {
    void this.#endNow(id).then(() => {
      // It may have been taken away, or opened anew, meanwhile.
      if (!this.#keys.has(id) && this.#employer.scheduler.crew.get(id) !== undefined) this.start(id)
    })
  }

  end(id: string): void {
    void this.#endNow(id)
  }

  #endNow(id: string): Promise<void> {
    const key = this.#keys.get(id)
    this.#keys.delete(id)
    return key === undefined ? Promise.resolve() : this.#ask('terminateChild', key)
  }

  async #ask(name: 'startChild', plan: ChildPlan): Promise<void>
  async #ask(name: 'terminateChild', key: string): Promise<void>
  async #ask(name: 'startChild' | 'terminateChild', arg: ChildPlan | string): Promise<void> {
    const ref = await this.#supervisor
    // The end of the supervisor is told where it is watched.
    await ref.ask(name, arg as never).catch(() => undefined)
  }

  #supervision(): SupervisorInput {
    const { system, settings } = this.#employer
    const { intensity, period, backoff } = settings
    return {
      intensity,
      period,
      intensityScope: 'supervisor',
      intensityCounts: 'starts',
      backoff,
      strategy: 'dynamic',
      autoShutdown: 'never',
      maxChildren: Infinity,
      clock: system.clock,
      children: [],
      observer: {
        started: (plan, life, restarts) => this.#started(plan, life, restarts),
        ended: (plan, _, reason) => this.#ended(plan, reason),
        failed: ({ id }, error) => this.#emit({ type: 'crashed', id, error: error as Error, at: system.clock.now() }),
      },
      refOf: (life) => system.refOf(life),
      // Each worker has its host to itself.
      hostBehind: () => undefined,
    }
  }

  #plan(id: string, key: string): ChildPlan {
    const { system, settings, events$, listener } = this.#employer
    const { on, initializer, finalizer } = settings
    const input: WorkerInput = { id, pool: listener, initializer, finalizer }
    const announce = [initializer, finalizer].flatMap((name) => name?.url ?? [])
    const definition = workers.worker as RemoteActor<WorkerInput, WorkerProtocol>
    const options: StartOptions = { on, title: id, announce, reportsTo: events$ }
    return {
      key,
      id,
      type: 'worker',
      restart: 'permanent',
      shutdown: SHUTDOWN,
      significant: false,
      persistent: true,
      incarnations: {
        handle: undefined,
        start: (parent, _, signal) =>
          system.spawner.start(definition, input, { ...options, signal }, parent as Cell, false),
        close: () => undefined,
        end: () => undefined,
      },
    }
  }

  #started({ id, key }: ChildPlan, target: Target, restarts: number): void {
    const { system, scheduler } = this.#employer
    const pid = system.hosts.get(target.address.host)?.pid
    const about = { id, pid, at: system.clock.now() }
    if (restarts > 0) scheduler.counts.restarts += 1
    this.#emit(restarts > 0 ? { type: 'restarted', restarts, ...about } : { type: 'spawned', ...about })
    if (this.#keys.get(id) === key) scheduler.started(id, target, pid)
  }

  #ended({ id, key }: ChildPlan, reason: Reason): void {
    const { system, scheduler } = this.#employer
    const at = system.clock.now()
    if (!isClean(reason)) this.#emit({ type: 'crashed', id, at, error: new ActorDownError(reason, { actor: id }) })
    this.#emit({ type: 'down', id, reason, at })
    if (this.#keys.get(id) === key) scheduler.ended(id)
  }

  #emit(event: PoolEvent): void {
    this.#employer.events$.emit(event)
  }
}
