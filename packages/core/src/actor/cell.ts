/**
 * One living actor: takes one message at a time from its mailbox, runs the handler, settles the asker, and ends once.
 * What it needs of the system is handed in as `CellHost`; it knows neither peers nor supervisors.
 */
import type { Context } from '../definition/context.js'
import type { Behaviour } from '../definition/define.js'
import { ActorDownError, DeadlockError } from '../errors/kinds.js'
import { crashed, KILLED, type Reason, SHUTDOWN } from '../errors/reason.js'
import type { Overflow } from '../mailbox/options.js'
import { type Address, idOf } from '../message/address.js'
import { type Asker, type Consumer, type Envelope, isConsumer, type Sender } from '../message/envelope.js'
import { isIgnore } from '../message/refusal.js'
import type { StopRequest } from '../ref/actor-ref.js'
import type { Ref } from '../ref/ref.js'
import type { Target, Watcher } from '../ref/target.js'
import { isThenable } from '../wait/thenable.js'
import { LazyAbort } from './abort.js'
import { Backlog } from './backlog.js'
import type { CellHost } from './cell-host.js'
import { Children } from './children.js'
import { Consuming } from './consuming.js'
import { ActorContext, type ContextOwner, type ContextParts } from './context.js'
import { Flows, type FlowsOwner } from './flows.js'
import { Hand, type HandOwner, type Scope } from './hand.js'
import { misused, mustKnow, refuse, type Refuser, refuseUnknown, type Undelivered } from './refusing.js'
import { type TimerNote, Timers } from './timers.js'
import { type DownNote, Watching } from './watching.js'
import { Watchers } from './watchers.js'

/** `closing`: takes no more messages; children, `onStop` and then the end. `killing`: the same without `onStop`. */
type Phase = 'starting' | 'running' | 'closing' | 'killing' | 'ended'

/** After that many messages in one go other actors, timers and channels get their turn. */
const BUDGET = 2_000

export class Cell implements Target, ContextOwner, HandOwner, FlowsOwner, Refuser {
  readonly address: Address
  readonly name: string | undefined
  readonly behaviour: Behaviour
  readonly parent: Ref | undefined
  readonly children: Children
  readonly #host: CellHost<Cell>
  readonly #backlog: Backlog
  readonly #watchers = new Watchers()
  readonly #watching: Watching
  readonly #timers: Timers
  readonly #consuming = new Consuming()
  readonly #flows = new Flows(this)
  readonly #parts: ContextParts
  readonly #context: Context
  readonly #hand: Hand
  #phase: Phase = 'starting'
  /** Asked to end once the message in hand is done. */
  #ending: { reason: Reason; drain: boolean } | undefined
  #scheduled = false
  #ref: Ref | undefined

  constructor(
    host: CellHost<Cell>,
    given: { address: Address; behaviour: Behaviour; name: string | undefined; parent: Ref | undefined },
  ) {
    this.address = given.address
    this.name = given.name
    this.behaviour = given.behaviour
    this.parent = given.parent
    this.#host = host
    this.#backlog = new Backlog(this, () => this.#schedule())
    this.#watching = new Watching((note) => this.#post(note))
    this.#timers = new Timers(this, host.clock, (envelope) => this.#backlog.note(envelope))
    const abort = new LazyAbort()
    this.#parts = {
      system: host.system,
      clock: host.clock,
      abort,
      watching: this.#watching,
      consuming: this.#consuming,
      timers: this.#timers,
      spawn: () => host.spawnFor(this),
      chain: () => this.#hand.chain,
      stash: () => this.#hand.stash((envelope) => this.#backlog.keep(envelope)),
      unstash: () => this.#backlog.release(),
    }
    this.#context = new ActorContext(this, this.#parts)
    this.#hand = new Hand(this, { context: this.#context, abort })
    this.children = new Children((reason) => this.#fail(reason))
  }

  get label(): string {
    return this.name === undefined ? idOf(this.address) : `${this.name} (${idOf(this.address)})`
  }

  get home(): object {
    return this.#host.system
  }

  get capacity(): number {
    return this.behaviour.mailbox.capacity
  }

  /** Travels with its refs: asks from other hosts are bounded as those from here. */
  get overflow(): Overflow {
    return this.behaviour.mailbox.overflow
  }

  get phase(): Phase {
    return this.#phase
  }

  get waiting(): number {
    return this.#backlog.length
  }

