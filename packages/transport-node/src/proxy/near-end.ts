/**
 * The near end of a proxy: what stands in this process for all its proxies of one owner. The owner watches it, so it knows
 * when this process is gone, and takes back what was held here.
 */
import type { ActorRef } from '@troupe/core'
import { type ActorSystem, processRecord, targetOf, type Target } from '@troupe/core/internal'

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
export function nearEnd<N>(owner: Owner, make: (owner: Owner) => N): N {
  const record = processRecord()
  const homes = (record.nearEnds ??= new WeakMap())
  const known = homes.get(owner.system) ?? new Map<string, unknown>()
  homes.set(owner.system, known)
  const { id } = owner.ref
  const found = known.get(id)
  if (found !== undefined) return found as N
  const made = make(owner)
  known.set(id, made)
  owner.target.onEnd(() => known.delete(id))
  return made
}

/** Tells the owner and its near ends apart from all others: a number of its own for each. */
export function newId(): number {
  return Math.floor(Math.random() * Number.MAX_SAFE_INTEGER) + 1
}
