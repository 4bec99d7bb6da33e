import { idOf } from '../message/address.js'
import type { Peer } from '../peer/peer.js'
import type { Resident } from '../peer/resident.js'
import type { Target } from '../ref/target.js'

/** Links that a guest's actors have made with ours: each is held here until one of the two ends or takes it back. */
export class GuestLinks {
  readonly #over = new Map<string, () => void>()

  /** @throws ProtocolError beyond what the guest may have; it is to be ended. */
  add(peer: Peer, resident: Resident, by: Target): void {
    const key = keyOf(resident, by)
    if (this.#over.has(key)) return
    const { allowance } = peer.neighbour
    allowance.take('links')
    const over = (): void => {
      if (!this.#over.delete(key)) return
      allowance.free('links')
      resident.offEnd(over)
      by.offEnd(over)
    }
    this.#over.set(key, over)
    resident.onEnd(over)
    by.onEnd(over)
  }

  /** Taken back. */
  delete(resident: Resident, by: Target): void {
    this.#over.get(keyOf(resident, by))?.()
  }
}

const keyOf = (resident: Resident, by: Target): string => `${idOf(resident.address)} ${idOf(by.address)}`
