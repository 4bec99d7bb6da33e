import { type ActorSystem, ownSystem } from '@troupe/core/internal'
import type { AnyFunction } from '@troupe/transport-node'
import { mustNotMultiply } from '@troupe/transport-node/internal'
import { type Initializer, type PoolOptions, poolSettings } from './options.js'
import type { Pool } from './pool.js'
import { Staff } from './staff.js'
import { WorkerPool } from './worker-pool.js'

/**
 * Makes a pool. Workers start when tasks come, or at `ready()`.
 *
 * @throws TypeError, RangeError, NotPortableError, SerializationError for wrong options. Error in a worker that is still
 *   loading a task's module: a pool at the top level of the module that it runs would multiply without end.
 */
export function createPool<F extends AnyFunction = () => void>(options?: PoolOptions & Initializer<F>): Pool {
  const settings = poolSettings((options ?? {}) as never)
  mustNotMultiply('sole')
  const system = (options?.system ?? ownSystem()) as ActorSystem
  return new WorkerPool(new Staff(system, settings))
}
