import { availableParallelism } from 'node:os'
import type { Placement, System } from '@troupe/core'
import { expectNumber, expectOptions, expectTimeout, hostBehind, wrongType } from '@troupe/core/internal'
import { type AnyFunction, childProcess, type RemoteFunction } from '@troupe/transport-node'
import { type TaskName, taskName } from '../call/name.js'
import { Snapshots } from './snapshot.js'

/** Options of `createPool`; times in milliseconds. */
export interface PoolOptions {
  /** Whose actors the pool and its workers are. Default: this process's own system. */
  readonly system?: System | undefined
  /** Workers. Default: the cores that this process may use. */
  readonly size?: number | undefined
  /** Where each worker lives: `childProcess()`, the default, or `workerThread()`. No launched host: a worker ends with its own. */
  readonly on?: Placement | undefined
  /** Starts that may fail within `period`; beyond it the pool ends. Default 10. A death at work never counts. */
  readonly intensity?: number | undefined
  /** Milliseconds over which `intensity` counts. Default 10,000. */
  readonly period?: number | undefined
  /** Milliseconds from an abort or timeout until the worker is killed, unless the task has ended. Default 1,000; Infinity: never. */
  readonly cancelGrace?: number | undefined
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
  readonly size: number
  readonly on: Placement
  readonly initializer: (TaskName & { readonly args: readonly unknown[] }) | undefined
  readonly intensity: number
  readonly period: number
  readonly cancelGrace: number
}

/** Beyond any machine: what asks for more is a mistake, and would start processes until nothing runs any more. */
const MAX_SIZE = 10_000
const KNOWN = ['size', 'on', 'initializer', 'initargs', 'intensity', 'period', 'cancelGrace']

/** @throws TypeError, RangeError, NotPortableError for what is wrong. */
export function poolSettings(
  options: PoolOptions & Partial<Initializer<AnyFunction>>,
  what = 'createPool options',
  known: readonly string[] = ['system', ...KNOWN],
): PoolSettings {
  expectOptions(what, options, known)
  const { system, size = availableParallelism(), on = childProcess(), initializer, initargs = [] } = options
  const { intensity = 10, period = 10_000, cancelGrace = 1_000 } = options
  if (system !== undefined && typeof (system as { mustRun?: unknown } | null)?.mustRun !== 'function')
    throw wrongType('system', 'a system of createSystem()', system)
  if (hostBehind(on) !== undefined)
    throw new TypeError(
      'Expected `on` to be a placement such as childProcess(), got a launched host: each worker needs one of its own, with which it ends',
    )
  if (typeof (on as { launch?: unknown } | null)?.launch !== 'function')
    throw wrongType('on', 'a placement such as childProcess()', on)
  expectNumber('size', size, { min: 1, max: MAX_SIZE, integer: true })
  expectNumber('intensity', intensity, { min: 0, integer: true })
  expectNumber('period', period, { min: 1, max: 2_147_483_647 })
  expectTimeout('cancelGrace', cancelGrace)
  if (!Array.isArray(initargs)) throw wrongType('initargs', 'an array of arguments', initargs)
  const taken = (): readonly unknown[] => new Snapshots().of(initargs, 'What the initializer is given', 'initargs')
  const name = initializer === undefined ? undefined : { ...taskName(initializer), args: taken() }
  return { size, on, initializer: name, intensity, period, cancelGrace }
}

/** The same for a pool that is the child `id` of a supervisor, whose system is its own. */
export function childPoolSettings(
  id: string,
  options: ChildPoolOptions & Partial<Initializer<AnyFunction>>,
): PoolSettings {
  return poolSettings(options, `options of the pool '${id}'`, KNOWN)
}
