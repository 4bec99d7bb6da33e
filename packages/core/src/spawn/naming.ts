/** Names as a host takes and gives them back: they are kept at the root, here or behind a peer. */
import type { Cell } from '../actor/cell.js'
import { ActorDownError } from '../errors/kinds.js'
import { KILLED } from '../errors/reason.js'
import type { Peer } from '../peer/peer.js'
import { type Ref, targetOf } from '../ref/ref.js'
import type { Names } from '../registry/names.js'
import { mustLive } from './family.js'

/** What naming needs of the system. */
export interface NameKeeper {
  readonly host: number
  readonly names: Names
  readonly root: Peer | undefined
  requestRoot(name: string, value: unknown): Promise<unknown>
  readonly stopping: boolean
}

export class Naming {
  readonly #system: NameKeeper

  constructor(system: NameKeeper) {
    this.#system = system
  }

  /** To be followed by `mustBeWanted` as soon as it has resolved. */
  async claim(name: string): Promise<void> {
    if (this.#system.root === undefined) this.#system.names.claim(name, this.#system.host)
    else await this.#system.requestRoot('claim', name)
  }

  /** The parent, or the system, may have ended while the root was asked: then nobody takes the name. Throws ActorDownError. */
  mustBeWanted(name: string, parent: Cell | undefined): void {
    try {
      if (parent === undefined && this.#system.stopping) throw new ActorDownError(KILLED, { actor: name })
      mustLive(parent)
    } catch (error) {
      this.release(name)
      throw error
    }
  }

  /** To the actor that has started; it is free again once `life` has ended. */
  async give(name: string, ref: Ref, life: Ref = ref): Promise<void> {
    if (this.#system.root === undefined) giveName(this.#system.names, name, ref, life)
    else await this.#system.requestRoot('give', { name, ref, life })
  }

  /** Of one that did not start. */
  release(name: string): void {
    if (this.#system.root === undefined) this.#system.names.release(name, this.#system.host)
    else this.#system.root.note('release', name)
  }
}

/** At the root. Its host may outlive the actor, and so may the ref. */
export function giveName(names: Names, name: string, ref: Ref, life: Ref): void {
  names.give(name, ref)
  targetOf(life)?.onEnd(() => names.free(ref.id))
}
