/**
 * An actor that is a number and a function: without init, context, children or a place in the tree. For Troupe's own
 * parts that others must be able to tell and to watch, such as the near ends of proxies. Lives until `end`, or as long as
 * its system.
 */
import { ActorDownError } from '../errors/kinds.js'
import { KILLED, NORMAL, type Reason } from '../errors/reason.js'
import type { Overflow } from '../mailbox/options.js'
import { type Address, idOf } from '../message/address.js'
import type { Asker, Sender } from '../message/envelope.js'
import type { Target, Watcher } from '../ref/target.js'
import { Watchers } from './watchers.js'

type Receive = (name: string, arg: unknown) => void

interface Letter {
  readonly name: string
  readonly arg: unknown
  readonly sender: Sender | undefined
  readonly bytes: number
}

export class MinimalActor implements Target {
  readonly address: Address
  readonly home: object
  readonly label: string
  readonly capacity: number = CAPACITY
  readonly overflow: Overflow = 'wait'
  readonly open = true
  readonly #receive: Receive
  readonly #watchers = new Watchers()
  #letters: Letter[] = []

  /** `receive` gets one message after the other, never within the call that sends it. */
  constructor(given: { address: Address; home: object; title: string; receive: Receive }) {
    this.address = given.address
    this.home = given.home
    this.label = `${given.title} (${idOf(given.address)})`
    this.#receive = given.receive
  }

  tell(name: string, arg: unknown): boolean {
    if (this.ended !== undefined) return false
    this.#post({ name, arg, sender: undefined, bytes: 0 })
    return true
  }

  /** It answers nobody. */
  ask(_name: string, _arg: unknown, asker: Asker): void {
    asker.reject(new ActorDownError(this.ended ?? NORMAL, { actor: this.label }))
  }

  admit(name: string, arg: unknown, asker: Asker | undefined, sender: Sender, bytes: number): void {
    if (asker === undefined && this.ended === undefined) return this.#post({ name, arg, sender, bytes })
    asker?.reject(new ActorDownError(this.ended ?? NORMAL, { actor: this.label }))
    sender.handled(bytes)
  }

  /** Tells those who watch it, after all that it has told them. */
  end(reason: Reason): void {
    this.#watchers.end(reason)
  }

  room(): Promise<void> {
    return Promise.resolve()
  }

  stop(): void {
    this.end(NORMAL)
  }

  kill(): void {
    this.end(KILLED)
  }

  get exited(): Promise<Reason> {
    return this.#watchers.exited
  }

  get ended(): Reason | undefined {
    return this.#watchers.ended
  }

  onEnd(watcher: Watcher): void {
    this.#watchers.add(watcher)
  }

  offEnd(watcher: Watcher): void {
    this.#watchers.delete(watcher)
  }

  /** Nothing that links itself to it can harm it. */
  linkedBy(_other: Target, _on: boolean, heard?: () => void): void {
    heard?.()
  }

  #post(letter: Letter): void {
    this.#letters.push(letter)
    if (this.#letters.length === 1) void SOON.then(this.#read)
  }

  readonly #read = (): void => {
    const letters = this.#letters
    this.#letters = []
    for (const { name, arg, sender, bytes } of letters) {
      if (this.ended === undefined) this.#receive(name, arg)
      sender?.handled(bytes)
    }
  }
}

/** Of messages from one host that it has not received yet. */
const CAPACITY = 10_000
const SOON = Promise.resolve()
