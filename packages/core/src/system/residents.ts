/**
 * Who has a number in this host: its cells, and those who stand here for actors of other systems. Where the refs that
 * come in lead, and what goes out for a ref.
 */
import { Cell } from '../actor/cell.js'
import { MinimalActor } from '../actor/minimal-actor.js'
import type { CellHost } from '../actor/cell-host.js'
import { type Address, idOf } from '../message/address.js'
import { SHUTDOWN } from '../errors/reason.js'
import type { Peer } from '../peer/peer.js'
import { RemoteStable } from '../peer/remote-stable.js'
import type { RemoteGiven } from '../peer/remote-target.js'
import type { Resident } from '../peer/resident.js'
import { FIRST_ACTOR } from '../peer/reserved.js'
import type { Router } from '../peer/router.js'
import type { Portables } from '../ports/codec.js'
import { Gone } from '../ref/gone.js'
import { targetOf } from '../ref/ref.js'
import type { Target } from '../ref/target.js'
import type { NewCell } from '../spawn/spawner.js'
import { StableActor, type StableGiven } from '../supervisor/stable-actor.js'
import { ForeignActors } from './foreign-actor.js'
import type { Waits } from '../wait/wait.js'
import { readWireRef, toWireRef } from '../ref/wire-ref.js'

/** What they need of the system whose host it is. */
export interface Premises extends CellHost<Cell> {
  readonly host: number
  readonly router: Router
  readonly waits: Waits
}

export class Residents {
  readonly #premises: Premises
  readonly #cells = new Map<number, Cell>()
  readonly #stables = new Map<number, StableActor>()
  readonly #minimal = new Map<number, MinimalActor>()
  readonly #foreign: ForeignActors
  #next = FIRST_ACTOR

  constructor(premises: Premises) {
    this.#premises = premises
    this.#foreign = new ForeignActors(
      () => this.#address(),
      (actor) => this.#forget(actor),
    )
  }

  get(actor: number): Resident | undefined {
    return (
      this.#cells.get(actor) ??
      this.#stables.get(actor)?.resident ??
      this.#minimal.get(actor) ??
      this.#foreign.get(actor)
    )
  }

  /** The living actor of that id, when it is one of this host. */
  cell(id: string): Cell | undefined {
    const cell = this.#cells.get(Number(id.split('.')[1]))
    return cell !== undefined && idOf(cell.address) === id ? cell : undefined
  }

  get cells(): Cell[] {
    return [...this.#cells.values()]
  }

  /** With a number of its own, not started yet. */
  newCell({ incarnation = 0, ...given }: NewCell): Cell {
    const address = { ...this.#address(), incarnation }
    const cell = new Cell(this.#premises, { ...given, address })
    this.#cells.set(address.actor, cell)
    return cell
  }

  /** Who stands for a supervised actor whatever its life, until there is no other life to come. */
  newStable(given: Omit<StableGiven, 'address'>): StableActor {
    const stable = new StableActor(this.#premises, { ...given, address: this.#address() })
    const { actor } = stable.address
    this.#stables.set(actor, stable)
    stable.onGone(() => {
      this.#stables.delete(actor)
      this.#forget(actor)
    })
    return stable
  }

  /** An actor that is there at once; see actor/minimal-actor.ts. */
  newMinimal(title: string, receive: (name: string, arg: unknown) => void): MinimalActor {
    const minimal = new MinimalActor({ address: this.#address(), home: this.#premises, title, receive })
    const { actor } = minimal.address
    this.#minimal.set(actor, minimal)
    minimal.onEnd(() => {
      this.#minimal.delete(actor)
      this.#forget(actor)
    })
    return minimal
  }

  /** It has ended. */
  forget({ address }: Cell): void {
    this.#cells.delete(address.actor)
    this.#forget(address.actor)
  }

  /** The host has ended. */
  end(): void {
    this.#foreign.end()
    for (const minimal of this.#minimal.values()) minimal.end(SHUTDOWN)
  }

  /** Refs on the way to a peer, and from one. */
  readonly refs: Portables = {
    write: (ref) => {
      const target = targetOf(ref)
      if (target === undefined) return null
      return toWireRef(target.home === this.#premises ? target : this.#foreign.of(target))
    },
    read: (fields) => this.#premises.refOf(this.#targetOf(readWireRef(fields))),
  }

  #targetOf({ address, ...given }: ReturnType<typeof readWireRef>): Target {
    const { host, router } = this.#premises
    const target =
      address.host === host ? this.#here(address.actor) : this.#behind(router.peer(address.host), address, given)
    return target ?? new Gone(address, this.#premises, (...letter) => this.#premises.deadLetter(...letter))
  }

  #here(actor: number): Target | undefined {
    return (
      this.#cells.get(actor) ?? this.#stables.get(actor) ?? this.#minimal.get(actor) ?? this.#foreign.get(actor)?.target
    )
  }

  #behind(peer: Peer | undefined, address: Address, given: Omit<RemoteGiven, 'address'>): Target | undefined {
    const target = peer?.target(address, given)
    return target === undefined || peer === undefined || given.lasting !== true
      ? target
      : new RemoteStable(target, peer, this.#premises.waits)
  }

  #address(): Address {
    this.#next += 1
    return { host: this.#premises.host, actor: this.#next - 1, incarnation: 0 }
  }

  #forget(actor: number): void {
    for (const peer of this.#premises.router.peers()) peer.forget(actor)
  }
}
