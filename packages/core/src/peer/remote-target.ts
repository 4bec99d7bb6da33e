/**
 * An actor behind a peer. Bounds what is on its way: by messages and bytes toward the actor, by bytes toward its host,
 * by what waits before the channel; whichever is reached first.
 */
import { Watchers } from '../actor/watchers.js'
import { ActorDownError, MailboxFullError } from '../errors/kinds.js'
import type { Reason } from '../errors/reason.js'
import { type Overflow, type Overflowed, overflowed } from '../mailbox/options.js'
import { Ring } from '../mailbox/ring.js'
import { type Address, idOf } from '../message/address.js'
import { type Asker, isConsumer } from '../message/envelope.js'
import { transferOf, withMoved } from '../message/moved.js'
import type { StopRequest, TellOptions } from '../ref/actor-ref.js'
import type { Target, Watcher } from '../ref/target.js'
import { ACTOR_WINDOW } from './inlet.js'
import type { Linking } from './linking.js'

/** What a remote target needs of its peer. */
export interface Way {
  /** The system whose way it is. */
  readonly home: {
    deadLetter(target: Target, name: string, arg: unknown, why: Overflowed | 'down'): void
    /** At most so many messages were with the actor's host when it died. */
    lost(target: Target, count: number): void
  }
  /** False while the host's window is used up, or too much waits before the channel. */
  readonly open: boolean
  send(actor: number, name: string, id: number, value: unknown, transfer: readonly ArrayBuffer[] | undefined): number
  /** Sends a question with its chain and, for a stream, its window. */
  call(actor: number, name: string, id: number, value: unknown, asker: Asker): number
  /** Gives room to the stream that answers question `id`. */
  grant(id: number, items: number, bytes: number): void
  /** Registers a question; its number goes with the message. */
  ask(asker: Asker): number
  /** Takes back a question whose message could not be packed. */
  unask(id: number): void
  snapshot(name: string, value: unknown): unknown
  announce(url: string): void
  /** Asks to be told of its end. */
  watch(target: RemoteTarget): void
  stop(actor: number, options: StopRequest): void
  kill(actor: number): void
  /** `waiter` wants room: it is told once when the way opens. */
  whenOpen(waiter: { opened(): void }): void
  abandon(id: number): void
  link(linking: Linking): void
}

/** Where a remote actor's mailbox ends, as it travels with its refs. */
export interface RemoteGiven {
  readonly address: Address
  /** Of messages from here. */
  readonly capacity: number
  readonly overflow: Overflow
  readonly name?: string | undefined
  readonly watched?: boolean
  /** It stands for an actor whatever its life. */
  readonly lasting?: boolean
  /** What the mailbox there takes; told to whoever has started it. */
  readonly mailboxCapacity?: number
}

export class RemoteTarget implements Target {
  readonly address: Address
  readonly label: string
  readonly capacity: number
  readonly overflow: Overflow
  readonly mailbox: { readonly capacity: number; readonly overflow: Overflow }
  readonly #way: Way
  readonly #watchers = new Watchers()
  readonly #waiting = new Ring<{ name: string; arg: unknown; asker: Asker }>()
  #messages = 0
  #bytes = 0
  /** Of the messages under way, so many at most are tells. */
  #tells = 0
  #watched = false
  /** It was told to end from here. */
  #leaving = false
  #room: { promise: Promise<void>; resolve: () => void } | undefined

  constructor(way: Way, given: RemoteGiven) {
    this.#way = way
    this.address = given.address
    this.capacity = given.capacity
    this.overflow = given.overflow
    this.mailbox = { capacity: given.mailboxCapacity ?? given.capacity, overflow: given.overflow }
    this.label = given.name === undefined ? idOf(given.address) : `${given.name} (${idOf(given.address)})`
    this.#watched = given.watched ?? false
  }

  get home(): object {
    return this.#way.home
  }

