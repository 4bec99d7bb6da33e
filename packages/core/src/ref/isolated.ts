import type { Reason } from '../errors/reason.js'
import type { Overflow } from '../mailbox/options.js'
import type { Address } from '../message/address.js'
import { clone } from '../message/clone.js'
import type { Chain } from '../message/chain.js'
import { type Asker, type Consumer, isConsumer, type Window } from '../message/envelope.js'
import { portableFailure } from '../message/wire-error.js'
import type { StopRequest, TellOptions } from './actor-ref.js'
import type { Target, Watcher } from './target.js'

/**
 * `target` with copies in the place of messages, when it is an actor of this thread; but for supervisors and pools, whose
 * messages never leave it and hold functions.
 */
export function isolate(target: Target): Target {
  const { behaviour } = target as { behaviour?: { endChildren?: unknown } }
  if (behaviour === undefined || behaviour.endChildren !== undefined) return target
  return new IsolatedTarget(target as Target & { overflow: Overflow })
}

/** An actor of this thread as one in another process: what it is told, and what it answers, are copies. */
class IsolatedTarget implements Target {
  readonly lasting: boolean
  /** Travels with its refs. */
  readonly overflow: Overflow
  readonly #target: Target & { readonly overflow: Overflow }

  constructor(target: Target & { readonly overflow: Overflow }) {
    this.#target = target
    this.lasting = target.lasting ?? false
    this.overflow = target.overflow
  }

  get address(): Address {
    return this.#target.address
  }

  get capacity(): number {
    return this.#target.capacity
  }

  get home(): object {
    return this.#target.home
  }

  get label(): string {
    return this.#target.label
  }

  get exited(): Promise<Reason> {
    return this.#target.exited
  }

  get ended(): Reason | undefined {
    return this.#target.ended
  }

  get open(): boolean {
    return this.#target.open
  }

  /** @throws SerializationError for what is not data. */
  tell(name: string, arg: unknown, options: TellOptions | undefined): boolean {
    return this.#target.tell(name, clone(arg, `The argument of '${name}'`), options)
  }

  ask(name: string, arg: unknown, asker: Asker): void {
    this.#target.ask(name, clone(arg, `The argument of '${name}'`), isolated(asker))
  }

  room(): Promise<void> {
    return this.#target.room()
  }

  stop(options: StopRequest): void {
    this.#target.stop(options)
  }

  kill(): void {
    this.#target.kill()
  }

  onEnd(watcher: Watcher): void {
    this.#target.onEnd(watcher)
  }

  offEnd(watcher: Watcher): void {
    this.#target.offEnd(watcher)
  }

  async lifeNow(): Promise<Target | undefined> {
    return this.#target.lifeNow?.()
  }

  onGone(watcher: Watcher): void {
    if (this.#target.onGone === undefined) this.#target.onEnd(watcher)
    else this.#target.onGone(watcher)
  }

  offGone(watcher: Watcher): void {
    if (this.#target.offGone === undefined) this.#target.offEnd(watcher)
    else this.#target.offGone(watcher)
  }

  linkedBy(other: Target, on: boolean, heard?: () => void): void {
    this.#target.linkedBy(other, on, heard)
  }
}

const isolated = (asker: Asker): Asker => (isConsumer(asker) ? new IsolatedConsumer(asker) : new IsolatedAsker(asker))

/** Copies the answer when it is given: what its actor changes afterwards must not arrive. */
class IsolatedAsker implements Asker {
  readonly #asker: Asker

  constructor(asker: Asker) {
    this.#asker = asker
  }

  get chain(): Chain | undefined {
    return this.#asker.chain
  }

  get settled(): boolean {
    return this.#asker.settled
  }

  get abandoned(): boolean {
    return this.#asker.abandoned
  }

  set onAbandon(told: ((asker: Asker, reason: unknown) => void) | undefined) {
    this.#asker.onAbandon = told === undefined ? undefined : (_, reason) => told(this, reason)
  }

  resolve(value: unknown): void {
    if (this.settled) return
    try {
      this.#asker.resolve(clone(value, 'The reply'))
    } catch (error) {
      this.#asker.reject(error)
    }
  }

  reject(error: unknown): void {
    if (!this.settled) this.#asker.reject(clone(portableFailure(error), 'The error of a reply'))
  }
}

/** The same for the items of a stream. */
class IsolatedConsumer extends IsolatedAsker implements Consumer {
  readonly window: Window
  readonly #consumer: Consumer

  constructor(consumer: Consumer) {
    super(consumer)
    this.window = consumer.window
    this.#consumer = consumer
  }

  get open(): boolean {
    return this.#consumer.open
  }

  set onGrant(told: ((items: number, bytes: number) => void) | undefined) {
    this.#consumer.onGrant = told
  }

  whenOpen(waiter: { opened(): void }): void {
    this.#consumer.whenOpen(waiter)
  }

  item(value: unknown): number {
    return this.#consumer.item(clone(value, 'An item of the stream'))
  }
}
