import type { Reason } from '@troupe/core'

/** What happens in a pool; `id` is the worker's. */
export type PoolEvent = { readonly at: number; readonly id: string; readonly name?: string } & (
  | { readonly type: 'spawned'; readonly pid: number | undefined }
  | { readonly type: 'down'; readonly reason: Reason }
  | { readonly type: 'crashed'; readonly error: Error }
  | { readonly type: 'restarted'; readonly pid: number | undefined; readonly restarts: number }
  /** Its worker died with it; it is run again. */
  | { readonly type: 'taskRetried'; readonly task: string; readonly attempt: number }
  | { readonly type: 'taskError'; readonly task: string; readonly error: unknown }
  | { readonly type: 'callbackError'; readonly error: unknown }
)
