import type { Groups } from '../definition/groups.js'
import { expectString, wrongType } from '../errors/expect.js'
import type { Peer } from '../peer/peer.js'
import type { ActorRef, RefBase } from '../ref/actor-ref.js'
import { type Ref, targetOf } from '../ref/ref.js'
import type { Target } from '../ref/target.js'
import type { Members } from './members.js'

/** What groups need of the system whose they are. */
export interface GroupsHost {
  readonly members: Members
  /** The way to the root; undefined at the root itself. */
  readonly root: Peer | undefined
  readonly host: number
  /** Has this host do what another asks of it. */
  serve(peer: Peer, name: string, value: unknown, asker: undefined): void
  requestRoot(name: string, value: unknown): Promise<unknown>
  /** Throws TroupeError (ERR_SYSTEM_STOPPED). */
  mustNotHaveEnded(): void
}

/** `system.groups` of one host: what is done there is done at the root, in the order of the calls. */
export class SystemGroups implements Groups {
  readonly #system: GroupsHost

  constructor(system: GroupsHost) {
    this.#system = system
  }

  join(group: string, ref: RefBase): void {
    this.#check(group)
    expectRef(ref)
    const { root, members } = this.#system
    if (root === undefined) members.join(group, ref as Ref)
    else this.#joinAt(root, group, ref)
  }

  leave(group: string, ref: RefBase): void {
    this.#check(group)
    expectRef(ref)
    const { root, members } = this.#system
    if (root === undefined) members.leave(group, ref.id)
    else root.note('leave', { group, ref })
  }

  async members<P = any>(group: string): Promise<ActorRef<P>[]> {
    this.#check(group)
    const { root, members } = this.#system
    return (root === undefined ? members.of(group) : await this.#system.requestRoot('members', group)) as ActorRef<P>[]
  }

  #joinAt(root: Peer, group: string, ref: RefBase): void {
    root.note('join', { group, ref })
    const { address, home } = targetOf(ref) as Target
    // As if the root had asked already: before it can, the actor may have ended, and others have heard of it.
    if (home === this.#system && address.host === this.#system.host) {
      this.#system.serve(root, 'watch', address.actor, undefined)
    }
  }

  #check(group: string): void {
    this.#system.mustNotHaveEnded()
    expectString('group', group)
  }
}

function expectRef(ref: RefBase): void {
  if (targetOf(ref) === undefined) throw wrongType('ref', 'an ActorRef', ref)
}
