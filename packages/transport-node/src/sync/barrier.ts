import { ActorDownError, BrokenBarrierError, type Reason, TimeoutError, type WaitOptions } from '@troupe/core'
import { expectNumber, travelAs } from '@troupe/core/internal'
import { startKeeper } from '../proxy/keeper.js'
import { NearEnd, nearEnd, type Owner, ownerOf } from '../proxy/near-end.js'
import { Waiter } from '../proxy/waiter.js'
import { barrierBroker } from './brokers.js'
import { type SyncOptions, systemOf } from './options.js'

/**
 * Where a number of parties wait for each other, again and again: Python's Barrier. A value: in a message it is the same
 * barrier wherever it arrives. A party that gives up, or whose process dies, breaks it for all.
 */
export interface Barrier {
  readonly parties: number
  /**
   * Resolves once all parties wait, with a different index for each: 0 to `parties - 1`.
   *
   * @throws BrokenBarrierError; TimeoutError and the signal's reason, which break it; ActorDownError when its owner is gone.
   */
  wait(options?: WaitOptions): Promise<number>
  /** Breaks it: who waits, and whoever comes until `reset`, gets BrokenBarrierError. */
  abort(): Promise<void>
  /** Makes it whole again; who waits gets BrokenBarrierError. */
  reset(): Promise<void>
  broken(): Promise<boolean>
  /** Parties that wait now. */
  waiting(): Promise<number>
}

/** Makes a barrier, which this process owns. @throws TypeError, RangeError for wrong arguments. */
export function createBarrier(parties: number, options: SyncOptions = {}): Barrier {
  expectNumber('parties', parties, { min: 1, integer: true })
  return new ProxyBarrier(startKeeper(barrierBroker(parties), 'barrier', systemOf('barrier', options)), parties)
}

export const BARRIER = 'barrier'

export class ProxyBarrier implements Barrier {
  readonly parties: number
  readonly #owner: Owner

  constructor(ref: object, parties: number) {
    this.parties = parties
    this.#owner = ownerOf(ref)
    travelAs(this, () => ({ kind: BARRIER, owner: ref, fields: parties }))
  }

  async wait(options: WaitOptions = {}): Promise<number> {
    return nearEnd(this.#owner, (owner) => new NearBarrier(owner)).wait(options)
  }

  async abort(): Promise<void> {
    await this.#owner.ref.ask('abort')
  }

  async reset(): Promise<void> {
    await this.#owner.ref.ask('reset')
  }

  async broken(): Promise<boolean> {
    return (await this.#owner.ref.ask('broken')) as boolean
  }

  async waiting(): Promise<number> {
    return (await this.#owner.ref.ask('waiting')) as number
  }
}

class NearBarrier extends NearEnd {
  readonly #waiting = new Map<number, Waiter<number>>()
  #calls = 0

  async wait(options: WaitOptions): Promise<number> {
    const { target, system } = this.owner
    if (target.ended !== undefined) throw new ActorDownError(target.ended, { actor: target.label })
    const call = (this.#calls += 1)
    const waiter = new Waiter<number>(system.waits, options, {
      gaveUp: () => {
        this.#waiting.delete(call)
        this.tell('giveUp', { from: this.id, call })
      },
      timedOut: (timeout) => new TimeoutError({ what: `wait() at ${target.label}`, timeout }),
    })
    if (!waiter.settled) {
      this.#waiting.set(call, waiter)
      this.tell('arrive', { from: this.id, call })
    }
    return waiter.promise
  }

  protected receive(name: string, arg: unknown): void {
    const { call, index, why } = arg as { call: number; index: number; why: string }
    const waiter = this.#waiting.get(call)
    this.#waiting.delete(call)
    if (name === 'passed') waiter?.resolve(index)
    else waiter?.reject(new BrokenBarrierError({ barrier: `The ${this.owner.target.label}`, why }))
  }

  protected ownerEnded(reason: Reason): void {
    for (const waiter of this.#waiting.values())
      waiter.reject(new ActorDownError(reason, { actor: this.owner.target.label }))
    this.#waiting.clear()
  }
}
