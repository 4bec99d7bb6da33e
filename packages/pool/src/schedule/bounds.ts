/** How many workers a pool has. */
import { expectNumber, expectOptions, expectTimeout, wrongType } from '@troupe/core/internal'

/** An elastic size. */
export interface PoolSize {
  /** Workers that stay, however long they have nothing to do; `ready()` starts them. Default 0. */
  readonly min?: number | undefined
  /** Workers at most. Default: the cores that this process may use. */
  readonly max?: number | undefined
  /** Milliseconds without a task after which a worker beyond `min` is ended. Default 30,000; Infinity: never. */
  readonly idleTimeout?: number | undefined
}

export interface Bounds {
  readonly min: number
  readonly max: number
  readonly idleTimeout: number
}

/** Beyond any machine: what asks for more is a mistake, and would start processes until nothing runs any more. */
export const MAX_SIZE = 10_000

/** @throws TypeError, RangeError. */
export function readSize(size: number | PoolSize, cores: () => number): Bounds {
  if (typeof size !== 'object' || size === null) {
    const number = expectNumber('size', size, { min: 1, max: MAX_SIZE, integer: true })
    return { min: number, max: number, idleTimeout: Infinity }
  }
  if (Array.isArray(size)) throw wrongType('size', 'a number, or { min, max, idleTimeout }', size)
  expectOptions('size', size, ['min', 'max', 'idleTimeout'])
  const { min = 0, max = Math.max(min, cores()), idleTimeout = 30_000 } = size
  expectNumber('size.max', max, { min: 1, max: MAX_SIZE, integer: true })
  expectNumber('size.min', min, { min: 0, max, integer: true })
  expectTimeout('size.idleTimeout', idleTimeout)
  return { min, max, idleTimeout }
}
