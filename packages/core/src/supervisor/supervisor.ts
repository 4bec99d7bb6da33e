/**
 * The supervisor as an actor: starts children, hears of their ends, and does what the pure files beside it decide.
 * Its own mailbox goes on being served while children start, so it answers and can be stopped at any time.
 */
import type { Cell } from '../actor/cell.js'
import { type Behaviour, defineKeeper, type Down } from '../definition/define.js'
import type { Context } from '../definition/context.js'
import { RestartLimitError, SupervisorError } from '../errors/kinds.js'
import type { Reason } from '../errors/reason.js'
import { Detached } from '../message/detached.js'
import type { Clock, Timer } from '../ports/clock.js'
import type { ActorRef } from '../ref/actor-ref.js'
import { targetOf } from '../ref/ref.js'
import { diagnosticsChannel } from '../process/diagnostics.js'
import { type Backoff, delay } from './backoff.js'
import { type Budget, type History, spend } from './budget.js'
import { type Child, type ChildSpec, ChildTable } from './children.js'
import { decide } from './decide.js'

export type SupervisedRef = ActorRef<any>

export interface SupervisorInput extends Budget {
  readonly clock: Clock
  readonly backoff: Backoff
  /**
   * `restarts`: every one counts, as in OTP. `starts`: only lives that never got ready; then so many in a row are too
   * many as well, however slowly they fail: somebody waits for a life that does get ready.
   */
  readonly intensityCounts: 'restarts' | 'starts'
  /** Started in this order before the supervisor is ready. */
  readonly children: readonly ChildSpec<SupervisedRef>[]
  readonly observer: SupervisorObserver
}

/** Told at once of what happens to the children. */
export interface SupervisorObserver {
  started?(id: string, ref: SupervisedRef, restarts: number): void
  ended?(id: string, reason: Reason): void
  /** A start failed; it is tried again. */
  failed?(id: string, error: unknown): void
}

/** What a supervisor takes. Every answer is OTP's. */
export interface SupervisorProtocol {
  startChild(spec: ChildSpec<SupervisedRef>): Promise<SupervisedRef | undefined>
  terminateChild(id: string): Promise<void>
  which(): { id: string; phase: string; ref: SupervisedRef | undefined }[]
}

export const supervisor: Behaviour = defineKeeper({
  init: async (input: SupervisorInput, ctx: Context) => {
    const state = new Supervisor(input, ctx)
    await state.startAll()
    return state
  },
  on: {
    startChild: (state: Supervisor, spec: ChildSpec<SupervisedRef>) => new Detached(state.startChild(spec)),
    terminateChild: (state: Supervisor, id: string) => new Detached(state.terminateChild(id)),
    which: (state: Supervisor) => state.which(),
  },
  onDown: (state: Supervisor, { ref, reason }: Down) => state.childEnded(ref as SupervisedRef, reason),
  endChildren: async (state: Supervisor | undefined) => state?.endAll(),
})

class Supervisor {
  readonly #input: SupervisorInput
  readonly #ctx: Context
  readonly #children = new ChildTable<SupervisedRef>()
  readonly #waiting = new Map<string, Timer>()
  readonly #restarts = diagnosticsChannel('troupe:actor:restart')
  #history: History = []
  #failedStartsInARow = 0
  #phase: 'running' | 'ending' = 'running'

  constructor(input: SupervisorInput, ctx: Context) {
    this.#input = input
    this.#ctx = ctx
  }

  /** In order; one that fails takes those started before it along, last started first. */
  async startAll(): Promise<void> {
    for (const spec of this.#input.children) {
      try {
        await this.startChild(spec)
      } catch (error) {
        await this.endAll()
        throw error
      }
    }
  }

  async startChild(spec: ChildSpec<SupervisedRef>): Promise<SupervisedRef | undefined> {
    const known = this.#children.get(spec.id)
    if (known !== undefined) {
      throw new SupervisorError(known.state.phase === 'running' ? 'ERR_CHILD_RUNNING' : 'ERR_CHILD_PRESENT', {
        id: spec.id,
      })
    }
    const child = this.#children.add(spec)
    try {
      return await this.#start(child)
    } catch (error) {
      if (spec.persistent !== true || child.leaving || this.#ending) {
        this.#children.delete(spec.id)
        throw error
      }
      this.#input.observer.failed?.(spec.id, error)
      this.#restart(child, 'start', error)
      return undefined
    }
  }

  async terminateChild(id: string): Promise<void> {
    const child = this.#children.get(id)
    if (child === undefined) throw new SupervisorError('ERR_CHILD_NOT_FOUND', { id })
    await this.#end(child)
    this.#children.delete(id)
  }

