import type { Reason } from './reason.js'
import type { ErrorCode } from './table.js'
import { type Details, TroupeError, type TroupeErrorOptions } from './troupe-error.js'

type Options = Omit<TroupeErrorOptions, 'details'>

/** A wait took longer than its `timeout`. What was waited for may still happen. */
export class TimeoutError extends TroupeError {
  constructor(details: Details = {}, options: Options = {}, code: ErrorCode = 'ERR_TIMEOUT') {
    super(code, { ...options, details })
  }
}

/** The queue had no room in time: the item was not and will not be taken. */
export class QueueFullError extends TimeoutError {
  constructor(details: Details = {}, options: Options = {}) {
    super(details, options, 'ERR_QUEUE_FULL')
  }
}

/** No item came in time: none was taken. */
export class QueueEmptyError extends TimeoutError {
  constructor(details: Details = {}, options: Options = {}) {
    super(details, options, 'ERR_QUEUE_EMPTY')
  }
}

/** The queue was closed and is drained, or its owner is gone (`cause`). What was to be put is not in it. */
export class QueueClosedError extends TroupeError {
  constructor(details: Details = {}, options: Options = {}) {
    super('ERR_QUEUE_CLOSED', { ...options, details })
  }
}

/** The end of file of a connection: its peer has closed, and all that it had sent has been received. */
export class EndOfStreamError extends TroupeError {
  constructor(details: Details = {}, options: Options = {}) {
    super('ERR_END_OF_STREAM', { ...options, details })
  }
}

/** The other end is closed, or its process is gone: nobody will receive this. */
export class PeerClosedError extends TroupeError {
  constructor(details: Details = {}, options: Options = {}) {
    super('ERR_PEER_CLOSED', { ...options, details })
  }
}

/** This end is closed here, or was moved to another process. */
export class ConnectionClosedError extends TroupeError {
  constructor(details: Details = {}, options: Options = {}) {
    super('ERR_CONNECTION_CLOSED', { ...options, details })
  }
}

/** A message of bytes is longer than was asked for. It has been taken off the connection: `bytes` is the whole of it. */
export class BufferTooShortError extends TroupeError {
  readonly bytes: Uint8Array

  constructor(bytes: Uint8Array, details: Details = {}, options: Options = {}) {
    super('ERR_BUFFER_TOO_SHORT', { ...options, details: { length: bytes.byteLength, ...details } })
    this.bytes = bytes
  }
}

/** The barrier is broken: a party gave up or died, or it was aborted or reset. */
export class BrokenBarrierError extends TroupeError {
  constructor(details: Details = {}, options: Options = {}) {
    super('ERR_BROKEN_BARRIER', { ...options, details })
  }
}

/** Somebody cancelled it: `AsyncResult.cancel()`, or an abort signal without a reason of its own. */
export class AbortError extends TroupeError {
  constructor(details: Details = {}, options: Options = {}) {
    super('ERR_CANCELLED', { ...options, details })
  }
}

/** The actor that was asked is down. `reason` says why; for a crash `cause` is the error that it threw. */
export class ActorDownError extends TroupeError {
  readonly reason: Reason

  constructor(reason: Reason, details: Details = {}, options: Options = {}) {
    const cause = options.cause ?? reason.error
    super('ERR_ACTOR_DOWN', {
      ...options,
      ...(cause === undefined ? {} : { cause }),
      details: { actor: 'the actor', ...details, reason: reason.type, detail: detailOf(reason) },
    })
    this.reason = reason
  }
}

/** A question came back, over `ctx.ask` or `ctx.stream`, to an actor that waits for its answer. It was not handled. */
export class DeadlockError extends TroupeError {
  constructor(details: Details = {}, options: Options = {}) {
    super('ERR_DEADLOCK', { ...options, details })
  }
}

/** The mailbox is full and refuses: the message was not and will not be handled. */
export class MailboxFullError extends TroupeError {
  constructor(details: Details = {}, options: Options = {}) {
    super('ERR_MAILBOX_FULL', { ...options, details })
  }
}

/** The value is not data, or too deep. `path` names the bad member. Nothing was sent. */
export class SerializationError extends TroupeError {
  readonly path: string

  constructor(details: Details = {}, options: Options = {}) {
    super('ERR_SERIALIZATION', { ...options, details })
    this.path = String(details['path'] ?? '')
  }
}

/** Code was handed in where a name must travel: closures and local definitions exist in their own process only. */
export class NotPortableError extends TroupeError {
  constructor(details: Details = {}, options: Options = {}) {
    super('ERR_NOT_PORTABLE', { ...options, details })
  }
}

