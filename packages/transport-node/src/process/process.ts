import type { WaitOptions } from '@troupe/core'
import type { Selectable } from '../pipe/selectable.js'
import type { ProcessEnd } from './process-end.js'

/** A function at work in a process, or thread, of its own; Python's Process. A local value: it does not travel. */
export interface Process extends Selectable, AsyncDisposable {
  readonly name: string
  readonly daemon: boolean
  /** Undefined until it has started. Of a thread: this process's. */
  readonly pid: number | undefined
  /** Whether it has not ended. */
  readonly alive: boolean
  /** Undefined while it is alive; then its exit code, or -n after signal n. */
  readonly exitCode: number | undefined
  /** How it ended, once all that it had sent is here. Never rejects. Does not keep this process alive. */
  readonly exited: Promise<ProcessEnd>
  /** Waits for its end. @throws TimeoutError; the signal's reason; as rejections. */
  join(options?: WaitOptions): Promise<ProcessEnd>
  /** SIGTERM: it may listen for that, and go on. A thread is ended at once. Does nothing once it has ended. */
  terminate(): void
  /** SIGKILL. */
  kill(): void
}
