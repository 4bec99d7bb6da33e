import { availableParallelism } from 'node:os'
import type { Placement, System } from '@troupe/core'
import { expectNumber, expectOptions, wrongType } from '@troupe/core/internal'
import { type AnyFunction, childProcess, type RemoteFunction } from '@troupe/transport-node'
import { type TaskName, taskName } from '../call/name.js'

export interface PoolOptions {
  /** Whose actors the pool and its workers are. Default: this process's own system. */
  readonly system?: System | undefined
  /** Workers. Default: the cores that this process may use. */
  readonly size?: number | undefined
  /** Where each worker lives. Default: `childProcess()`. */
  readonly on?: Placement | undefined
  /** Starts that may fail within `period`; beyond it the pool ends. Default 10. A death at work never counts. */
  readonly intensity?: number | undefined
  /** Milliseconds. Default 10,000. */
  readonly period?: number | undefined
  /** Milliseconds from an abort or timeout until the worker is killed, unless the task has ended. Default 1,000. */
  readonly cancelGrace?: number | undefined
}

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

const KNOWN = ['system', 'size', 'on', 'initializer', 'initargs', 'intensity', 'period', 'cancelGrace']

/** @throws TypeError, RangeError, NotPortableError for what is wrong. */
export function poolSettings(options: PoolOptions & Partial<Initializer<AnyFunction>>): PoolSettings {
  expectOptions('createPool options', options, KNOWN)
  const { size = availableParallelism(), on = childProcess(), initializer, initargs = [] } = options
  const { intensity = 10, period = 10_000, cancelGrace = 1_000 } = options
  expectNumber('size', size, { min: 1, integer: true })
  expectNumber('intensity', intensity, { min: 0, integer: true })
  expectNumber('period', period, { min: 1 })
  expectNumber('cancelGrace', cancelGrace, { min: 0 })
  if (!Array.isArray(initargs)) throw wrongType('initargs', 'an array of arguments', initargs)
  const name = initializer === undefined ? undefined : { ...taskName(initializer), args: initargs }
  return { size, on, initializer: name, intensity, period, cancelGrace }
}
