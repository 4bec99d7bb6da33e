/**
 * The supervisor as an actor: starts children, hears of their ends, and does what the pure files beside it decide.
 * Its own mailbox goes on being served meanwhile, so it answers and can be stopped at any time.
 */
import type { Cell } from '../actor/cell.js'
import { type Behaviour, defineKeeper, type Down } from '../definition/define.js'
import type { Context } from '../definition/context.js'
import type { ChildCount } from '../definition/supervise.js'
import { ActorDownError, SupervisorError } from '../errors/kinds.js'
import { type Reason, SHUTDOWN } from '../errors/reason.js'
import { Detached } from '../message/detached.js'
import { diagnosticsChannel } from '../process/diagnostics.js'
import { targetOf } from '../ref/ref.js'
import type { Target } from '../ref/target.js'
import { Child } from './child.js'
import { ChildTable } from './children.js'
import { decide, shutsDown } from './decide.js'
import { endLife } from './end-life.js'
import type { ChildPlan } from './incarnations.js'
import type { SupervisorInput } from './input.js'
import { Lane } from './lane.js'
import { type Phase, statusOf } from './phase.js'
import type { SupervisorView } from './observer.js'
import { type Lost, Restarts } from './restarts.js'
import { affected } from './strategy.js'

/** Restarts in a row that come at once; then timers and channels have their turn, however short each life is. */
const RUN = 16

/** What a supervisor takes. Every answer is OTP's. */
export interface SupervisorProtocol {
  /** Whether it was started: not when its init returned `ignore`. */
  startChild(plan: ChildPlan): Promise<boolean>
  terminateChild(key: string): Promise<void>
  restartChild(key: string): Promise<void>
  deleteChild(key: string): void
}

export const supervisor: Behaviour = defineKeeper({
  init: async (input: SupervisorInput, ctx: Context) => {
    const state = new Supervisor(input, ctx)
    input.observer.opened?.(state, targetOf(ctx.self) as Target)
    await state.startAll()
    return state
  },
  on: {
    startChild: (state: Supervisor, plan: ChildPlan) => new Detached(state.startChild(plan)),
    terminateChild: (state: Supervisor, key: string) => new Detached(state.terminateChild(key)),
    restartChild: (state: Supervisor, key: string) => new Detached(state.restartChild(key)),
    deleteChild: (state: Supervisor, key: string) => new Detached(state.deleteChild(key)),
  },
  onDown: (state: Supervisor, { ref, reason }: Down) => state.lifeEnded(ref.id, reason),
  endChildren: async (state: Supervisor | undefined) => state?.endAll(),
  shutdown: Infinity,
})

class Supervisor implements SupervisorView {
  readonly #input: SupervisorInput
  readonly #ctx: Context
  readonly #children = new ChildTable()
  /** A strategy that concerns several children does one thing at a time. */
  readonly #lane = new Lane()
  readonly #restarts: Restarts
  readonly #inSpec: ReadonlySet<ChildPlan>
  readonly #diagnostics = diagnosticsChannel('troupe:actor:restart')
  #phase: 'running' | 'ending' = 'running'

  constructor(input: SupervisorInput, ctx: Context) {
    this.#input = input
    this.#ctx = ctx
    this.#restarts = new Restarts(input, input.clock)
    this.#inSpec = new Set(input.children)
  }

  // --- what it is asked -----------------------------------------------------------------------------------------

  /** In order; one that fails takes those started before it along, last started first. */
  async startAll(): Promise<void> {
    for (const plan of this.#input.children) {
      try {
        await this.startChild(plan)
      } catch (error) {
        await this.endAll()
        const what = `The child '${plan.id}' did not start, and those before it were ended`
        const failure = new SupervisorError('ERR_SUPERVISOR', { what, cure: 'see the cause' }, { cause: error })
        return this.#ctx.exit({ type: 'shutdown', error: failure })
      }
    }
  }

