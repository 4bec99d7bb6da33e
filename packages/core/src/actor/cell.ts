/**
 * One living actor: takes one message at a time from its mailbox, runs the handler, settles the asker, and ends once.
 * What it needs of the system is handed in as `CellHost`; it knows neither peers nor supervisors.
 */
import type { Context } from '../definition/context.js'
import { ActorDownError } from '../errors/kinds.js'
import { crashed, KILLED, NORMAL, type Reason, SHUTDOWN } from '../errors/reason.js'
import { type Asker, type Consumer, type Envelope, isConsumer, type Sender } from '../message/envelope.js'
import type { StopRequest } from '../ref/actor-ref.js'
import type { Ref } from '../ref/ref.js'
import type { Target, Watcher } from '../ref/target.js'
import { LazyAbort } from './abort.js'
import { Backlog } from './backlog.js'
import type { CellHost } from './cell-host.js'
import { Children } from './children.js'
import { Consuming } from './consuming.js'
import { ActorContext, type ContextOwner, type ContextParts } from './context.js'
import { Deadline } from './deadline.js'
import { Flows, type FlowsOwner } from './flows.js'
import { Hand, type HandOwner } from './hand.js'
import { type CellGiven, Identity } from './identity.js'
import { runInit } from './init.js'
import { type Knower, misused, mustKnow, refuse, refuseUnknown, type Undelivered } from './refusing.js'
import { type EndNote, Ties } from './ties.js'
import { type TimerNote, Timers } from './timers.js'
import { Turns, type TurnTaker } from './turns.js'
import { Watchers } from './watchers.js'

/** `closing`: takes no more messages; children, `onStop` and then the end. `killing`: the same without `onStop`. */
type Phase = 'starting' | 'running' | 'closing' | 'killing' | 'ended'

export class Cell extends Identity implements Target, ContextOwner, HandOwner, FlowsOwner, TurnTaker, Knower {
  readonly children: Children
  /** Of one whose time at a message is bounded. */
  runTime: TurnTaker['runTime']
  readonly #host: CellHost<Cell>
  readonly #backlog: Backlog
  readonly #watchers = new Watchers()
  readonly #ties: Ties
  readonly #timers: Timers
  readonly #consuming = new Consuming()
  readonly #flows = new Flows(this)
  readonly #parts: ContextParts
  readonly #context: Context
  readonly #hand: Hand
  readonly #turns: Turns
  #phase: Phase = 'starting'
  /** Asked to end once the message in hand is done. */
  #ending: { reason: Reason; drain: boolean } | undefined
  #ref: Ref | undefined
  readonly #deadline = new Deadline(() => this.kill())

  constructor(host: CellHost<Cell>, given: CellGiven) {
    super(given)
    this.#host = host
    this.#turns = new Turns(this, host.clock)
    this.#backlog = new Backlog(this, () => this.#turns.schedule())
    const post = (envelope: Envelope): void => this.#backlog.note(envelope)
    this.#ties = new Ties(this, host, { post, fail: (reason) => this.#fail(reason) })
    this.#timers = new Timers(this, host.clock, post)
    const abort = new LazyAbort()
    this.#parts = {
      system: host.system,
      clock: host.clock,
      abort,
      ties: this.#ties,
      consuming: this.#consuming,
      timers: this.#timers,
      spawn: () => host.spawnFor(this),
      chain: () => this.#hand.chain,
      stash: () => this.#hand.stash((envelope) => this.#backlog.keep(envelope)),
      unstash: () => this.#backlog.release(),
    }
    this.#context = new ActorContext(this, this.#parts)
    this.#hand = new Hand(this, { context: this.#context, abort }, this.#flows)
    this.children = new Children((child) => this.#ties.links.adopt(child))
  }

