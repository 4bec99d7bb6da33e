import type { Launch, LaunchContext, Launcher } from '@troupe/core'
import { expectNumber, expectOneOf, expectOptions, expectString, expectTimeout, wrongType } from '@troupe/core/internal'
import { type MemoryReader, memoryReader } from '../host/memory.js'
import { ProcessHost } from '../host/process-host.js'
import { inheritedEnv, inheritedExecArgv } from './inherit.js'
import { registerProxies } from '../proxies.js'
import { mustNotMultiply } from './multiply.js'

/** Options of `childProcess`. */
export interface ChildProcessOptions {
  /** Flags for Node itself. Default: this process's, less those of debuggers and test runners. */
  readonly execArgv?: readonly string[] | undefined
  /** The whole environment. Default: this process's, less what test runners add. */
  readonly env?: Readonly<Record<string, string | undefined>> | undefined
  /** Working directory. Default: this process's. */
  readonly cwd?: string | undefined
  /**
   * Where its stdout and stderr go; its stdin is empty. Default `inherit`.
   *
   * - `inherit`: to this process's own.
   * - `prefix`: each line to this process's stdout or stderr, as `[name] line`. Only whole lines are written; an unfinished
   *   last one is ended, and one of more than 1 MiB is cut. A line that was written before this program ends is not lost.
   * - `pipe`: they are `host.stdout` and `host.stderr` of `system.launch`, and must be read. Only a launched host has them:
   *   to start an actor in a process of its own throws TypeError.
   *
   * With `prefix` and `pipe` the process writes as to a file: it waits while the pipe (some hundred KiB) is full, and what
   * it wrote is not lost at `process.exit`. Neither DOWN nor `exited` wait for what is still to be read.
   */
  readonly stdio?: 'inherit' | 'prefix' | 'pipe' | undefined
  /**
   * MiB of resident memory, at least 1; a fresh process has about 50. This process measures it every 250 ms, unless it is
   * busy itself; one that holds more is killed (SIGKILL), reason `oom`, with an error that says how much it was. Linux and
   * macOS only. Default: no limit.
   */
  readonly maxRssMb?: number | undefined
  /** Milliseconds for start, loading and `init` together. Default 30,000. */
  readonly startTimeout?: number | undefined
}

/**
 * Places an actor in a child process of its own: a fault boundary, and a core of its own. Messages go over pipes that
 * are not Node's IPC channel. The child's stdout and stderr are this process's unless `stdio` says otherwise; it ends when this process does.
 *
 * @throws TypeError, RangeError for wrong options; TypeError for `maxRssMb` where the system does not tell the memory of
 *   a process. Error while a worker still evaluates an announced module's top level,
 *   so that a module which names itself cannot multiply.
 */
export function childProcess(options: ChildProcessOptions = {}): Launcher {
  expectOptions('childProcess options', options, ['execArgv', 'env', 'cwd', 'stdio', 'maxRssMb', 'startTimeout'])
  const { execArgv, env, cwd, stdio = 'inherit', maxRssMb, startTimeout = 30_000 } = options
  if (execArgv !== undefined && !isStrings(execArgv)) throw wrongType('execArgv', 'an array of strings', execArgv)
  if (env !== undefined && (typeof env !== 'object' || env === null)) throw wrongType('env', 'an object', env)
  if (cwd !== undefined) expectString('cwd', cwd)
  expectOneOf('stdio', stdio, ['inherit', 'prefix', 'pipe'])
  const maxRss = maxRssMb === undefined ? undefined : limitOf(maxRssMb)
  expectTimeout('startTimeout', startTimeout)
  return {
    reach: 'elsewhere',
    startTimeout,
    launch(context: LaunchContext): Launch {
      mustNotMultiply(context.use)
      registerProxies()
      if (stdio === 'pipe' && context.use === 'sole') throw new TypeError(NOBODY_READS)
      return new ProcessHost(context, {
        execArgv: execArgv ?? inheritedExecArgv(process.execArgv),
        env: env ?? inheritedEnv(process.env),
        cwd,
        stdio,
        maxRss,
      })
    },
  }
}

const isStrings = (value: unknown): boolean => Array.isArray(value) && value.every((each) => typeof each === 'string')

function limitOf(maxRssMb: unknown): { readonly limit: number; readonly read: MemoryReader } {
  const limit = expectNumber('maxRssMb', maxRssMb, { min: 1 })
  const read = memoryReader()
  if (read === undefined) {
    throw new TypeError(
      `\`maxRssMb\` needs Linux with /proc, or macOS: this system (${process.platform}) does not tell the memory of a process`,
    )
  }
  return { limit, read }
}

const NOBODY_READS =
  "With `stdio: 'pipe'` somebody must read: launch the host (`system.launch(childProcess({ stdio: 'pipe' }))`) and use it as `on`, or use 'prefix'"
