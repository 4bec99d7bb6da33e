/**
 * The near end of a proxy: what stands in this process for all its proxies of one owner. The owner watches it, so it knows
 * when this process is gone, and takes back what was held here.
 */
import type { ActorRef, Reason } from '@troupe/core'
import { type ActorSystem, type MinimalActor, processRecord, targetOf, type Target } from '@troupe/core/internal'

/** The actor that keeps what a proxy stands for. */
export interface Owner {
  readonly ref: ActorRef<any>
  readonly target: Target
  /** The system in whose terms it is known here. */
  readonly system: ActorSystem
}

export function ownerOf(ref: object): Owner {
  const target = targetOf(ref) as Target
  return { ref: ref as ActorRef<any>, target, system: target.home as ActorSystem }
}

/** The one near end in this process of what that owner keeps; made by the first who needs it. */
export function nearEnd<N extends NearEnd>(owner: Owner, make: (owner: Owner) => N): N {
  const record = processRecord()
  const homes = (record.nearEnds ??= new WeakMap())
  const known = homes.get(owner.system) ?? new Map<string, unknown>()
  homes.set(owner.system, known)
  const { id } = owner.ref
  const found = known.get(id)
  if (found !== undefined) return found as N
  const made = make(owner)
  known.set(id, made)
  made.attach()
  owner.target.onEnd(() => known.delete(id))
  return made
}

/** What near ends share: a number of their own, an actor that the owner tells and watches, and the way to the owner. */
export abstract class NearEnd {
  protected readonly owner: Owner
  /** By which the owner knows it. */
  protected readonly id: number = Math.floor(Math.random() * Number.MAX_SAFE_INTEGER) + 1
  protected readonly me: MinimalActor
  /** Told while the way is full. */
  readonly #held: { readonly name: string; readonly arg: unknown }[] = []

  constructor(owner: Owner) {
    this.owner = owner
    const { system, target } = owner
    this.me = system.newMinimal(`proxy of ${target.label}`, (name, arg) => this.receive(name, arg))
  }

  /** Once, when it is complete. */
  attach(): void {
    const { system, target } = this.owner
    this.tell('attach', { from: this.id, ref: system.refOf(this.me) })
    target.onEnd((reason) => {
      this.ownerEnded(reason)
      this.me.end({ type: 'normal' })
    })
  }

  /** The owner tells it something. */
  protected abstract receive(name: string, arg: unknown): void
  /** There is nobody any more to ask. */
  protected abstract ownerEnded(reason: Reason): void

  /** Small, and few at a time: on a full way it finds room later, in order. */
  protected tell(name: string, arg: unknown): void {
    this.#held.push({ name, arg })
    if (this.#held.length === 1) this.#pass()
  }

  readonly #pass = (): void => {
    const { target } = this.owner
    for (let [first] = this.#held; first !== undefined; [first] = this.#held) {
      if (!target.open) return void target.room().then(this.#pass)
      this.#held.shift()
      if (target.ended === undefined) target.tell(first.name, first.arg, undefined)
    }
  }
}
