/**
 * One actor to all who hold its ref, whichever life it is in. It hands messages on to the life; what comes between two
 * lives, or finds no room, waits here and is handed on in order. Where the life runs in this thread, what waited in its
 * mailbox comes back here when it ends. What a life has had in hand is never handed on again.
 */
import { refuse, refuseFull, type Refuser, type Undelivered } from '../actor/refusing.js'
import { Watchers } from '../actor/watchers.js'
import type { Behaviour } from '../definition/define.js'
import { NOPROC, type Reason } from '../errors/reason.js'
import type { Overflow } from '../mailbox/options.js'
import { Ring } from '../mailbox/ring.js'
import { type Address, idOf } from '../message/address.js'
import { classed } from '../message/classed.js'
import { clone } from '../message/clone.js'
import type { Asker, Envelope, Returns } from '../message/envelope.js'
import type { Resident } from '../peer/resident.js'
import type { StopRequest } from '../ref/actor-ref.js'
import type { Target, Watcher } from '../ref/target.js'

/** A life, as what stands before it deals with it. */
export interface Life extends Target {
  readonly mailbox: { readonly capacity: number; readonly overflow: Overflow }
  /** False once its end has begun. */
  readonly accepts: boolean
  /** Of one in this thread: takes a message as its mailbox says. */
  accept?(envelope: Envelope): boolean
}

/** What it needs of the system. */
export interface StableHost {
  deadLetter(target: Pick<Target, 'address' | 'label' | 'capacity'>, name: string, arg: unknown, why: Undelivered): void
}

export interface StableGiven {
  /** Its number; the incarnation changes. */
  readonly address: Address
  readonly name: string
  /** Whether messages must be as they were at the call, however late they leave: its lives are elsewhere. */
  readonly copies: boolean
  /** Until a life says more. */
  readonly mailbox: { readonly capacity: number; readonly overflow: Overflow }
  /** Of lives in this thread. */
  readonly behaviour?: Behaviour | undefined
}

type Phase =
  | { readonly type: 'between' }
  | { readonly type: 'living'; readonly life: Life }
  /** The life gives back what it has not handled. */
  | { readonly type: 'returning'; readonly life: Life }
  | { readonly type: 'closed'; readonly reason: Reason }

export class StableActor implements Target, Returns, Refuser {
  readonly lasting = true
  /** Who takes what other hosts send for its number; it ends when there will never be another life. */
  readonly resident: Resident
  readonly home: StableHost & object
  readonly label: string
  address: Address
  mailbox: StableGiven['mailbox']
  readonly behaviour: Behaviour | undefined
  readonly #copies: boolean
  readonly #gone = new Watchers()
  #phase: Phase = { type: 'between' }
  /** What waits, oldest first. */
  #waiting = new Ring<Envelope>()
  /** What has come since a life began to give its messages back: those are older. */
  #newer = new Ring<Envelope>()
  #room: { promise: Promise<void>; resolve: () => void } | undefined
  /** The life that tells when it has room. */
  #heard: Life | undefined
  #passing: 'no' | 'soon' = 'no'