  get ref(): Ref {
    return (this.#ref ??= this.#host.refOf(this))
  }

  // --- its life -------------------------------------------------------------------------------------------------

  /**
   * Runs `init`. Resolves when the actor takes messages; with false when `init` returned `ignore`.
   * Rejects with ActorDownError when it ends before that.
   */
  start(input: unknown): Promise<boolean> {
    return new Promise<boolean>((resolve, reject) => {
      let ignored = false
      this.onEnd((reason) =>
        ignored ? resolve(false) : reject(new ActorDownError(reason, { actor: `${this.label} in init` })),
      )
      const started = (state: unknown): void => {
        if (this.#phase !== 'starting') return
        ignored = isIgnore(state)
        if (ignored) return this.#end({ type: 'normal' })
        this.#hand.begin(state)
        this.#phase = 'running'
        resolve(true)
        this.#schedule()
      }
      const failed = (error: unknown): void => {
        if (this.#phase !== 'starting') return
        this.#report(error)
        this.#fail(crashed(error))
      }
      if (this.#phase !== 'starting') return
      try {
        const state = this.behaviour.init(input, this.#context)
        if (isThenable(state)) state.then(started, failed)
        else started(state)
      } catch (error) {
        failed(error)
      }
    })
  }

  stop({ drain, timeout }: StopRequest): void {
    if (this.#phase === 'ended') return
    if (timeout !== Infinity) {
      const timer = this.#host.clock.setTimeout(() => this.kill(), timeout)
      this.onEnd(() => this.#host.clock.clearTimeout(timer))
    }
    this.#endAfterHand({ type: 'shutdown' }, drain)
  }

  exit(reason: Reason): void {
    this.#endAfterHand(reason, false)
  }

  kill(): void {
    if (this.#phase === 'killing' || this.#phase === 'ended') return
    this.#phase = 'killing'
    this.#abandonWork(KILLED)
    void this.children.kill().then(() => this.#end(KILLED))
  }

  onEnd(watcher: Watcher): void {
    this.#watchers.add(watcher)
  }

  offEnd(watcher: Watcher): void {
    this.#watchers.delete(watcher)
  }

  get exited(): Promise<Reason> {
    return this.#watchers.exited
  }

  get ended(): Reason | undefined {
    return this.#watchers.ended
  }

  // --- its messages ---------------------------------------------------------------------------------------------

  tell(name: string, arg: unknown): boolean {
    if (!this.#accepts) return this.#dead(name, arg, 'down')
    mustKnow(this, name)
    const envelope: Envelope = { name, arg, asker: undefined, sender: undefined, bytes: 0 }
    return this.#backlog.offer(envelope)
  }

  ask(name: string, arg: unknown, asker: Asker): void {
    if (!this.#accepts) return asker.reject(this.#downError())
    mustKnow(this, name)
    if (this.#waitsFor(asker)) return asker.reject(this.#deadlock(asker))
    const envelope: Envelope = { name, arg, asker, sender: undefined, bytes: 0 }
    asker.onAbandon = this.#abandoned
    this.#backlog.offer(envelope)
  }

  /** A message over a peer, which has reserved its room. */
  admit(name: string, arg: unknown, asker: Asker | undefined, sender: Sender, bytes: number): void {
    const envelope: Envelope = { name, arg, asker, sender, bytes }
    if (!this.#accepts) return refuse(this, envelope, this.ended ?? this.#ending?.reason ?? KILLED)
    if (asker !== undefined) {
      if (this.#waitsFor(asker)) {
        asker.reject(this.#deadlock(asker))
        return sender.handled(bytes)
      }
      asker.onAbandon = this.#abandoned
    }
    this.#backlog.admit(envelope)
  }

  get open(): boolean {
    return !this.#accepts || !this.#backlog.full
  }

  room(): Promise<void> {
    return this.#accepts ? this.#backlog.room() : Promise.resolve()
  }

  // --- one message at a time ------------------------------------------------------------------------------------

  get #alive(): boolean {
    return this.#phase === 'running' || this.#phase === 'starting'
  }

  get #accepts(): boolean {
    return this.#ending === undefined && this.#alive
  }

  #schedule(): void {
    if (this.#scheduled || !this.#hand.empty || this.#phase !== 'running') return
    this.#scheduled = true
    void SOON.then(this.#run)
  }

  readonly #run = (): void => {
    this.#scheduled = false
    for (let left = BUDGET; this.#phase === 'running' && this.#hand.empty; left -= 1) {
      if (this.#ending !== undefined && !(this.#ending.drain && this.#backlog.handleable > 0)) {
        return this.#close(this.#ending.reason)
      }
      if (left === 0) {
        this.#scheduled = true
        return this.#host.clock.setImmediate(this.#run)
      }
      const stepped = this.#flows.step()
      if (this.#phase !== 'running') return
      const envelope = this.#backlog.take()
      if (envelope === undefined) {
        if (stepped) continue
        return
      }
      if (envelope.note === undefined) this.#handle(envelope)
      else if (envelope.note.kind === 'down') this.#handleNews(envelope, envelope.note as DownNote)
      else this.#handle(this.#timers.due(envelope, envelope.note as TimerNote))
    }
  }

  /** Undefined for one that was taken back. */
  #handle(envelope: Envelope | undefined): void {
    if (envelope === undefined) return
    const handler = this.behaviour.handlers.get(envelope.name)
    if (handler === undefined) refuseUnknown(this, envelope)
    else if (this.behaviour.generators.has(envelope.name) && !isConsumer(envelope.asker)) misused(this, envelope)
    else this.#hand.take(envelope, handler)
  }

  stepWaits(): void {
    this.#schedule()
  }

  scopeFor(consumer: Consumer): Scope {
    const abort = new LazyAbort()
    const context = new ActorContext(this, { ...this.#parts, abort, chain: () => consumer.chain ?? [] })
    return { context, abort }
  }

  flow(consumer: Consumer, result: unknown, scope: Scope): void {
    this.#flows.start(consumer, result, scope)
  }

  #handleNews(envelope: Envelope, note: DownNote): void {
    this.#watching.done(note)
    if (note.cancelled || this.behaviour.onDown === undefined) return
    this.#hand.takeNews(envelope, { ref: note.ref, reason: note.reason })
  }

  handDone(): void {
    this.#schedule()
  }

  handCrashed(error: unknown): void {
    this.#report(error)
    this.#fail(crashed(error))
  }

  /** The asker gave up: a message in the queue is taken back, the handler at work is told by `ctx.signal`. */
  readonly #abandoned = (asker: Asker, reason: unknown): void => {
    if (this.#hand.holds(asker)) return this.#hand.giveUp(reason)
    const envelope = this.#backlog.withdraw(asker)
    asker.reject(reason)
    envelope?.sender?.handled(envelope.bytes)
  }

  #post(note: DownNote): void {
    if (this.#phase === 'ended') return
    this.#backlog.note({ name: '', arg: undefined, asker: undefined, sender: undefined, bytes: 0, note })
  }

  // --- its end --------------------------------------------------------------------------------------------------

  #endAfterHand(reason: Reason, drain: boolean): void {
    if (this.#ending !== undefined || !this.#alive) return
    this.#ending = { reason, drain }
    if (this.#phase === 'starting') this.#fail(reason)
    else this.#schedule()
  }

  /** Ends without `onStop`: a crash, a failed start, or a linked child's end. */
  #fail(reason: Reason): void {
    if (!this.#alive) return
    this.#phase = 'closing'
    this.#abandonWork(reason)
    void this.#endChildren().then(() => this.#closed(reason))
  }

  #close(reason: Reason): void {
    this.#phase = 'closing'
    this.#refuseQueue(reason)
    void this.#flows
      .end(this.#downError(reason))
      .then(() => this.#endChildren())
      .then(() =>
        this.#phase === 'closing' ? this.behaviour.onStop?.(this.#hand.state, reason, this.#context) : undefined,
      )
      .then(
        () => this.#closed(reason),
        (error: unknown) => {
          this.#report(error)
          this.#closed(crashed(error))
        },
      )
  }

  /** A supervisor ends its children itself, each in its own time; linked ones are stopped here. */
  async #endChildren(): Promise<void> {
    await this.behaviour.endChildren?.(this.#hand.state)
    await this.children.stop()
  }

  /** A kill that came meanwhile has the last word. */
  #closed(reason: Reason): void {
    if (this.#phase === 'closing') this.#end(reason)
  }

  #end(reason: Reason): void {
    if (this.#phase === 'ended') return
    this.#phase = 'ended'
    this.#abandonWork(reason)
    this.#consuming.end()
    this.#watching.end()
    this.#host.forget(this)
    this.#watchers.end(reason)
    this.#host.emit({ type: 'down', ...this.#about, reason })
  }

  #report(error: unknown): void {
    this.#host.emit({ type: 'crashed', ...this.#about, error })
  }

  get #about(): { id: string; name?: string } {
    return { id: idOf(this.address), ...(this.name === undefined ? {} : { name: this.name }) }
  }

  #refuseQueue(reason: Reason): void {
    this.#timers.end()
    this.#backlog.refuse(reason)
  }

  deadLetter(name: string, arg: unknown, why: Undelivered): void {
    this.#host.deadLetter(this, name, arg, why)
  }

  #dead(name: string, arg: unknown, why: Undelivered): false {
    this.deadLetter(name, arg, why)
    return false
  }

  #downError(reason: Reason = this.ended ?? this.#ending?.reason ?? SHUTDOWN): ActorDownError {
    return new ActorDownError(reason, { actor: this.label })
  }

  /** Whatever handlers and generators still do, nobody hears of it. */
  #abandonWork(reason: Reason): void {
    this.#hand.disown(reason)
    void this.#flows.end(this.#downError(reason))
    this.#refuseQueue(reason)
  }

  /** Whether that question is asked on behalf of the very message in hand. */
  #waitsFor({ chain }: Asker): boolean {
    return chain !== undefined && this.#hand.standsIn(chain)
  }

  #deadlock({ chain = [] }: Asker): DeadlockError {
    return new DeadlockError({ chain: [...chain, this.label].join(' -> ') })
  }
}

/** Resolved for ever: `then` on it is the cheapest way to run soon. */
const SOON = Promise.resolve()
