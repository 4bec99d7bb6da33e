import type { Reason } from '@troupe/core'

/** What happens in a pool; `id` is the worker's, or for what concerns none the pool's. */
export type PoolEvent = { readonly at: number; readonly id: string; readonly name?: string } & (
  | { readonly type: 'spawned'; readonly pid: number | undefined }
  | { readonly type: 'down'; readonly reason: Reason }
  | { readonly type: 'crashed'; readonly error: Error }
  | { readonly type: 'restarted'; readonly pid: number | undefined; readonly restarts: number }
  /** It has had `maxTasksPerWorker` tasks, or holds more than `recycleRssMb`: another one takes its place. */
  | { readonly type: 'recycled'; readonly why: 'tasks' | 'memory' }
  /** Its worker died with it; it is run again. */
  | { readonly type: 'taskRetried'; readonly task: string; readonly attempt: number }
  | { readonly type: 'taskError'; readonly task: string; readonly error: unknown }
  | { readonly type: 'callbackError'; readonly error: unknown }
  /** More waits than the queue's capacity; told again once it was half empty in between. */
  | { readonly type: 'overload'; readonly queued: number }
)
