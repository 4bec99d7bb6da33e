import type { Launch, LaunchContext, Launcher } from '@troupe/core'
import { expectOptions, expectString, expectTimeout, wrongType } from '@troupe/core/internal'
import { ProcessHost } from '../host/process-host.js'
import { inheritedEnv, inheritedExecArgv } from './inherit.js'
import { mustNotMultiply } from './multiply.js'

/** Options of `childProcess`. */
export interface ChildProcessOptions {
  /** Flags for Node itself. Default: this process's, less those of debuggers and test runners. */
  readonly execArgv?: readonly string[] | undefined
  /** The whole environment. Default: this process's, less what test runners add. */
  readonly env?: Readonly<Record<string, string | undefined>> | undefined
  /** Working directory. Default: this process's. */
  readonly cwd?: string | undefined
  /** Milliseconds for start, loading and `init` together. Default 30,000. */
  readonly startTimeout?: number | undefined
}

/**
 * Places an actor in a child process of its own: a fault boundary, and a core of its own. Messages go over pipes that
 * are not Node's IPC channel. The child's stdout and stderr are this process's; it ends when this process does.
 *
 * @throws TypeError, RangeError for wrong options. Error while a worker still evaluates an announced module's top level,
 *   so that a module which names itself cannot multiply.
 */
export function childProcess(options: ChildProcessOptions = {}): Launcher {
  expectOptions('childProcess options', options, ['execArgv', 'env', 'cwd', 'startTimeout'])
  const { execArgv, env, cwd, startTimeout = 30_000 } = options
  if (execArgv !== undefined && !isStrings(execArgv)) throw wrongType('execArgv', 'an array of strings', execArgv)
  if (env !== undefined && (typeof env !== 'object' || env === null)) throw wrongType('env', 'an object', env)
  if (cwd !== undefined) expectString('cwd', cwd)
  expectTimeout('startTimeout', startTimeout)
  return {
    reach: 'elsewhere',
    startTimeout,
    launch(context: LaunchContext): Launch {
      mustNotMultiply(context.use)
      return new ProcessHost(context, {
        execArgv: execArgv ?? inheritedExecArgv(process.execArgv),
        env: env ?? inheritedEnv(process.env),
        cwd,
      })
    },
  }
}

const isStrings = (value: unknown): boolean => Array.isArray(value) && value.every((each) => typeof each === 'string')
