import { ActorDownError, type Reason, TimeoutError, type WaitOptions } from '@troupe/core'
import { travelAs } from '@troupe/core/internal'
import { startKeeper } from '../proxy/keeper.js'
import { NearEnd, nearEnd, type Owner, ownerOf } from '../proxy/near-end.js'
import { Waiter } from '../proxy/waiter.js'
import { eventBroker } from './brokers.js'
import { type SyncOptions, systemOf } from './options.js'

/** A flag that processes wait for, Python's Event. A value: in a message it is the same event wherever it arrives. */
export interface SharedEvent {
  /** Lets through all who wait, and whoever comes until `clear`. Never blocked by anybody. */
  set(): Promise<void>
  clear(): Promise<void>
  isSet(): Promise<boolean>
  /** Resolves once it is set. @throws TimeoutError; the signal's reason; ActorDownError when its owner is gone. */
  wait(options?: WaitOptions): Promise<void>
}

/** Makes an event that is not set, which this process owns. @throws TypeError for wrong options. */
export function createEvent(options: SyncOptions = {}): SharedEvent {
  return new ProxyEvent(startKeeper(eventBroker(), 'event', systemOf('event', options)))
}

export const EVENT = 'event'

export class ProxyEvent implements SharedEvent {
  readonly #owner: Owner

  constructor(ref: object) {
    this.#owner = ownerOf(ref)
    travelAs(this, () => ({ kind: EVENT, owner: ref, fields: null }))
  }

  async set(): Promise<void> {
    await this.#owner.ref.ask('set')
  }

  async clear(): Promise<void> {
    await this.#owner.ref.ask('clear')
  }

  async isSet(): Promise<boolean> {
    return (await this.#owner.ref.ask('isSet')) as boolean
  }

  async wait(options: WaitOptions = {}): Promise<void> {
    return nearEnd(this.#owner, (owner) => new NearEvent(owner)).wait(options)
  }
}

class NearEvent extends NearEnd {
  readonly #waiting = new Set<Waiter<void>>()

  async wait(options: WaitOptions): Promise<void> {
    const { ref, target, system } = this.owner
    const timedOut = (timeout: number): Error => new TimeoutError({ what: `wait() for ${target.label}`, timeout })
    if (options.timeout === 0) {
      if ((await ref.ask('isSet')) === true) return
      throw timedOut(0)
    }
    if (target.ended !== undefined) throw new ActorDownError(target.ended, { actor: target.label })
    const waiter = new Waiter<void>(system.waits, options, {
      gaveUp: () => void this.#waiting.delete(waiter),
      timedOut,
    })
    if (!waiter.settled) {
      this.#waiting.add(waiter)
      this.tell('wait', this.id)
    }
    return waiter.promise
  }

  protected receive(): void {
    for (const waiter of this.#waiting) waiter.resolve()
    this.#waiting.clear()
  }

  protected ownerEnded(reason: Reason): void {
    for (const waiter of this.#waiting) waiter.reject(new ActorDownError(reason, { actor: this.owner.target.label }))
    this.#waiting.clear()
  }
}
