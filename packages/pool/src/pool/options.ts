import type { BackoffOptions, Launcher, Placement, System } from '@troupe/core'
import {
  backoffSettings,
  expectNumber,
  expectOneOf,
  expectOptions,
  expectTimeout,
  type Backoff,
  hostBehind,
  wrongType,
} from '@troupe/core/internal'
import { type AnyFunction, childProcess, type RemoteFunction } from '@troupe/transport-node'
import { memoryReader, snapshot } from '@troupe/transport-node/internal'
import { type TaskName, taskName } from '../call/name.js'
import { type Bounds, MAX_SIZE, type PoolSize, readSize } from '../schedule/bounds.js'
import type { Recycling } from '../schedule/crew.js'
import { cores } from './cores.js'

/** Options of `createPool`; times in milliseconds. */
export interface PoolOptions {
  /** Whose actors the pool and its workers are. Default: this process's own system. */
  readonly system?: System | undefined
  /**
   * Workers, or the bounds between which their number goes with the work. Default: the cores that this process may use, the
   * quotas of control groups considered.
   */
  readonly size?: number | PoolSize | undefined
  /** Where each worker lives: `childProcess()`, the default, or `workerThread()`. No launched host: a worker ends with its own. */
  readonly on?: Placement | undefined
  /**
   * Runs in each worker that ends in peace, after its last task, with what the initializer returned: when the pool closes,
   * shrinks, or replaces it. Not when it is killed or dies. It has 5,000 ms.
   */
  readonly finalizer?: RemoteFunction<(state: any) => unknown> | undefined
  /** Tasks after which a worker is replaced; a chunk counts as one, as in Python. Default: no limit. */
  readonly maxTasksPerWorker?: number | undefined
  /**
   * MiB of resident memory beyond which a worker is replaced between two tasks; looked at after a task, at most every 250 ms.
   * For processes. Default: no limit. What kills one in the middle of a task is `maxRssMb` of `childProcess()`.
   */
  readonly recycleRssMb?: number | undefined
  /** Default: takes all, and says `overload` on `events$` beyond 10,000. */
  readonly queue?: PoolQueue | undefined
  /** Tasks that a worker may be handed ahead of time, where tasks measure under 1 ms. Default 8; 0 turns it off. */
  readonly prefetch?: number | undefined
  /** Starts that may fail within `period`; beyond it the pool ends. Default 10. A death at work never counts. */
  readonly intensity?: number | undefined
  /** Milliseconds over which `intensity` counts. Default 10,000. */
  readonly period?: number | undefined
  /** The wait before a worker is started again, as of a supervisor. Default: none. */
  readonly backoff?: BackoffOptions | undefined
  /** Milliseconds from an abort or timeout until the worker is killed, unless the task has ended. Default 1,000; Infinity: never. */
  readonly cancelGrace?: number | undefined
  /** Workers kept ready beyond `size`: one takes the place of a worker that has died or is being replaced. Default 0. */
  readonly spares?: number | undefined
}

/** The calls that wait for a worker. */
export interface PoolQueue {
  /** Calls that may wait; each chunk of a map counts. Default 10,000. */
  readonly capacity?: number | undefined
  /**
   * What becomes of a call beyond it: `wait`, the default, has it wait all the same, and tells of it as `overload` on
   * `events$`; `reject` fails it with QueueFullError. A map is taken or refused as a whole, by the room there is at the call.
   */
  readonly overflow?: 'wait' | 'reject' | undefined
}

/** Options of `childPool`; times in milliseconds. The system is the supervisor's. */
export type ChildPoolOptions = Omit<PoolOptions, 'system'>

type ArgsOfInitializer<F extends AnyFunction> = Readonly<Parameters<F>>

/** A function that runs in each new worker before its first task; what it returns is `task().state`. */
export type Initializer<F extends AnyFunction> = {
  readonly initializer?: RemoteFunction<F> | undefined
} & (readonly [] extends ArgsOfInitializer<F>
  ? { readonly initargs?: ArgsOfInitializer<F> | undefined }
  : { readonly initargs: ArgsOfInitializer<F> })

/** Options with their defaults. */
export interface PoolSettings {
  readonly bounds: Bounds
  readonly on: Placement
  readonly initializer: (TaskName & { readonly args: readonly unknown[] }) | undefined
  readonly finalizer: TaskName | undefined
  readonly recycling: Recycling
  readonly queue: { readonly capacity: number; readonly overflow: 'wait' | 'reject' }
  readonly prefetch: number
  readonly intensity: number
  readonly period: number
  readonly backoff: Backoff
  readonly cancelGrace: number
  readonly spares: number
}

