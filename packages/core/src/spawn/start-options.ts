import type { SpawnOptions } from '../definition/spawn.js'

/** Spawn options, and what only Troupe's own packages may say. */
export interface StartOptions extends SpawnOptions {
  /** What it is called in listings and errors, without being a name that others find it by. Default: the name. */
  readonly title?: string
  /** Modules that its init loads. */
  readonly announce?: readonly string[]
  /** Tells of its crash in the system's place, while somebody listens there. */
  readonly reportsTo?: { readonly observed: boolean }
}