  get home(): object {
    return this.#host.system
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
      const whileStarting = (then: () => void): void => {
        if (this.#phase === 'starting') then()
      }
      whileStarting(() =>
        runInit(this.behaviour, input, this.#context, {
          started: (state) =>
            whileStarting(() => {
              this.#hand.begin(state)
              this.#phase = 'running'
              resolve(true)
              this.#turns.schedule()
            }),
          ignored: () =>
            whileStarting(() => {
              ignored = true
              this.#fail(NORMAL)
            }),
          failed: (error) => whileStarting(() => this.handCrashed(error)),
        }),
      )
    })
  }

  stop({ drain, timeout }: StopRequest): void {
    if (this.#phase === 'ended') return
    this.#deadline.within(timeout, this.#host.clock)
    this.#endAfterHand({ type: 'shutdown' }, drain)
  }

  exit(reason: Reason): void {
    this.#endAfterHand(reason, false)
  }

  kill(): void {
    if (this.#phase === 'killing' || this.#phase === 'ended') return
    this.#phase = 'killing'
    this.#ending = { reason: KILLED, drain: false }
    this.#abandonWork(KILLED)
    void this.children.kill().then(() => this.#end(KILLED))
  }

  onEnd(watcher: Watcher): void {
    this.#watchers.add(watcher)
  }

  offEnd(watcher: Watcher): void {
    this.#watchers.delete(watcher)
  }

  linkedBy(other: Target, on: boolean, heard?: () => void): void {
    this.#ties.links.linkedBy(other, on)
    heard?.()
  }

  get exited(): Promise<Reason> {
    return this.#watchers.exited
  }

  get ended(): Reason | undefined {
    return this.#watchers.ended
  }

  // --- its messages ---------------------------------------------------------------------------------------------

  get takesMore(): boolean {
    return this.accepts || this.handover === Infinity
  }

  tell(name: string, arg: unknown): boolean {
    return this.accept({ name, arg, asker: undefined, sender: undefined, bytes: 0, through: undefined })
  }

  ask(name: string, arg: unknown, asker: Asker): void {
    this.accept({ name, arg, asker, sender: undefined, bytes: 0, through: undefined })
  }

  /** A message of this thread. False when it is not taken. */
  accept(envelope: Envelope): boolean {
    if (!this.accepts) {
      refuse(this, envelope, this.ended ?? this.#ending?.reason ?? SHUTDOWN)
      return false
    }
    mustKnow(this, envelope.name)
    const { asker, sender, bytes } = envelope
    if (asker !== undefined && !this.#mayWait(asker)) {
      sender?.handled(bytes)
      return true
    }
    if (sender === undefined) return this.#backlog.offer(envelope)
    this.#backlog.admit(envelope)
    return true
  }

  /** A message over a peer, which has reserved its room. */
  admit(name: string, arg: unknown, asker: Asker | undefined, sender: Sender, bytes: number): void {
    const envelope: Envelope = { name, arg, asker, sender, bytes }
    if (!this.accepts) return refuse(this, envelope, this.ended ?? this.#ending?.reason ?? KILLED)
    if (asker === undefined || this.#mayWait(asker)) this.#backlog.admit(envelope)
    else sender.handled(bytes)
  }

  /** False for one who would wait for himself: he has been told. */
  #mayWait(asker: Asker): boolean {
    const deadlock = this.#hand.deadlock(asker)
    if (deadlock === undefined) asker.onAbandon = this.#abandoned
    else asker.reject(deadlock)
    return deadlock === undefined
  }

  get open(): boolean {
    return !this.accepts || !this.#backlog.full
  }

  room(): Promise<void> {
    return this.accepts ? this.#backlog.room() : Promise.resolve()
  }

  // --- one message at a time ------------------------------------------------------------------------------------

  get #alive(): boolean {
    return this.#phase === 'running' || this.#phase === 'starting'
  }

  /** False once its end has begun. */
  get accepts(): boolean {
    return this.#ending === undefined && this.#alive
  }

  get free(): boolean {
    return this.#phase === 'running' && this.#hand.empty
  }

  /** A step of a stream, then a message or news; or the end, when that has been asked for. */
  takeTurn(): boolean {
    if (this.#ending !== undefined && !(this.#ending.drain && this.#backlog.handleable > 0)) {
      void this.#close(this.#ending.reason)
      return false
    }
    const stepped = this.#flows.step()
    // The step may have asked for the end: nothing more is taken before that is looked at.
    if (stepped && (this.#phase !== 'running' || this.#ending !== undefined)) return true
    const envelope = this.#backlog.take()
    if (envelope === undefined) return stepped
    if (envelope.note === undefined) this.#handle(envelope)
    else if (envelope.note.kind === 'timer') this.#handle(this.#timers.due(envelope, envelope.note as TimerNote))
    else this.#hand.takeNews(envelope, this.#ties.take(envelope.note as EndNote))
    return true
  }

  /** Undefined for one that was taken back. */
  #handle(envelope: Envelope | undefined): void {
    if (envelope === undefined) return
    const handler = this.behaviour.handlers.get(envelope.name)
    if (handler === undefined) refuseUnknown(this, envelope)
    else if (this.behaviour.generators?.has(envelope.name) === true && !isConsumer(envelope.asker))
      misused(this, envelope)
    else this.#hand.take(envelope, handler)
  }

  contextFor(consumer: Consumer, abort: LazyAbort): Context {
    return new ActorContext(this, { ...this.#parts, abort, chain: () => this.#hand.chainFor(consumer) })
  }

  mayGoOn(): void {
    this.#turns.schedule()
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

  // --- its end --------------------------------------------------------------------------------------------------

  #endAfterHand(reason: Reason, drain: boolean): void {
    if (this.#ending !== undefined || !this.#alive) return
    this.#ending = { reason, drain }
    if (this.#phase === 'starting') this.#fail(reason)
    else this.#turns.schedule()
  }

  /** Ends without `onStop`: a crash, a failed start, or an exit signal. */
  #fail(reason: Reason): void {
    if (!this.#alive) return
    this.#phase = 'closing'
    this.#ending = { reason, drain: false }
    this.#abandonWork(reason)
    void this.#endChildren().then(() => this.#closed(reason))
  }

  async #close(reason: Reason): Promise<void> {
    this.#phase = 'closing'
    this.#refuseQueue(reason)
    try {
      await this.#flows.end(() => this.#downError(reason))
      await this.#endChildren()
      if (this.#phase === 'closing') await this.behaviour.onStop?.(this.#hand.state, reason, this.#context)
      this.#closed(reason)
    } catch (error) {
      this.#report(error)
      this.#closed(crashed(error))
    }
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
    this.#deadline.end()
    this.#consuming.end()
    this.#ties.end()
    this.#host.forget(this)
    // First the event: what a watcher is told may leave this host at once.
    this.#host.emit({ type: 'down', ...this.about, reason })
    this.#watchers.end(reason)
  }

  #report(error: unknown): void {
    this.#host.emit({ type: 'crashed', ...this.about, error })
  }

  #refuseQueue(reason: Reason): void {
    this.#timers.end()
    this.#backlog.refuse(reason)
  }

  deadLetter(name: string, arg: unknown, why: Undelivered): void {
    this.#host.deadLetter(this, name, arg, why)
  }

  #downError(reason: Reason = this.ended ?? this.#ending?.reason ?? SHUTDOWN): ActorDownError {
    return new ActorDownError(reason, { actor: this.label })
  }

  /** Whatever handlers and generators still do, nobody hears of it. */
  #abandonWork(reason: Reason): void {
    this.#hand.disown(reason)
    void this.#flows.end(() => this.#downError(reason))
    this.#refuseQueue(reason)
  }
}
