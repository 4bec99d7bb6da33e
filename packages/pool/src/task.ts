/** What a task may know of itself, when it wants to. Its own entry, so that a task's module loads nothing else. */
import { processRecord } from '@troupe/core/lean'

/** The task in hand. `State` is what the pool's initializer returned in this worker. */
export interface TaskContext<State = unknown> {
  /** Aborts when the caller gave up: by its signal, or at the task's timeout. The worker is killed if that is ignored. */
  readonly signal: AbortSignal
  /** The worker's place in the pool, as in `stats()` and events; a worker that replaces another has the same. */
  readonly workerId: string
  /** 1 for the first run; counts the reruns after crashes. */
  readonly attempt: number
  /** What the initializer returned in this worker; undefined without one. */
  readonly state: State
  /**
   * Tells the caller's `onProgress` of `value`, which must be data. False when nobody listens, or when the way is full: then
   * it is dropped, and a later one tells more. Throws SerializationError for what is no data.
   */
  progress(value: unknown): boolean
  /**
   * Hands the memory of the result over to the caller instead of copying it, where the placement can: in threads. The
   * buffers must not be used afterwards. Throws TypeError for what are no buffers, and in a generator, whose items are
   * copied.
   */
  transfer(buffers: readonly ArrayBuffer[]): void
}

/**
 * The task that this worker is running. Call it within the task, before its first `await` to be sure: a worker runs one
 * task at a time, and this is the one that runs now.
 *
 * @throws Error outside of a pool's worker.
 */
export function task<State = unknown>(): TaskContext<State> {
  const current = processRecord().task as TaskContext<State> | undefined
  if (current === undefined)
    throw new Error('task() was called outside of a task: it works in functions that a pool runs')
  return current
}