const KNOWN = [
  'size',
  'on',
  'initializer',
  'initargs',
  'finalizer',
  'maxTasksPerWorker',
  'recycleRssMb',
  'queue',
  'prefetch',
  'intensity',
  'period',
  'backoff',
  'cancelGrace',
  'spares',
]

/** @throws TypeError, RangeError, NotPortableError for what is wrong. */
export function poolSettings(
  options: PoolOptions & Partial<Initializer<AnyFunction>>,
  what = 'createPool options',
  known: readonly string[] = ['system', ...KNOWN],
): PoolSettings {
  expectOptions(what, options, known)
  const { system, size = cores(), on = childProcess(), initializer, initargs = [], finalizer } = options
  const { intensity = 10, period = 10_000, cancelGrace = 1_000, spares = 0, prefetch = 8, backoff } = options
  if (system !== undefined && typeof (system as { mustRun?: unknown } | null)?.mustRun !== 'function')
    throw wrongType('system', 'a system of createSystem()', system)
  checkPlacement(on)
  expectNumber('intensity', intensity, { min: 0, integer: true })
  expectNumber('period', period, { min: 1, max: 2_147_483_647 })
  expectTimeout('cancelGrace', cancelGrace)
  expectNumber('spares', spares, { min: 0, max: MAX_SIZE, integer: true })
  expectNumber('prefetch', prefetch, { min: 0, max: 1_000, integer: true })
  if (!Array.isArray(initargs)) throw wrongType('initargs', 'an array of arguments', initargs)
  const args = (): readonly unknown[] =>
    snapshot(initargs, 'What the initializer is given', 'initargs') as readonly unknown[]
  return {
    bounds: readSize(size, cores),
    on,
    initializer: initializer === undefined ? undefined : { ...taskName(initializer), args: args() },
    finalizer: finalizer === undefined ? undefined : taskName(finalizer),
    recycling: readRecycling(options, on as Launcher),
    queue: readQueue(options.queue),
    prefetch,
    intensity,
    period,
    backoff: backoffSettings(backoff, 'backoff'),
    cancelGrace,
    spares,
  }
}

/** The same for a pool that is the child `id` of a supervisor, whose system is its own. */
export function childPoolSettings(
  id: string,
  options: ChildPoolOptions & Partial<Initializer<AnyFunction>>,
): PoolSettings {
  return poolSettings(options, `options of the pool '${id}'`, KNOWN)
}

function checkPlacement(on: Placement): void {
  if (hostBehind(on) !== undefined)
    throw new TypeError(
      'Expected `on` to be a placement such as childProcess(), got a launched host: each worker needs one of its own, with which it ends',
    )
  if (typeof (on as { launch?: unknown } | null)?.launch !== 'function')
    throw wrongType('on', 'a placement such as childProcess()', on)
}

function readRecycling({ maxTasksPerWorker = Infinity, recycleRssMb }: PoolOptions, on: Launcher): Recycling {
  if (maxTasksPerWorker !== Infinity) expectNumber('maxTasksPerWorker', maxTasksPerWorker, { min: 1, integer: true })
  if (recycleRssMb === undefined) return { tasks: maxTasksPerWorker, rss: undefined }
  expectNumber('recycleRssMb', recycleRssMb, { min: Number.MIN_VALUE })
  const read = memoryReader()
  if (on.sharesMemory === true)
    throw new TypeError('`recycleRssMb` and threads do not go together: they share the memory of this process')
  if (read === undefined)
    throw new TypeError(
      `\`recycleRssMb\` is not to be had on ${process.platform}: nobody tells the memory of a process`,
    )
  return { tasks: maxTasksPerWorker, rss: { limit: recycleRssMb, read } }
}

function readQueue(given: PoolQueue = {}): PoolSettings['queue'] {
  expectOptions('queue', given, ['capacity', 'overflow'])
  const { capacity = 10_000, overflow = 'wait' } = given
  if (capacity !== Infinity) expectNumber('queue.capacity', capacity, { min: 1, integer: true })
  expectOneOf('queue.overflow', overflow, ['wait', 'reject'])
  return { capacity, overflow }
}
