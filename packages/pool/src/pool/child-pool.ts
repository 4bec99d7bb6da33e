import type { ChildSpec, Restart, ShutdownOptions } from '@troupe/core'
import { type ActorSystem, childOf, expectOptions, expectString } from '@troupe/core/internal'
import type { AnyFunction } from '@troupe/transport-node'
import { type ChildPoolOptions, childPoolSettings, type Initializer } from './options.js'
import type { Pool } from './pool.js'
import { PoolIncarnations } from './pool-incarnations.js'

/**
 * Describes a pool as a child of a supervisor, whose `ref(id)` is then one Pool for all its lives. One that gave up ends
 * with `shutdown`, as a supervisor does; so does one that was closed or stopped; one that was terminated is `killed`.
 * `restart` (default `permanent`) decides what follows. Its calls never go over to the next life: they have settled.
 * Between two lives calls fail with PoolTerminatedError, the reason of the end as its cause.
 *
 * Its supervisor ends it by a stop that runs what was submitted, for `shutdown` milliseconds at most (default 5,000; as
 * long as it takes with Infinity), and then terminates it; `brutal_kill` terminates it at once.
 *
 * It counts as a worker, in types and in `count()`: `ref` finds workers, and what `supervisor(id)` gives has children of
 * its own to show.
 *
 * @throws TypeError, RangeError, NotPortableError, SerializationError for wrong options: nothing has started then.
 */
export function childPool<const Id extends string, F extends AnyFunction = () => void>(
  id: Id,
  options?: ChildPoolOptions & Initializer<F>,
  childOptions: ShutdownOptions & Restart = {},
): ChildSpec<Id, Pool, 'worker'> {
  expectString('id', id)
  const settings = childPoolSettings(id, (options ?? {}) as never)
  expectOptions(`options of the child '${id}'`, childOptions, ['restart', 'shutdown', 'significant'])
  const found = (system: ActorSystem): PoolIncarnations => new PoolIncarnations(system, id, settings)
  return childOf(id, 'worker', childOptions, { kind: 'own', found }) as unknown as ChildSpec<Id, Pool, 'worker'>
}
