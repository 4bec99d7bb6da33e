/** An actor behind a peer, whatever its life: messages go to who stands there for it, all else to the life at the call. */
import { NOPROC, type Reason } from '../errors/reason.js'
import type { Overflow } from '../mailbox/options.js'
import type { Address } from '../message/address.js'
import type { Asker } from '../message/envelope.js'
import type { StopRequest, TellOptions } from '../ref/actor-ref.js'
import { Ask } from '../ref/ask.js'
import { targetOf } from '../ref/ref.js'
import type { Target, Watcher } from '../ref/target.js'
import type { Waits } from '../wait/wait.js'
import type { RemoteTarget } from './remote-target.js'

/** The way to the host that knows its life. */
export interface LifeWay {
  request(name: string, value: unknown, asker: Asker): void
}

export class RemoteStable implements Target {
  readonly lasting = true
  readonly #target: RemoteTarget
  readonly #way: LifeWay
  readonly #waits: Waits
  /** Those who wait for an end, and how each is taken back once the life is known. */
  readonly #watchers = new Map<Watcher, (() => void) | undefined>()

  constructor(target: RemoteTarget, way: LifeWay, waits: Waits) {
    this.#target = target
    this.#way = way
    this.#waits = waits
  }

  get address(): Address {
    return this.#target.address
  }

  get home(): object {
    return this.#target.home
  }

  get label(): string {
    return this.#target.label
  }

  get capacity(): number {
    return this.#target.capacity
  }

  get overflow(): Overflow {
    return this.#target.overflow
  }

  tell(name: string, arg: unknown, options?: TellOptions): boolean {
    return this.#target.tell(name, arg, options)
  }

  ask(name: string, arg: unknown, asker: Asker): void {
    this.#target.ask(name, arg, asker)
  }

  get open(): boolean {
    return this.#target.open
  }

  room(): Promise<void> {
    return this.#target.room()
  }

  get exited(): Promise<Reason> {
    return this.#life().then(({ life, reason }) => life?.exited ?? reason)
  }

  get ended(): Reason | undefined {
    return this.#target.ended
  }

  stop(options: StopRequest): void {
    void this.#life().then(({ life }) => life?.stop(options))
  }

  kill(): void {
    void this.#life().then(({ life }) => life?.kill())
  }

  onEnd(watcher: Watcher): void {
    this.#watchers.set(watcher, undefined)
    const told: Watcher = (reason) => {
      if (this.#watchers.delete(watcher)) watcher(reason)
    }
    void this.#life().then(({ life, reason }) => {
      if (!this.#watchers.has(watcher)) return
      if (life === undefined) return told(reason)
      this.#watchers.set(watcher, () => life.offEnd(told))
      life.onEnd(told)
    })
  }

  offEnd(watcher: Watcher): void {
    this.#watchers.get(watcher)?.()
    this.#watchers.delete(watcher)
  }

  linkedBy(other: Target, on: boolean, heard?: () => void): void {
    void this.#life().then(({ life }) => (life === undefined ? heard?.() : life.linkedBy(other, on, heard)))
  }

  async lifeNow(): Promise<Target | undefined> {
    const ask = new Ask(this.#waits, () => `a look at ${this.label}`, undefined, undefined)
    this.#way.request('life', this.address.actor, ask)
    return targetOf(await ask.promise)
  }

  onGone(watcher: Watcher): void {
    this.#target.onEnd(watcher)
  }

  offGone(watcher: Watcher): void {
    this.#target.offEnd(watcher)
  }

  async #life(): Promise<{ life: Target | undefined; reason: Reason }> {
    try {
      return { life: await this.lifeNow(), reason: NOPROC }
    } catch {
      return { life: undefined, reason: this.#target.ended ?? NOPROC }
    }
  }
}
