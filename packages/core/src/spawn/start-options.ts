import type { SpawnOptions } from '../definition/spawn.js'
import type { Ref } from '../ref/ref.js'

/** Spawn options, and what only Troupe's own packages may say. */
export interface StartOptions extends SpawnOptions {
  /** What it is called in listings and errors, without being a name that others find it by. Default: the name. */
  readonly title?: string
  /**
   * Milliseconds that it may be at one message, async ones included, or at one step of a stream: one that takes longer is
   * killed, at most a quarter later. Here a handler that blocks the thread is only told of. Default: Infinity.
   */
  readonly maxRunTime?: number | undefined
  /** Modules that its init loads. */
  readonly announce?: readonly string[]
  /** Tells of its crash in the system's place, while somebody listens there. */
  readonly reportsTo?: { readonly observed: boolean }
  /** It is one life of a supervised child. */
  readonly life?: LifeStart
}

export interface LifeStart {
  /** The child's id. */
  readonly child: string
  /** Lives before this one. */
  readonly incarnation: number
  /** Messages, at most, that may be with another host and not handled. */
  readonly handover: number
  /** What others find under its name, when a ref outlives it. */
  readonly lasting?: Ref
}
