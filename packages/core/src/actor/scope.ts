import type { Context } from '../definition/context.js'
import type { LazyAbort } from './abort.js'

/** In what a handler runs: its context, and how that one's signal is aborted. */
export interface Scope {
  readonly context: Context
  readonly abort: LazyAbort
}
