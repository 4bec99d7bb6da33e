/**
 * Who has a number in this host: its cells, and those who stand here for actors of other systems. Where the refs that
 * come in lead, and what goes out for a ref.
 */
import { Cell } from '../actor/cell.js'
import type { CellHost } from '../actor/cell-host.js'
import type { Behaviour } from '../definition/define.js'
import { type Address, idOf } from '../message/address.js'
import type { Resident } from '../peer/resident.js'
import { FIRST_ACTOR } from '../peer/reserved.js'
import type { Router } from '../peer/router.js'
import type { Portables } from '../ports/codec.js'
import { Gone } from '../ref/gone.js'
import { type Ref, targetOf } from '../ref/ref.js'
import type { Target } from '../ref/target.js'
import { ForeignActors } from './foreign-actor.js'
import { readWireRef, toWireRef } from '../ref/wire-ref.js'

/** What they need of the system whose host it is. */
export interface Premises extends CellHost<Cell> {
  readonly host: number
  readonly router: Router
}

export class Residents {
  readonly #premises: Premises
  readonly #cells = new Map<number, Cell>()
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
    return this.#cells.get(actor) ?? this.#foreign.get(actor)
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
  newCell(behaviour: Behaviour, name: string | undefined, parent: Ref | undefined): Cell {
    const address = this.#address()
    const cell = new Cell(this.#premises, { address, behaviour, name, parent })
    this.#cells.set(address.actor, cell)
    return cell
  }

  /** It has ended. */
  forget({ address }: Cell): void {
    this.#cells.delete(address.actor)
    this.#forget(address.actor)
  }

  /** The host has ended. */
  end(): void {
    this.#foreign.end()
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
      address.host === host
        ? (this.#cells.get(address.actor) ?? this.#foreign.get(address.actor)?.target)
        : router.peer(address.host)?.target(address, given)
    return target ?? new Gone(address, this.#premises, (...letter) => this.#premises.deadLetter(...letter))
  }

  #address(): Address {
    this.#next += 1
    return { host: this.#premises.host, actor: this.#next - 1, incarnation: 0 }
  }

  #forget(actor: number): void {
    for (const peer of this.#premises.router.peers()) peer.forget(actor)
  }
}
