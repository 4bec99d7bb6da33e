import type { Ref } from '../ref/ref.js'
import { targetOf } from '../ref/ref.js'
import type { Target, Watcher } from '../ref/target.js'

interface Member {
  readonly ref: Ref
  joins: number
}

/** What is to be taken back with an actor's last membership. */
interface Watched {
  readonly target: Target
  readonly watcher: Watcher
  readonly groups: Set<string>
}

/** Who is in which group of the system; kept at its root. An actor leaves all groups at its end. */
export class Members {
  /** By group, then by id, in the order of joining. */
  readonly #groups = new Map<string, Map<string, Member>>()
  readonly #watched = new Map<string, Watched>()

  join(group: string, ref: Ref): void {
    const target = targetOf(ref)
    if (target === undefined || target.ended !== undefined) return
    const members = this.#groups.get(group) ?? new Map<string, Member>()
    const member = members.get(ref.id)
    if (member !== undefined) {
      member.joins += 1
      return
    }
    this.#groups.set(group, members.set(ref.id, { ref, joins: 1 }))
    this.#watch(ref.id, target).groups.add(group)
  }

  leave(group: string, id: string): void {
    const member = this.#groups.get(group)?.get(id)
    if (member === undefined) return
    member.joins -= 1
    if (member.joins === 0) this.#remove(group, id)
  }

  of(group: string): Ref[] {
    return Array.from(this.#groups.get(group)?.values() ?? [], ({ ref }) => ref)
  }

  #watch(id: string, target: Target): Watched {
    const known = this.#watched.get(id)
    if (known !== undefined) return known
    const watched = { target, watcher: () => this.#ended(id), groups: new Set<string>() }
    this.#watched.set(id, watched)
    target.onEnd(watched.watcher)
    return watched
  }

  #ended(id: string): void {
    for (const group of this.#watched.get(id)?.groups ?? []) this.#remove(group, id)
  }

  #remove(group: string, id: string): void {
    const members = this.#groups.get(group)
    members?.delete(id)
    if (members?.size === 0) this.#groups.delete(group)
    const watched = this.#watched.get(id)
    watched?.groups.delete(group)
    if (watched?.groups.size !== 0) return
    this.#watched.delete(id)
    watched.target.offEnd(watched.watcher)
  }
}
