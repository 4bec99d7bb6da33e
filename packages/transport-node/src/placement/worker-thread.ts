import type { Launch, LaunchContext, Launcher } from '@troupe/core'
import { expectNumber, expectOptions, expectTimeout } from '@troupe/core/internal'
import { ThreadHost } from '../host/thread-host.js'
import { inheritedEnv, inheritedExecArgv } from './inherit.js'
import { registerProxies } from '../proxies.js'
import { mustNotMultiply } from './multiply.js'

/** What V8 allows the thread, in MiB, as Node's `resourceLimits`. Default: as the process. */
export interface ThreadLimits {
  readonly maxOldGenerationSizeMb?: number | undefined
  readonly maxYoungGenerationSizeMb?: number | undefined
  readonly codeRangeSizeMb?: number | undefined
  readonly stackSizeMb?: number | undefined
}

/** Options of `workerThread`. */
export interface WorkerThreadOptions {
  /** A thread that wants more memory is ended, reason `oom`; see `workerThread` for how far that holds. */
  readonly resourceLimits?: ThreadLimits | undefined
  /** Milliseconds for start, loading and `init` together. Default 30,000. */
  readonly startTimeout?: number | undefined
}

const LIMITS = ['maxOldGenerationSizeMb', 'maxYoungGenerationSizeMb', 'codeRangeSizeMb', 'stackSizeMb'] as const

/**
 * Places an actor in a worker thread of its own: a core of its own, and the memory of this process, so that starts are
 * cheaper and buffers can be moved. An uncaught error, `process.exit` and a loop without end take down that thread alone.
 *
 * Threads are no fault boundary, as `childProcess()` is: a thread that runs out of memory may abort the whole process,
 * `resourceLimits` or not, and so does a native addon that crashes. Choose them for speed, for code that you trust.
 *
 * @throws TypeError, RangeError for wrong options. Error while a worker still evaluates an announced module's top level,
 *   so that a module which names itself cannot multiply.
 */
export function workerThread(options: WorkerThreadOptions = {}): Launcher {
  expectOptions('workerThread options', options, ['resourceLimits', 'startTimeout'])
  const { resourceLimits = {}, startTimeout = 30_000 } = options
  expectOptions('resourceLimits', resourceLimits, LIMITS)
  const limits: Record<string, number> = {}
  for (const name of LIMITS) {
    const value = resourceLimits[name]
    if (value !== undefined) limits[name] = expectNumber(name, value, { min: Number.MIN_VALUE })
  }
  expectTimeout('startTimeout', startTimeout)
  return {
    reach: 'elsewhere',
    startTimeout,
    sharesMemory: true,
    launch(context: LaunchContext): Launch {
      mustNotMultiply(context.use)
      registerProxies()
      return new ThreadHost(context, {
        execArgv: inheritedExecArgv(process.execArgv),
        env: inheritedEnv(process.env),
        resourceLimits: limits,
      })
    },
  }
}
