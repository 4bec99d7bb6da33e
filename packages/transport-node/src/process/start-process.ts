import type { Placement, RemoteActor, System } from '@troupe/core'
import {
  type ActorSystem,
  expectBoolean,
  expectOptions,
  expectString,
  hostBehind,
  ownSystem,
  processRecord,
  wrongType,
} from '@troupe/core/internal'
import { snapshot } from '../codec/snapshot.js'
import type { ArgsOf } from '../module/signatures.js'
import { type AnyFunction, remote, type RemoteFunction } from '../module/remote.js'
import { taskName } from '../module/task-name.js'
import { childProcess } from '../placement/child-process.js'
import { mustNotMultiply } from '../placement/multiply.js'
import type { Process } from './process.js'
import type { RunnerInput, RunnerProtocol } from './runner.js'
import { StartedProcess } from './started-process.js'

/** Options of `startProcess`. */
export interface ProcessOptions {
  /** For listings and errors. Default: `Process-1` and so on. */
  readonly name?: string | undefined
  /** Ends with this program instead of keeping it alive. Default false. */
  readonly daemon?: boolean | undefined
  /** `childProcess()`, the default, or `workerThread()`. No launched host: it would end with its function. */
  readonly on?: Placement | undefined
  /** Whose host it is. Default: this process's own system. */
  readonly system?: System | undefined
}

const { runner } = remote<typeof import('./runner.js')>(new URL('./runner.js', import.meta.url))

/**
 * Runs an exported function in a process of its own; its result is dropped. The process ends once the function has
 * settled and nothing keeps its loop alive: then with code 0, or what `process.exitCode` says; with 1 when it threw, which
 * is reported as a crash. It ends with this process, whatever ends that, and what it has started ends with it. Until then
 * it keeps this program alive, unless it is a `daemon`.
 *
 * @param args are copied now; ends of pipes among them move.
 * @throws TypeError, NotPortableError, SerializationError for what is wrong; Error in a worker that still loads a module.
 */
export function startProcess<F extends AnyFunction>(
  task: RemoteFunction<F>,
  args: ArgsOf<F>,
  options: ProcessOptions = {},
): Process {
  const name = taskName(task)
  if (!Array.isArray(args)) throw wrongType('args', 'the list of arguments', args)
  expectOptions('startProcess options', options, ['name', 'daemon', 'on', 'system'])
  const { daemon = false, on = childProcess(), system: given } = options
  expectBoolean('daemon', daemon)
  if (options.name !== undefined) expectString('name', options.name)
  if (hostBehind(on) !== undefined)
    throw new TypeError(
      'Expected `on` to be a placement such as childProcess(), got a launched host: a process ends with its function',
    )
  if (given !== undefined && typeof (given as { mustRun?: unknown } | null)?.mustRun !== 'function')
    throw wrongType('system', 'a system of createSystem()', given)
  mustNotMultiply('sole')
  const system = (given ?? ownSystem()) as ActorSystem
  system.mustRun()
  const taken = snapshot(args, 'What the process is given', 'args') as readonly unknown[]
  const started = (processRecord().started ??= { count: 0, running: new Set() })
  started.count += 1
  const title = options.name ?? `Process-${started.count}`
  const input: RunnerInput = { ...name, args: taken, name: title }
  return new StartedProcess(system, { name: title, daemon, running: started.running }, (signal) =>
    system.spawner.start(
      runner as RemoteActor<RunnerInput, RunnerProtocol>,
      input,
      { on: on as never, title, announce: [name.url], signal },
      undefined,
      false,
    ),
  )
}
