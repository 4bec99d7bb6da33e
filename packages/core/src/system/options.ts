import type { System } from '../definition/system.js'
import type { Reason } from '../errors/reason.js'
import type { Neighbour } from '../peer/neighbour.js'
import type { Clock } from '../ports/clock.js'
import type { Loader } from '../ports/loader.js'

/** What one host's share of a system is made of. */
export interface ActorSystemOptions {
  readonly name: string
  readonly clock: Clock
  readonly askTimeout: number | undefined
  /** Messages between its actors are copied. Default false. */
  readonly isolate?: boolean
  /** This host's number; 1 at the root. */
  readonly host: number
  /** In a child: the neighbour that leads to the root, and its number. */
  readonly up?: { neighbour: Neighbour; host: number } | undefined
  /** The process that this host is, or that its thread belongs to. */
  readonly pid?: number | undefined
  /** Of a host that is a thread. */
  readonly threadId?: number | undefined
  /** In a child: loads what its parent has announced. */
  readonly loader?: Loader | undefined
  /** In a share of a system that has come in: the system whose door it came in by. */
  readonly landlord?: System | undefined
  /** In a child: its one actor has ended, or its parent has it stop, and the parent was told; the process is to end. */
  readonly onEnding?: ((reason: Reason) => void) | undefined
}