  async startChild(plan: ChildPlan): Promise<boolean> {
    const known = this.#children.get(plan.key)
    if (known !== undefined) {
      const code = known.life === undefined ? 'ERR_CHILD_PRESENT' : 'ERR_CHILD_RUNNING'
      throw new SupervisorError(code, { id: plan.id, status: statusOf[known.phase] })
    }
    const { maxChildren: most } = this.#input
    if (this.#children.size >= most) throw new SupervisorError('ERR_MAX_CHILDREN', { id: plan.id, most })
    const child = new Child(plan, this.#alone ? new Lane() : this.#lane)
    this.#children.add(child)
    return child.lane.run(() => this.#startFirst(child))
  }

  async terminateChild(key: string): Promise<void> {
    const child = this.#known(key)
    child.wanted = 'ended'
    child.abort(() => new ActorDownError(SHUTDOWN, { actor: child.plan.id }))
    await child.lane.run(() => this.#stop(child))
    this.#dismiss(child, SHUTDOWN)
  }

  async restartChild(key: string): Promise<void> {
    const child = this.#known(key)
    child.mustBeDown()
    child.wanted = 'running'
    await child.lane.run(async () => {
      this.#mustBeWanted(child)
      child.mustBeDown()
      child.lives += 1
      await this.#start(child)
    })
  }

  async deleteChild(key: string): Promise<void> {
    const child = this.#known(key)
    child.mustBeDown()
    this.#forget(child, SHUTDOWN)
  }

  which(): { plan: ChildPlan; phase: Phase }[] {
    return this.#children.inStartOrder().map(({ plan, phase }) => ({ plan, phase }))
  }

  count(): ChildCount {
    return this.#children.count()
  }

  get(key: string): ChildPlan | undefined {
    return this.#children.get(key)?.plan
  }

  over(reason: Reason): void {
    for (const child of this.#children.inStartOrder()) {
      if (child.phase === 'waiting') child.leaveWait('stop')
      if (!this.#inSpec.has(child.plan)) child.plan.incarnations.end(reason)
    }
  }

  // --- ends -----------------------------------------------------------------------------------------------------

  /** Of the life of that id. */
  lifeEnded(id: string, reason: Reason): void {
    const child = this.#children.living(id)
    const life = child?.life
    if (child === undefined || life === undefined) return
    void child.lane.run(async () => {
      // It may have been stopped, and started anew, meanwhile.
      if (child.life === life && child.phase === 'running') await this.#ended(child, reason)
    })
  }

  async #ended(child: Child, reason: Reason): Promise<void> {
    const { plan } = child
    this.#die(child, reason)
    if (this.#ending || child.isDismissed()) return
    const decision = decide(plan.restart, reason)
    if (decision === 'restart') return this.#restart(child, 'life', reason.error ?? reason)
    this.#dismiss(child, reason, decision)
    if (!plan.significant) return
    const others = this.#children.inStartOrder().some((each) => each.plan.significant && each.phase !== 'down')
    if (!shutsDown(this.#input.autoShutdown, plan, others)) return
    this.#phase = 'ending'
    this.#ctx.exit(SHUTDOWN)
  }

  async #restart(child: Child, lost: Lost, why: unknown): Promise<void> {
    const { clock } = this.#input
    if (this.#restarts.exceeded(child, lost)) return this.#giveUp(child, why)
    const ms = this.#restarts.delay(child)
    if (ms === 0 && lost === 'life' && child.row % RUN !== 0) return this.#again(child)
    const again = (): void => void child.lane.run(() => this.#due(child))
    if (ms === 0) {
      // Others have their turn.
      child.wait(() => undefined)
      if (lost === 'start') return clock.setImmediate(again)
      // In the lane: whoever ended at the same moment is restarted with this one, as if there were no wait.
      await new Promise<void>((resolve) => clock.setImmediate(resolve))
      return this.#due(child)
    }
    const timer = clock.setTimeout(again, ms)
    // Whoever waits for the child keeps the process alive.
    timer.unref?.()
    child.wait(() => clock.clearTimeout(timer))
  }

  async #due(child: Child): Promise<void> {
    if (child.phase !== 'waiting' || child.isDismissed() || this.#ending) return
    child.leaveWait('due')
    await this.#again(child)
  }

  /** Starts `failed` anew, and with it whom the strategy says: those are stopped first, last started first. */
  async #again(failed: Child): Promise<void> {
    const group = this.#affected(failed)
    for (const child of [...group].reverse()) {
      if (child === failed) continue
      await this.#stop(child)
      if (child.plan.restart === 'temporary') this.#forget(child, SHUTDOWN)
    }
    for (const child of group) {
      if (this.#ending) return
      if (child.isDismissed() || !this.#children.has(child)) continue
      child.lives += 1
      try {
        await this.#start(child)
      } catch (error) {
        if (this.#ending) return
        if (!child.isDismissed()) return this.#startFailed(child, error)
      }
    }
  }

  #affected(failed: Child): readonly Child[] {
    const { strategy } = this.#input
    if (strategy === 'dynamic' || this.#alone) return [failed]
    const children = this.#children.inStartOrder().filter((child) => !child.isDismissed() && child.phase !== 'new')
    return affected(strategy, children, failed)
  }

  async #startFailed(child: Child, error: unknown): Promise<void> {
    this.#input.observer.failed?.(child.plan, error)
    if (child.lives > 0) this.#publish(child, { error })
    await this.#restart(child, 'start', error)
  }

  #giveUp(child: Child, why: unknown): void {
    const error = this.#restarts.limit(String(this.#ctx.self), child, why)
    this.#input.observer.gaveUp?.(error)
    this.#phase = 'ending'
    this.#ctx.exit({ type: 'shutdown', error })
  }

  // --- its own end ----------------------------------------------------------------------------------------------

  /** Each in its own time, last started first; those of a dynamic supervisor together. */
  async endAll(): Promise<void> {
    this.#phase = 'ending'
    const children = this.#children.inStopOrder()
    for (const child of children) child.abort(() => new ActorDownError(SHUTDOWN, { actor: child.plan.id }))
    const stopped = (child: Child): Promise<void> => child.lane.run(() => this.#stop(child))
    if (this.#input.strategy === 'dynamic') await Promise.all(children.map(stopped))
    else for (const child of children) await stopped(child)
  }

  /** Whether what is done with one child concerns no other. */
  get #alone(): boolean {
    const { strategy } = this.#input
    return strategy === 'one_for_one' || strategy === 'dynamic'
  }

  /** A kill comes without `endAll`: what is being started is killed, and must not be started again. */
  get #ending(): boolean {
    const { phase } = this.#self
    return this.#phase === 'ending' || (phase !== 'starting' && phase !== 'running')
  }

  get #self(): Cell {
    return targetOf(this.#ctx.self) as Cell
  }

  // --- one child ------------------------------------------------------------------------------------------------

  async #startFirst(child: Child): Promise<boolean> {
    const { plan } = child
    try {
      this.#mustBeWanted(child)
      const started = await this.#start(child)
      if (!started && (plan.restart === 'temporary' || this.#input.strategy === 'dynamic'))
        this.#forget(child, SHUTDOWN)
      return started
    } catch (error) {
      if (plan.persistent !== true || child.isDismissed() || this.#ending) {
        this.#forget(child, SHUTDOWN)
        throw error
      }
      await this.#startFailed(child, error)
      return false
    }
  }

  /** False when its init returned `ignore`. */
  async #start(child: Child): Promise<boolean> {
    const { plan, lives } = child
    let life: Target | undefined
    try {
      life = await plan.incarnations.start(this.#self, lives, child.begin())
    } catch (error) {
      child.take('failed')
      throw error
    }
    if (life === undefined) {
      child.take('ignored')
      plan.incarnations.close(SHUTDOWN)
      return false
    }
    child.take('started')
    this.#restarts.begun(child)
    this.#children.live(child, life)
    this.#input.observer.started?.(plan, life, lives)
    if (lives > 0) this.#publish(child, { id: this.#input.refOf(life).id })
    // One that has ended already is to be told of by its own reason; a watch would only say `noproc`.
    if (life.ended === undefined) this.#ctx.watch(this.#input.refOf(life))
    else this.lifeEnded(this.#input.refOf(life).id, life.ended)
    return true
  }

  /** Whatever it is doing. */
  async #stop(child: Child): Promise<void> {
    if (child.phase === 'waiting') child.leaveWait('stop')
    if (child.phase !== 'running' || child.life === undefined) return
    child.take('stop')
    const { life } = child
    this.#die(child, await endLife(life, child.plan.shutdown, this.#input.clock, this.#input.hostBehind(life)))
  }

  #die(child: Child, reason: Reason): void {
    const { life, plan } = child
    child.take('ended')
    this.#children.die(child)
    if (life !== undefined) this.#input.observer.ended?.(plan, life, reason)
  }

  /** It is not started again by itself. */
  #dismiss(child: Child, reason: Reason, decision = decide(child.plan.restart, SHUTDOWN)): void {
    if (decision === 'forget' || this.#input.strategy === 'dynamic') this.#forget(child, reason)
    else child.plan.incarnations.close(reason)
  }

  /** One message a restart, once its outcome is known. */
  #publish({ plan, lives }: Child, outcome: { id?: string; error?: unknown }): void {
    if (!this.#diagnostics.hasSubscribers) return
    const { system, self } = this.#ctx
    const about = { at: this.#input.clock.now(), supervisor: self.id, child: plan.id, restarts: lives }
    this.#diagnostics.publish({ system: system.name, ...about, ...outcome })
  }

  /** One of the spec is back with the supervisor's next life, behind the same ref. */
  #forget(child: Child, reason: Reason): void {
    this.#children.delete(child)
    if (this.#inSpec.has(child.plan)) child.plan.incarnations.close(reason)
    else child.plan.incarnations.end(reason)
  }

  #known(key: string): Child {
    const child = this.#children.get(key)
    if (child === undefined) throw new SupervisorError('ERR_CHILD_NOT_FOUND', { id: key })
    return child
  }

  /** It has waited for its turn meanwhile. */
  #mustBeWanted(child: Child): void {
    if (this.#ending || child.isDismissed()) throw new ActorDownError(SHUTDOWN, { actor: child.plan.id })
    if (!this.#children.has(child)) throw new SupervisorError('ERR_CHILD_NOT_FOUND', { id: child.plan.id })
  }
}