  tell(name: string, arg: unknown, options?: TellOptions): boolean {
    if (this.ended !== undefined) return this.#dead(name, arg, 'down')
    this.#watch()
    if (!this.#takes) return this.#dead(name, arg, this.#whyNot)
    const transfer = transferOf(options)
    const value = transfer === undefined ? arg : withMoved(arg, transfer)
    this.#charge(this.#way.send(this.address.actor, name, 0, value, transfer))
    this.#tells += 1
    return true
  }

  ask(name: string, arg: unknown, asker: Asker): void {
    if (this.ended !== undefined) return asker.reject(new ActorDownError(this.ended, { actor: this.label }))
    this.#watch()
    const value = asker.transfer === undefined ? arg : withMoved(arg, asker.transfer)
    if (this.#takes) this.#send(name, value, asker)
    else if (this.overflow === 'wait') this.#wait(name, value, asker)
    else asker.reject(new MailboxFullError({ actor: this.label, capacity: this.capacity }))
  }

  get open(): boolean {
    return this.ended !== undefined || (this.#hasRoom && this.#waiting.length === 0)
  }

  room(): Promise<void> {
    if (this.open) return Promise.resolve()
    if (this.#room === undefined) {
      let resolve = (): void => undefined
      const promise = new Promise<void>((done) => {
        resolve = done
      })
      this.#room = { promise, resolve }
      this.#way.whenOpen(this)
    }
    return this.#room.promise
  }

  stop(options: StopRequest): void {
    if (this.ended !== undefined) return
    this.#leaving = true
    this.#watch()
    this.#way.stop(this.address.actor, options)
  }

  kill(): void {
    if (this.ended !== undefined) return
    this.#leaving = true
    this.#watch()
    this.#way.kill(this.address.actor)
  }

  get accepts(): boolean {
    return !this.#leaving && this.ended === undefined
  }

  onEnd(watcher: Watcher): void {
    this.#watch()
    this.#watchers.add(watcher)
  }

  offEnd(watcher: Watcher): void {
    this.#watchers.delete(watcher)
  }

  linkedBy(by: Target, on: boolean, heard?: () => void): void {
    if (this.ended === undefined) this.#way.link({ actor: this.address.actor, by, on, heard })
    else heard?.()
  }

  get exited(): Promise<Reason> {
    this.#watch()
    return this.#watchers.exited
  }

  get ended(): Reason | undefined {
    return this.#watchers.ended
  }

  /** Lets the actor's host load that module; in order with the messages. */
  announce(url: string): void {
    if (this.ended === undefined) this.#way.announce(url)
  }

  // --- told by the peer -----------------------------------------------------------------------------------------

  /** The actor has handled that much. */
  granted(messages: number, bytes: number): void {
    this.#messages = Math.max(0, this.#messages - messages)
    this.#tells = Math.min(this.#tells, this.#messages)
    this.#bytes = Math.max(0, this.#bytes - bytes)
    this.opened()
  }

  /** There may be room again: asks that wait go first, then those who wait to tell. */
  opened(): void {
    while (this.#hasRoom && this.#waiting.length > 0) {
      const { name, arg, asker } = this.#waiting.shift() as { name: string; arg: unknown; asker: Asker }
      if (!asker.settled) this.#send(name, arg, asker)
    }
    if (!this.#hasRoom)
      return this.#waiting.length > 0 || this.#room !== undefined ? this.#way.whenOpen(this) : undefined
    this.#room?.resolve()
    this.#room = undefined
  }

  /** `silent`: its host died without a word of what it had not handled. */
  end(reason: Reason, silent: boolean): void {
    if (silent && this.#tells > 0) this.#way.home.lost(this, this.#tells)
    for (let next = this.#waiting.shift(); next !== undefined; next = this.#waiting.shift()) {
      next.asker.reject(new ActorDownError(reason, { actor: this.label }))
    }
    this.#watchers.end(reason)
    this.#room?.resolve()
    this.#room = undefined
  }

  // --------------------------------------------------------------------------------------------------------------

  get #hasRoom(): boolean {
    return this.#wayOpen && this.#messages < this.capacity
  }

  get #wayOpen(): boolean {
    return this.#way.open && this.#bytes < ACTOR_WINDOW
  }

  /** Under `dropOldest` the actor itself drops what is too much; only the way to it may be full. */
  get #takes(): boolean {
    return this.overflow === 'dropOldest' ? this.#wayOpen : this.#hasRoom && this.#waiting.length === 0
  }

  /** What is dropped here is the newest, never the oldest. */
  get #whyNot(): Overflowed {
    return this.overflow === 'dropOldest' ? 'full' : overflowed(this.overflow)
  }

  #send(name: string, arg: unknown, asker: Asker): void {
    const id = this.#way.ask(asker)
    const { actor } = this.address
    try {
      const plain = asker.window === undefined && asker.chain === undefined
      this.#charge(
        plain ? this.#way.send(actor, name, id, arg, asker.transfer) : this.#way.call(actor, name, id, arg, asker),
      )
      asker.onAbandon = () => this.#way.abandon(id)
      if (isConsumer(asker)) asker.onGrant = (items, bytes) => this.#way.grant(id, items, bytes)
    } catch (error) {
      this.#way.unask(id)
      asker.reject(error)
    }
  }

  /** Packed later, but as it is now. */
  #wait(name: string, arg: unknown, asker: Asker): void {
    this.#waiting.push({ name, arg: this.#way.snapshot(name, arg), asker })
    asker.onAbandon = (_, reason) => {
      this.#waiting.remove((each) => each.asker === asker)
      asker.reject(reason)
    }
    this.#way.whenOpen(this)
  }

  #charge(bytes: number): void {
    this.#messages += 1
    this.#bytes += bytes
  }

  /** Its end is told to those only who asked. */
  #watch(): void {
    if (this.#watched) return
    this.#watched = true
    this.#way.watch(this)
  }

  #dead(name: string, arg: unknown, why: Overflowed | 'down'): false {
    this.#way.home.deadLetter(this, name, arg, why)
    return false
  }
}
