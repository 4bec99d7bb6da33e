import { ActorDownError, type Reason, TimeoutError, type WaitOptions } from '@troupe/core'
import { expectNumber, Ring, travelAs } from '@troupe/core/internal'
import { startKeeper } from '../proxy/keeper.js'
import { NearEnd, nearEnd, type Owner, ownerOf } from '../proxy/near-end.js'
import { Waiter } from '../proxy/waiter.js'
import { permitBroker } from './brokers.js'
import { type SyncOptions, systemOf } from './options.js'

/**
 * A number of permits, shared by processes; first come, first served. A value: in a message it is the same semaphore
 * wherever it arrives. The death of a process frees what it held.
 */
export interface Semaphore {
  /**
   * Resolves with a permit.
   *
   * @throws TimeoutError; the signal's reason; ActorDownError when its owner is gone; as rejections: none is held then.
   */
  acquire(options?: WaitOptions): Promise<Permit>
  /**
   * Gives a permit back: one of this process, or when it holds none, one of another, as Python allows.
   *
   * @throws RangeError as a rejection when none is held.
   */
  release(): Promise<void>
}

/** One at a time. */
export interface Lock extends Semaphore {
  locked(): Promise<boolean>
}

/** What was acquired. */
export interface Permit extends AsyncDisposable {
  /** Its last holder died with it: what it guards may be half done. */
  readonly abandoned: boolean
  /** Once; later calls do nothing. */
  release(): Promise<void>
}

/**
 * Makes a semaphore of `count` permits, which this process owns. It ends with its process.
 *
 * @throws TypeError, RangeError for wrong arguments.
 */
export function createSemaphore(count: number, options: SyncOptions = {}): Semaphore {
  expectNumber('count', count, { min: 1, integer: true })
  return new ProxySemaphore(startKeeper(permitBroker(count), 'semaphore', systemOf('semaphore', options)))
}

/** Makes a lock, which this process owns: a semaphore of one. @throws TypeError for wrong options. */
export function createLock(options: SyncOptions = {}): Lock {
  return new ProxySemaphore(startKeeper(permitBroker(1), 'lock', systemOf('lock', options)))
}

export const SEMAPHORE = 'semaphore'

export class ProxySemaphore implements Lock {
  readonly #owner: Owner

  constructor(ref: object) {
    this.#owner = ownerOf(ref)
    travelAs(this, () => ({ kind: SEMAPHORE, owner: ref, fields: null }))
  }

  get #near(): NearSemaphore {
    return nearEnd(this.#owner, (owner) => new NearSemaphore(owner))
  }

  async acquire(options: WaitOptions = {}): Promise<Permit> {
    const near = this.#near
    const abandoned = await near.acquire(options)
    let held = true
    const release = async (): Promise<void> => {
      if (!held) return
      held = false
      await near.release()
    }
    return { abandoned, release, [Symbol.asyncDispose]: release }
  }

  release(): Promise<void> {
    return this.#near.release()
  }

  async locked(): Promise<boolean> {
    return (await this.#owner.ref.ask('free')) === 0
  }
}

class NearSemaphore extends NearEnd {
  readonly #waiting = new Ring<Waiter<boolean>>()

  async acquire(options: WaitOptions): Promise<boolean> {
    const { ref, target, system } = this.owner
    const timedOut = (timeout: number): Error => new TimeoutError({ what: `acquire() of ${target.label}`, timeout })
    if (options.timeout === 0) {
      const taken = (await ref.ask('tryAcquire', this.id)) as { abandoned: boolean } | undefined | null
      if (taken === undefined || taken === null) throw timedOut(0)
      return taken.abandoned
    }
    if (target.ended !== undefined) throw new ActorDownError(target.ended, { actor: target.label })
    const waiter = new Waiter<boolean>(system.waits, options, {
      gaveUp: () => {
        if (this.#waiting.remove((each) => each === waiter) !== undefined) this.tell('withdraw', this.id)
      },
      timedOut,
    })
    if (!waiter.settled) {
      this.#waiting.push(waiter)
      this.tell('acquire', this.id)
    }
    return waiter.promise
  }

  async release(): Promise<void> {
    if ((await this.owner.ref.ask('release', this.id)) !== true)
      throw new RangeError(`release() of ${this.owner.target.label}, which nobody holds: acquire() it first`)
  }

  protected receive(_: string, abandoned: unknown): void {
    const waiter = this.#waiting.shift()
    if (waiter === undefined) this.tell('release', this.id)
    else waiter.resolve(abandoned === true)
  }

  protected ownerEnded(reason: Reason): void {
    const { label } = this.owner.target
    for (let next = this.#waiting.shift(); next !== undefined; next = this.#waiting.shift())
      next.reject(new ActorDownError(reason, { actor: label }))
  }
}
