import type { Reason } from '../errors/reason.js'
import { type Address, idOf } from '../message/address.js'
import type { Asker } from '../message/envelope.js'
import type { StopRequest, TellOptions } from './actor-ref.js'

/** Where a ref's messages go: a cell in this thread, or an actor behind a peer. A ref never knows which. */
export interface Target {
  readonly address: Address
  /** The system in whose terms the address is. */
  readonly home: object
  /** For errors and listings: the name, or the id. */
  readonly label: string
  /** Messages that may wait there. */
  readonly capacity: number
  readonly exited: Promise<Reason>
  /** The reason once it is known here that the actor has ended. */
  readonly ended: Reason | undefined
  tell(name: string, arg: unknown, options: TellOptions | undefined): boolean
  /** Settles `asker`, whatever happens. */
  ask(name: string, arg: unknown, asker: Asker): void
  /** There is room, or the actor is down and `tell` says so: nothing to wait for. */
  readonly open: boolean
  /** Resolves when it is open. */
  room(): Promise<void>
  stop(options: StopRequest): void
  kill(): void
  /** Calls once when the actor has ended, after all that it had sent; at once when it has. */
  onEnd(watcher: Watcher): void
  offEnd(watcher: Watcher): void
  /**
   * That actor has linked itself to this one, or takes the link back; this side adds or removes its half. `heard` is called
   * once the latter is done there: within the call, or when the host of the actor has answered.
   */
  linkedBy(other: Target, on: boolean, heard?: () => void): void
  /**
   * Of one that stands for an actor whatever its life: `exited`, `ended`, `stop`, `kill` and `onEnd` mean the life at the
   * call (`noproc` between two).
   */
  readonly lasting?: boolean
  /** The life at the call; undefined between two. Rejects when its host is gone. */
  lifeNow?(): Promise<Target | undefined>
  /** The same once there will be no other life; of those that last. */
  onGone?(watcher: Watcher): void
  offGone?(watcher: Watcher): void
}

export type Watcher = (reason: Reason) => void

/** Two systems may use the same ids. */
export function isSameActor(a: Target, b: Target): boolean {
  return a.home === b.home && idOf(a.address) === idOf(b.address)
}
