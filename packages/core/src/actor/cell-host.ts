import type { Spawn } from '../definition/spawn.js'
import type { System, SystemEvent } from '../definition/system.js'
import type { Clock } from '../ports/clock.js'
import type { Ref } from '../ref/ref.js'
import type { Target } from '../ref/target.js'
import type { Undelivered } from './refusing.js'

/** What a cell needs of the system it lives in. */
export interface CellHost<C> {
  readonly clock: Clock
  readonly system: System
  refOf(target: Target): Ref
  spawnFor(parent: C): Spawn
  emit(event: WithoutTime<SystemEvent>): void
  /** A message that will not be handled. */
  deadLetter(target: Pick<Target, 'address' | 'label' | 'capacity'>, name: string, arg: unknown, why: Undelivered): void
  /** The cell has ended: its number and its name are free. Called before anybody is told. */
  forget(cell: C): void
}

type WithoutTime<E> = E extends unknown ? Omit<E, 'at'> : never
