/**
 * A process may be part of two systems: its own, and one that it has let in or come into. A ref of the one, sent within
 * the other, needs an address there: a stand-in takes the messages and passes them on, in order and with their credit.
 */
import { AbortError } from '../errors/kinds.js'
import type { Overflow } from '../mailbox/options.js'
import { Ring } from '../mailbox/ring.js'
import { type Address, idOf } from '../message/address.js'
import type { Asker, Sender } from '../message/envelope.js'
import type { Resident } from '../peer/resident.js'
import type { StopRequest } from '../ref/actor-ref.js'
import type { Target, Watcher } from '../ref/target.js'

interface Waiting {
  readonly name: string
  readonly arg: unknown
  readonly asker: Asker | undefined
  readonly sender: Sender
  readonly bytes: number
}

export class ForeignActor implements Resident {
  readonly address: Address
  readonly target: Target
  readonly #waiting = new Ring<Waiting>()
  #passing: 'on' | 'held' = 'on'
  /** It was told to end within so many milliseconds; a kill is sooner than any. */
  #ending: number | undefined

  constructor(address: Address, target: Target) {
    this.address = address
    this.target = target
  }

  get capacity(): number {
    return this.target.capacity
  }

  get overflow(): Overflow {
    return (this.target as { overflow?: Overflow }).overflow ?? 'wait'
  }

  admit(name: string, arg: unknown, asker: Asker | undefined, sender: Sender, bytes: number): void {
    const message = { name, arg, asker, sender, bytes }
    if (asker !== undefined) asker.onAbandon = (_, reason) => this.#withdraw(message, reason)
    this.#waiting.push(message)
    if (this.#passing === 'on') this.#pass()
  }

  /** Passed on when it says more than the last, so that who repeats himself fills nothing further on. */
  stop(options: StopRequest): void {
    if (this.#ending !== undefined && options.timeout >= this.#ending) return
    this.#ending = options.timeout
    this.target.stop(options)
  }

  kill(): void {
    if (this.#ending === KILLED) return
    this.#ending = KILLED
    this.target.kill()
  }

  /** Its number is of use as long as there may be another life. */
  onEnd(watcher: Watcher): void {
    if (this.target.onGone === undefined) this.target.onEnd(watcher)
    else this.target.onGone(watcher)
  }

  offEnd(watcher: Watcher): void {
    if (this.target.offGone === undefined) this.target.offEnd(watcher)
    else this.target.offGone(watcher)
  }

  get lasting(): boolean {
    return this.target.lasting === true
  }

  get stable(): Target | undefined {
    return this.lasting ? this.target : undefined
  }

  linkedBy(other: Target, on: boolean, heard?: () => void): void {
    this.target.linkedBy(other, on, heard)
  }

  /** What finds no room keeps its sender's room: the sender slows down as the actor does. */
  readonly #pass = (): void => {
    this.#passing = 'on'
    while (this.#waiting.length > 0) {
      if (!this.target.open) {
        this.#passing = 'held'
        void this.target.room().then(this.#pass)
        return
      }
      this.#hand(this.#waiting.shift() as Waiting)
    }
  }

  #hand({ name, arg, asker, sender, bytes }: Waiting): void {
    try {
      if (asker === undefined) this.target.tell(name, arg, undefined)
      else this.target.ask(name, arg, asker)
    } catch (error) {
      asker?.reject(error)
    }
    sender.handled(bytes)
  }

  #withdraw(message: Waiting, reason: unknown): void {
    if (this.#waiting.remove((each) => each === message) === undefined) return
    message.asker?.reject(reason ?? new AbortError({ what: 'The question' }))
    message.sender.handled(message.bytes)
  }
}

const KILLED = -1

/** The stand-ins of one host. Each is there until its actor has ended, or the host. */
export class ForeignActors {
  readonly #newAddress: () => Address
  readonly #onGone: (actor: number) => void
  /** By the system that it is of, and its id there. */
  readonly #byHome = new Map<object, Map<string, ForeignActor>>()
  readonly #byNumber = new Map<number, ForeignActor>()
  /** Take back the watch of each. */
  readonly #offs = new Map<number, () => void>()

  /** `onGone` is told of the number that is free of meaning now. */
  constructor(newAddress: () => Address, onGone: (actor: number) => void) {
    this.#newAddress = newAddress
    this.#onGone = onGone
  }

  get(actor: number): ForeignActor | undefined {
    return this.#byNumber.get(actor)
  }

  /** Who stands here for `target`. */
  of(target: Target): ForeignActor {
    const byId = this.#byHome.get(target.home) ?? new Map<string, ForeignActor>()
    const id = idOf(target.address)
    const known = byId.get(id)
    if (known !== undefined) return known
    const foreign = new ForeignActor(this.#newAddress(), target)
    const { actor } = foreign.address
    this.#byHome.set(target.home, byId.set(id, foreign))
    this.#byNumber.set(actor, foreign)
    const forget = (): void => {
      byId.delete(id)
      if (byId.size === 0) this.#byHome.delete(target.home)
      this.#byNumber.delete(actor)
      this.#offs.delete(actor)
      this.#onGone(actor)
    }
    this.#offs.set(actor, () => foreign.offEnd(forget))
    // A ref is on its way into a message right now: a watch that was packed meanwhile would tear that one apart.
    void SOON.then(() => {
      if (this.#offs.has(actor)) foreign.onEnd(forget)
    })
    return foreign
  }

  /** Their host has ended: the actors, which may live on, know nothing of it any more. */
  end(): void {
    for (const off of this.#offs.values()) off()
    this.#offs.clear()
  }
}

const SOON = Promise.resolve()
