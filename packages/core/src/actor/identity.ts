import type { Behaviour } from '../definition/define.js'
import type { Overflow } from '../mailbox/options.js'
import { type Address, idOf } from '../message/address.js'
import type { Ref } from '../ref/ref.js'

/** What an actor is started with. */
export interface CellGiven {
  readonly address: Address
  readonly behaviour: Behaviour
  readonly name: string | undefined
  readonly parent: Ref | undefined
  /** Of the life of a supervised child: the child's id, and how many messages of another host may be here unhandled. */
  readonly child?: string | undefined
  readonly handover?: number | undefined
}

/** Who an actor is, and what its definition says of it; the same for its whole life. */
export class Identity {
  readonly address: Address
  readonly name: string | undefined
  readonly behaviour: Behaviour
  readonly parent: Ref | undefined
  /** The id of the child that it is a life of. */
  readonly child: string | undefined
  protected readonly handover: number

  constructor(given: CellGiven) {
    this.address = given.address
    this.name = given.name
    this.behaviour = given.behaviour
    this.parent = given.parent
    this.child = given.child
    this.handover = given.handover ?? Infinity
  }

  get label(): string {
    return this.name === undefined ? idOf(this.address) : `${this.name} (${idOf(this.address)})`
  }

  /** As events tell it. */
  get about(): { id: string; name?: string; child?: string } {
    const { address, name, child } = this
    return {
      id: idOf(address),
      ...(name === undefined ? {} : { name }),
      ...(child === undefined ? {} : { child }),
    }
  }

  get mailbox(): Behaviour['mailbox'] {
    return this.behaviour.mailbox
  }

  /** Milliseconds that it may take to stop with its parent. */
  get shutdown(): number | undefined {
    return this.behaviour.shutdown
  }

  /** For other hosts: so much of what they send may be lost with this one. */
  get capacity(): number {
    return Math.min(this.mailbox.capacity, this.handover)
  }

  /** Travels with its refs: asks from other hosts are bounded as those from here. */
  get overflow(): Overflow {
    return this.mailbox.overflow
  }
}
