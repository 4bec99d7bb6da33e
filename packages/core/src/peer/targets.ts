/**
 * The targets of one peer, one for each actor. Those that somebody here has used are kept until their actor has ended,
 * of which they are told; the others as long as somebody holds a ref, so that refs that only pass by leave nothing.
 */
import type { RemoteTarget } from './remote-target.js'

export class Targets {
  readonly #used = new Map<number, RemoteTarget>()
  readonly #idle = new Map<number, WeakRef<RemoteTarget>>()
  readonly #dropped = new FinalizationRegistry<number>((actor) => {
    if (this.#idle.get(actor)?.deref() === undefined) this.#idle.delete(actor)
  })

  /** Of those that are used. */
  used(actor: number): RemoteTarget | undefined {
    return this.#used.get(actor)
  }

  get(actor: number): RemoteTarget | undefined {
    return this.#used.get(actor) ?? this.#idle.get(actor)?.deref()
  }

  /** Not used by anybody yet. */
  add(target: RemoteTarget): void {
    const { actor } = target.address
    this.#idle.set(actor, new WeakRef(target))
    this.#dropped.register(target, actor)
  }

  /** From now on it is kept. */
  use(target: RemoteTarget): void {
    this.#used.set(target.address.actor, target)
    this.#idle.delete(target.address.actor)
  }

  /** Its actor has ended. */
  take(actor: number): RemoteTarget | undefined {
    const target = this.get(actor)
    this.#used.delete(actor)
    this.#idle.delete(actor)
    return target
  }

  /** All of them, when their host has ended. */
  takeAll(): RemoteTarget[] {
    const idle = [...this.#idle.values()].flatMap((each) => each.deref() ?? [])
    const all = [...this.#used.values(), ...idle]
    this.#used.clear()
    this.#idle.clear()
    return all
  }
}