  which(): { id: string; phase: string; ref: SupervisedRef | undefined }[] {
    return this.#children.inStartOrder().map(({ spec, state }) => ({
      id: spec.id,
      phase: state.phase,
      ref: state.phase === 'running' ? state.ref : undefined,
    }))
  }

  childEnded(ref: SupervisedRef, reason: Reason): void {
    const child = this.#children.find((each) => each.equals(ref) && each.incarnation === ref.incarnation)
    if (child === undefined) return
    child.state = { phase: 'down' }
    this.#input.observer.ended?.(child.spec.id, reason)
    if (child.leaving || this.#ending) return
    const decision = decide(child.spec.restart, reason)
    if (decision === 'forget') this.#children.delete(child.spec.id)
    else if (decision === 'restart') this.#restart(child, 'life', reason.error ?? reason)
  }

  /** Each in its own time, last started first. */
  async endAll(): Promise<void> {
    this.#phase = 'ending'
    for (const child of this.#children.inStopOrder()) await this.#end(child)
  }

  /** A kill comes without `endAll`: what is being started is killed, and must not be started again. */
  get #ending(): boolean {
    const { phase } = this.#self
    return this.#phase === 'ending' || phase === 'killing' || phase === 'ended'
  }

  get #self(): Cell {
    return targetOf(this.#ctx.self) as Cell
  }

  async #start(child: Child<SupervisedRef>): Promise<SupervisedRef | undefined> {
    const ref = await child.spec.start(this.#self)
    if (ref === undefined) {
      child.state = { phase: 'down' }
      return undefined
    }
    child.state = { phase: 'running', ref }
    child.failures = 0
    this.#failedStartsInARow = 0
    // One that has ended already is to be told of by its own reason; a watch would only say `noproc`.
    const ended = targetOf(ref)?.ended
    if (ended === undefined) this.#ctx.watch(ref)
    if (child.leaving) await this.#stop(child, ref)
    else this.#input.observer.started?.(child.spec.id, ref, child.restarts)
    if (ended !== undefined) this.childEnded(ref, ended)
    return ref
  }

  /** `what` was lost: a `life`, or a `start` that never got ready. */
  #restart(child: Child<SupervisedRef>, what: 'life' | 'start', why: unknown): void {
    if (what === 'start') {
      child.failures += 1
      this.#failedStartsInARow += 1
    }
    const counts = this.#input.intensityCounts === 'restarts' || what === 'start'
    if (counts && this.#exceeded()) return this.#giveUp(why)
    child.state = { phase: 'restarting' }
    const ms = delay(child.failures, this.#input.backoff)
    if (ms === 0) return void this.#tryAgain(child)
    const timer = this.#input.clock.setTimeout(() => {
      this.#waiting.delete(child.spec.id)
      void this.#tryAgain(child)
    }, ms)
    // Whoever waits for the child keeps the process alive.
    timer.unref?.()
    this.#waiting.set(child.spec.id, timer)
  }

  async #tryAgain(child: Child<SupervisedRef>): Promise<void> {
    if (child.leaving || this.#ending) return
    child.restarts += 1
    try {
      const ref = await this.#start(child)
      this.#publish(child, ref === undefined ? {} : { id: ref.id })
    } catch (error) {
      if (child.leaving || this.#ending) return
      this.#publish(child, { error })
      this.#input.observer.failed?.(child.spec.id, error)
      this.#restart(child, 'start', error)
    }
  }

  /** One message a restart, once its outcome is known. */
  #publish({ spec, restarts }: Child<SupervisedRef>, outcome: { id?: string; error?: unknown }): void {
    if (!this.#restarts.hasSubscribers) return
    const { system, self } = this.#ctx
    const about = { at: this.#input.clock.now(), supervisor: self.id, child: spec.id, restarts }
    this.#restarts.publish({ system: system.name, ...about, ...outcome })
  }

  #exceeded(): boolean {
    const { history, exceeded } = spend(this.#history, this.#input.clock.now(), this.#input)
    this.#history = history
    return exceeded || (this.#input.intensityCounts === 'starts' && this.#failedStartsInARow > this.#input.intensity)
  }

  #giveUp(why: unknown): void {
    const { intensity, period } = this.#input
    const details = {
      supervisor: String(this.#ctx.self),
      count: Math.max(this.#history.length, this.#failedStartsInARow),
      intensity,
      period,
    }
    this.#phase = 'ending'
    this.#ctx.exit({ type: 'shutdown', error: new RestartLimitError(details, { cause: why }) })
  }

  async #end(child: Child<SupervisedRef>): Promise<void> {
    child.leaving = true
    const timer = this.#waiting.get(child.spec.id)
    if (timer !== undefined) this.#input.clock.clearTimeout(timer)
    this.#waiting.delete(child.spec.id)
    if (child.state.phase === 'running') await this.#stop(child, child.state.ref)
  }

  async #stop({ spec }: Child<SupervisedRef>, ref: SupervisedRef): Promise<void> {
    if (spec.shutdown === 'brutal_kill') await ref.kill()
    else await ref.stop({ timeout: spec.shutdown })
  }
}