  constructor(host: StableHost & object, { address, name, copies, mailbox, behaviour }: StableGiven) {
    this.home = host
    this.address = address
    this.label = `${name} (${idOf(address)})`
    this.mailbox = mailbox
    this.behaviour = behaviour
    this.#copies = copies
    this.resident = residentOf(this, (envelope) => this.#admit(envelope))
  }

  get capacity(): number {
    return this.mailbox.capacity
  }

  get overflow(): Overflow {
    return this.mailbox.overflow
  }

  // --- its lives ------------------------------------------------------------------------------------------------

  /** From now on it lives so. */
  live(life: Life, incarnation: number): void {
    this.address = { ...this.address, incarnation }
    this.mailbox = life.mailbox
    this.#phase = { type: 'living', life }
    for (let next = this.#newer.shift(); next !== undefined; next = this.#newer.shift()) this.#waiting.push(next)
    life.onEnd(() => {
      if (this.life === life) this.#phase = { type: 'between' }
    })
    this.#pass()
  }

  /** The life in which it is; undefined between two. */
  get life(): Life | undefined {
    return 'life' in this.#phase ? this.#phase.life : undefined
  }

  async lifeNow(): Promise<Target | undefined> {
    return this.life
  }

  /** No other life follows, as far as is known: what waits is refused. */
  close(reason: Reason): void {
    this.#phase = { type: 'closed', reason }
    for (const ring of [this.#waiting, this.#newer])
      for (let next = ring.shift(); next !== undefined; next = ring.shift()) refuse(this, next, reason)
    this.#told()
  }

  /** There will never be another one. */
  end(reason: Reason): void {
    this.close(reason)
    this.#gone.end(reason)
  }

  /** A life gives back what it has not handled, oldest first: it is ending. */
  takeBack(envelope: Envelope, reason: Reason): void {
    if (this.#phase.type === 'closed') return refuse(this, { ...envelope, through: undefined }, this.#phase.reason)
    if (envelope.asker?.abandoned === true) return refuse(this, { ...envelope, through: undefined }, reason)
    if (this.#phase.type === 'living') {
      this.#phase = { type: 'returning', life: this.#phase.life }
      this.#newer = this.#waiting
      this.#waiting = new Ring()
    }
    this.#keep(this.#waiting, { ...envelope, through: undefined })
  }

  deadLetter(name: string, arg: unknown, why: Undelivered): void {
    this.home.deadLetter(this, name, arg, why)
  }

  // --- its messages ---------------------------------------------------------------------------------------------

  tell(name: string, arg: unknown, options: Parameters<Target['tell']>[2]): boolean {
    const life = this.#direct
    if (life === undefined) return this.#offer(this.#envelope(name, arg))
    return life.accept?.(this.#envelope(name, arg, this)) ?? life.tell(name, arg, options)
  }

  ask(name: string, arg: unknown, asker: Asker): void {
    const life = this.#direct
    if (life === undefined) this.#offer({ ...this.#envelope(name, arg), asker })
    else if (life.accept === undefined) life.ask(name, arg, asker)
    else life.accept({ ...this.#envelope(name, arg, this), asker })
  }

  get open(): boolean {
    return this.#phase.type === 'closed' || (this.#direct?.open ?? !this.#full)
  }

  room(): Promise<void> {
    if (this.open) return Promise.resolve()
    if (this.#room === undefined) {
      let resolve = (): void => undefined
      const promise = new Promise<void>((done) => {
        resolve = done
      })
      this.#room = { promise, resolve }
      this.#listen()
    }
    return this.#room.promise
  }

  // --- the life at the call -------------------------------------------------------------------------------------

  get exited(): Promise<Reason> {
    return this.life?.exited ?? Promise.resolve(NOPROC)
  }

  get ended(): Reason | undefined {
    return this.life === undefined ? NOPROC : this.life.ended
  }

  stop(options: StopRequest): void {
    this.life?.stop(options)
  }

  kill(): void {
    this.life?.kill()
  }

  onEnd(watcher: Watcher): void {
    if (this.life === undefined) watcher(NOPROC)
    else this.life.onEnd(watcher)
  }

  offEnd(watcher: Watcher): void {
    this.life?.offEnd(watcher)
  }

  linkedBy(other: Target, on: boolean, heard?: () => void): void {
    if (this.life === undefined) heard?.()
    else this.life.linkedBy(other, on, heard)
  }

  // --- for good -------------------------------------------------------------------------------------------------

  onGone(watcher: Watcher): void {
    this.#gone.add(watcher)
  }

  offGone(watcher: Watcher): void {
    this.#gone.delete(watcher)
  }

  /** Of another host, which has paid for the room. */
  #admit(envelope: Envelope): void {
    if (this.#phase.type === 'closed') return refuse(this, envelope, this.#phase.reason)
    this.#keep(this.#last, envelope)
    this.#pass()
  }

  // --- what waits -----------------------------------------------------------------------------------------------

  /** Where a message goes at once: nothing waits before it, and the life has room, or decides itself what to do then. */
  get #direct(): Life | undefined {
    const { life } = this
    if (life?.accepts !== true || this.#length > 0) return undefined
    return life.open || this.#limit === 0 ? life : undefined
  }

  get #length(): number {
    return this.#waiting.length + this.#newer.length
  }

  /** Messages that may wait here: those that may wait at the life are not counted twice. */
  get #limit(): number {
    const { life } = this
    return life?.accepts === true ? Math.max(0, this.capacity - life.capacity) : this.capacity
  }

  get #full(): boolean {
    return this.#length >= this.#limit
  }

  get #last(): Ring<Envelope> {
    return this.#phase.type === 'living' ? this.#waiting : this.#newer
  }

  #envelope(name: string, arg: unknown, through?: Returns): Envelope {
    const value = this.#copies && through === undefined ? clone(classed(arg), `The argument of '${name}'`) : arg
    return { name, arg: value, asker: undefined, sender: undefined, bytes: 0, through }
  }

  /** Takes a message of this thread; false when it is not taken. An ask may wait for room. */
  #offer(envelope: Envelope): boolean {
    if (this.#phase.type === 'closed') {
      refuse(this, envelope, this.#phase.reason)
      return false
    }
    if (this.#full && !(this.overflow === 'wait' && envelope.asker !== undefined)) {
      const oldest = this.overflow === 'dropOldest' ? (this.#waiting.shift() ?? this.#newer.shift()) : undefined
      refuseFull(this, oldest ?? envelope)
      if (oldest === undefined) return false
    }
    this.#keep(this.#last, envelope)
    if (this.life?.accepts === true) this.#passSoon()
    return true
  }

  #keep(ring: Ring<Envelope>, envelope: Envelope): void {
    const { asker } = envelope
    if (asker !== undefined) asker.onAbandon = (_, reason) => this.#withdraw(envelope, reason)
    ring.push(envelope)
  }

  #withdraw(envelope: Envelope, reason: unknown): void {
    const same = (each: Envelope): boolean => each === envelope
    if ((this.#waiting.remove(same) ?? this.#newer.remove(same)) === undefined) return
    envelope.asker?.reject(reason)
    envelope.sender?.handled(envelope.bytes)
    this.#told()
  }

  /** In order, as far as the life has room. */
  readonly #pass = (): void => {
    this.#passing = 'no'
    for (let { life } = this; life?.accepts === true && this.#waiting.length > 0; life = this.life) {
      if (!life.open) return this.#passSoon()
      this.#hand(life, this.#waiting.shift() as Envelope)
    }
    this.#told()
  }

  #passSoon(): void {
    if (this.#passing === 'soon' || this.life === undefined) return
    this.#passing = 'soon'
    void this.life.room().then(this.#pass)
  }

  #hand(life: Life, envelope: Envelope): void {
    const { name, arg, asker, sender, bytes } = envelope
    try {
      if (life.accept !== undefined) return void life.accept({ ...envelope, through: this })
      if (asker === undefined) life.tell(name, arg, undefined)
      else life.ask(name, arg, asker)
    } catch (error) {
      if (asker === undefined) this.deadLetter(name, arg, 'unknown')
      else asker.reject(error)
    }
    sender?.handled(bytes)
  }

  /** Whoever waits for room may have it now, or once the life has some. */
  #told(): void {
    if (this.#room === undefined) return
    if (!this.open) return this.#listen()
    this.#room.resolve()
    this.#room = undefined
  }

  /** To the life where all depends on its room; what waits here is told of otherwise. */
  #listen(): void {
    const life = this.#direct
    if (life === undefined || life === this.#heard) return
    this.#heard = life
    void life.room().then(() => {
      if (this.#heard === life) this.#heard = undefined
      this.#told()
    })
  }
}

function residentOf(stable: StableActor, admit: (envelope: Envelope) => void): Resident {
  return {
    stable,
    get address() {
      return stable.address
    },
    get capacity() {
      return stable.capacity
    },
    get overflow() {
      return stable.overflow
    },
    admit: (name, arg, asker, sender, bytes) => admit({ name, arg, asker, sender, bytes, through: undefined }),
    stop: (options) => stable.stop(options),
    kill: () => stable.kill(),
    linkedBy: (other, on, heard) => stable.linkedBy(other, on, heard),
    onEnd: (watcher) => stable.onGone(watcher),
    offEnd: (watcher) => stable.offGone(watcher),
  }
}
