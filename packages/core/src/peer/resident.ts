import type { Overflow } from '../mailbox/options.js'
import type { Address } from '../message/address.js'
import type { Asker, Sender } from '../message/envelope.js'
import type { StopRequest } from '../ref/actor-ref.js'
import type { Target, Watcher } from '../ref/target.js'

/** Whoever has a number in this host, as its peers know him: a cell, or one who stands for an actor of another system. */
export interface Resident {
  readonly address: Address
  readonly capacity: number
  readonly overflow: Overflow
  /** False for the life of a supervised actor whose end has begun. */
  readonly takesMore?: boolean
  /** Of one that stands for an actor whatever its life. */
  readonly stable?: Target | undefined
  /** A message over a peer, which has reserved its room. */
  admit(name: string, arg: unknown, asker: Asker | undefined, sender: Sender, bytes: number): void
  stop(options: StopRequest): void
  kill(): void
  onEnd(watcher: Watcher): void
  offEnd(watcher: Watcher): void
  linkedBy(other: Target, on: boolean, heard?: () => void): void
}
