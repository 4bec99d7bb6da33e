import type { Reason } from '../errors/reason.js'
import type { Placement } from '../ports/placement.js'
import type { StopOptions } from '../ref/actor-ref.js'
import type { WaitOptions } from '../wait/wait.js'

/**
 * A process or thread for several actors, made by `system.launch` and used as `on: host`. It lives until it is stopped,
 * killed, crashes, or its system stops; idle, it keeps no program alive. For a supervised child that lived in it, it is
 * started anew: then it has another number and process. Its actors share its fate: when it ends, each
 * of them is down with its reason, and an error that nobody caught in one of them, or `process.exit`, ends all.
 *
 * A local value: a message that holds one is refused (SerializationError).
 */
export interface Host extends Placement<'elsewhere'>, AsyncDisposable {
  /** Its number in the system, as in the ids of its actors: '3' of '3.17'. */
  readonly id: string
  /** The process that it is, or that its thread belongs to. */
  readonly pid: number | undefined
  /** Of a thread; undefined for a process. */
  readonly threadId: number | undefined
  /**
   * What the process writes to its stdout, of one that was launched with `stdio: 'pipe'`; undefined for all others. Read
   * it: once the pipe is full (some hundred KiB), the process waits at its next write, and all its actors with it. It
   * ends when the process has, after the last byte; `exited` and DOWN do not wait for that. Reading keeps no program
   * alive. Who leaves the loop gets no more of it, and the rest is dropped.
   */
  readonly stdout: AsyncIterable<Uint8Array> | undefined
  /** As `stdout`. */
  readonly stderr: AsyncIterable<Uint8Array> | undefined
  /** Why it ended, once it has: after the last message of its actors, and after their DOWNs. */
  readonly exited: Promise<Reason>
  /**
   * Stops its actors, last started first (`onStop` runs), then itself; after `timeout` milliseconds it is killed.
   * Spawning on it rejects from now on. Resolves with the reason. Default timeout: 5,000; Infinity waits for ever.
   *
   * @throws TypeError, RangeError for wrong options, as rejections.
   */
  stop(options?: Pick<StopOptions, 'timeout'>): Promise<Reason>
  /** Ends it at once, whatever its actors do, a loop without end included. Resolves with the reason. */
  kill(): Promise<Reason>
}

/** `timeout` in milliseconds, from the call until the host has answered; default: the placement's `startTimeout`. */
export interface LaunchOptions extends WaitOptions {
  /** What it is called in errors. Default `host`. */
  readonly name?: string | undefined
}
