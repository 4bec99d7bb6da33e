import type { Described } from '../definition/child-spec.js'
import type { ChildCount, ChildInfo, Supervising } from '../definition/supervise.js'
import type { SupervisorEvent } from '../definition/supervisor-event.js'
import { expectOptions, expectTimeout } from '../errors/expect.js'
import { ActorDownError } from '../errors/kinds.js'
import { NOPROC, type Reason, SHUTDOWN } from '../errors/reason.js'
import { idOf } from '../message/address.js'
import { SUPERVISOR } from '../message/data.js'
import type { Events } from '../ports/events.js'
import type { ActorRef, StopOptions } from '../ref/actor-ref.js'
import { type Ref, targetOf } from '../ref/ref.js'
import type { Target } from '../ref/target.js'
import type { ChildPlan } from '../supervisor/incarnations.js'
import type { SupervisorView } from '../supervisor/observer.js'
import { statusOf } from '../supervisor/phase.js'
import type { SupervisorProtocol } from '../supervisor/supervisor.js'

/** The lives of a supervisor, as a handle deals with them. */
export interface Supervised {
  readonly home: { refOf(target: Target): Ref }
  readonly events$: Events<SupervisorEvent>
  /** While it lives. */
  readonly view: SupervisorView | undefined
  /** The last life, or the one that is; undefined before the first. */
  readonly life: Target | undefined
  /** What `ref` gives for a child. */
  handleOf(id: string): unknown
  planOf(described: Described, key?: string): ChildPlan
}

/** A supervisor as users hold it, whatever its children are. */
export class SupervisingHandle implements Supervising {
  readonly #lives: Supervised

  constructor(lives: Supervised) {
    this.#lives = lives
  }

  get id(): string {
    return idOf(this.#life.address)
  }

  which(): ChildInfo[] {
    return (this.#lives.view?.which() ?? []).map(({ plan, phase }) => {
      const { id, type, incarnations } = plan
      const status = statusOf[phase]
      const ref = incarnations.handle as ActorRef<any>
      return { id, type, status, ...(status === 'running' && targetOf(ref) !== undefined ? { ref } : {}) }
    })
  }

  count(): ChildCount {
    return this.#lives.view?.count() ?? { specs: 0, active: 0, supervisors: 0, workers: 0 }
  }

  get events$(): Events<SupervisorEvent> {
    return this.#lives.events$
  }

  get exited(): Promise<Reason> {
    return this.#lives.life?.exited ?? Promise.resolve(NOPROC)
  }

  async stop(options: Pick<StopOptions, 'timeout'> = {}): Promise<Reason> {
    expectOptions('stop options', options, ['timeout'])
    const { timeout = Infinity } = options
    expectTimeout('timeout', timeout)
    return this.#ref.stop({ timeout })
  }

  async kill(): Promise<Reason> {
    return this.#ref.kill()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop()
  }

  /** By which codecs know that it is no data. */
  get [Symbol.toStringTag](): string {
    return SUPERVISOR
  }

  /** Starts a child and gives its handle; undefined when its init returned `ignore`. Nothing of a failed one is left. */
  protected async start(plan: ChildPlan): Promise<unknown> {
    try {
      const started = await this.ask('startChild', plan)
      return started ? plan.incarnations.handle : undefined
    } catch (error) {
      plan.incarnations.end(SHUTDOWN)
      throw error
    }
  }

  protected ask<K extends keyof SupervisorProtocol>(
    name: K,
    value: Parameters<SupervisorProtocol[K]>[0],
  ): Promise<Awaited<ReturnType<SupervisorProtocol[K]>>> {
    return this.#ref.ask(name, value)
  }

  get #ref(): Ref {
    return this.#lives.home.refOf(this.#life)
  }

  get #life(): Target {
    const { life } = this.#lives
    if (life === undefined) throw new ActorDownError(NOPROC, { actor: 'the supervisor' })
    return life
  }
}
