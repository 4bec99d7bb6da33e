import type { Reason } from '../errors/reason.js'

/** What `events$` of a supervisor tells. `child` is the spec's id, `id` that of the life, `at` milliseconds since 1970. */
export type SupervisorEvent = {
  readonly at: number
  readonly id: string
} & (
  | { readonly type: 'spawned'; readonly child: string }
  /** Started anew, for the so many-th time. */
  | { readonly type: 'restarted'; readonly child: string; readonly restarts: number }
  | { readonly type: 'down'; readonly child: string; readonly reason: Reason }
  /** Its end was abnormal, or its start failed. */
  | { readonly type: 'crashed'; readonly child: string; readonly error: unknown }
  /** The supervisor gives up: its own end is next. */
  | { readonly type: 'escalated'; readonly error: unknown }
)