/** Bytes that no peer of ours sends, or a version that does not fit. The channel is closed. */
export class ProtocolError extends TroupeError {
  constructor(details: Details = {}, options: Options = {}) {
    super('ERR_PROTOCOL', { ...options, details })
  }
}

/** One end could not prove to the other that it may come in. The channel is closed; no message was sent or read. */
export class AuthenticationError extends TroupeError {
  constructor(details: Details = {}, options: Options = {}) {
    super('ERR_AUTHENTICATION', { ...options, details })
  }
}

type SupervisorCode =
  | 'ERR_SUPERVISOR'
  | 'ERR_CHILD_PRESENT'
  | 'ERR_CHILD_RUNNING'
  | 'ERR_CHILD_NOT_FOUND'
  | 'ERR_MAX_CHILDREN'

/** A supervisor refused what it was asked to do. */
export class SupervisorError extends TroupeError {
  constructor(code: SupervisorCode = 'ERR_SUPERVISOR', details: Details = {}, options: Options = {}) {
    super(code, { ...options, details })
  }
}

/** More restarts than `intensity` within `period`: the supervisor gave up and ended its children. */
export class RestartLimitError extends TroupeError {
  constructor(details: Details = {}, options: Options = {}) {
    super('ERR_RESTART_LIMIT', { ...options, details })
  }
}

/** Something that is not an error was thrown elsewhere (it is the `cause`), or an error whose class is unknown here. */
export class RemoteError extends TroupeError {
  constructor(details: Details = {}, options: Options = {}) {
    super('ERR_REMOTE', { ...options, details })
  }
}

/** The pool takes no more tasks: `close()` or `stop()` was called. This one was not and will not be run. */
export class PoolClosedError extends TroupeError {
  constructor(details: Details = {}, options: Options = {}) {
    super('ERR_POOL_CLOSED', { ...options, details })
  }
}

/** The pool was terminated before the task had finished; it may have been running. */
export class PoolTerminatedError extends TroupeError {
  constructor(details: Details = {}, options: Options = {}) {
    super('ERR_POOL_TERMINATED', { ...options, details })
  }
}

/** `join()` before `close()`, `terminate()` or `stop()` would wait for ever. */
export class PoolRunningError extends TroupeError {
  constructor(details: Details = {}, options: Options = {}) {
    super('ERR_POOL_RUNNING', { ...options, details })
  }
}

/** A worker ended while it had the task: killed, `process.exit`, out of memory, an error that nobody caught (`cause`). */
export class WorkerCrashedError extends TroupeError {
  /** As Node tells it; null after a signal. */
  readonly exitCode: number | null
  readonly signal: string | null
  readonly pid: number | undefined
  readonly workerId: string
  /** Whether the task had begun when the worker ended. */
  readonly started: boolean | 'unknown'

  constructor(
    crash: {
      exitCode: number | null
      signal: string | null
      pid: number | undefined
      workerId: string
      started: boolean | 'unknown'
    },
    details: Details = {},
    options: Options = {},
  ) {
    super('ERR_WORKER_CRASHED', { ...options, details: { worker: crash.workerId, pid: crash.pid, ...details } })
    this.exitCode = crash.exitCode
    this.signal = crash.signal
    this.pid = crash.pid
    this.workerId = crash.workerId
    this.started = crash.started
  }
}

/** The initializer failed in as many starts as the pool allows; its error is the `cause`. The pool has ended. */
export class InitializerError extends TroupeError {
  constructor(details: Details = {}, options: Options = {}) {
    super('ERR_INITIALIZER', { ...options, details })
  }
}

/** The task ended each worker that tried it, `retries` included; the last end is the `cause`. */
export class PoisonTaskError extends TroupeError {
  constructor(details: Details = {}, options: Options = {}) {
    super('ERR_POISON_TASK', { ...options, details })
  }
}

function detailOf(reason: Reason): string {
  if (reason.type === 'exit') return `: ${endOf(reason)}`
  const error = reason.error as { message?: unknown } | undefined
  return error === undefined || error === null ? '' : `: ${String(error.message ?? error)}`
}

/** How a process ended, in words: `exit code 3`, `signal SIGKILL`. */
export function endOf(exit: { code?: number | null | undefined; signal?: string | null | undefined }): string {
  if (exit.signal !== undefined && exit.signal !== null) return `signal ${exit.signal}`
  return exit.code === undefined || exit.code === null ? 'an unknown end' : `exit code ${exit.code}`
}
