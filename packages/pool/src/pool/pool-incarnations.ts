import type { PoolEvent } from '../schedule/events.js'
import type { Reason } from '@troupe/core'
import { type ActorSystem, type Cell, EventStream, type Incarnations, type Target } from '@troupe/core/internal'
import { mustNotMultiply } from '@troupe/transport-node/internal'
import { WorkerPool } from './create-pool.js'
import { LastingPool } from './lasting-pool.js'
import type { PoolSettings } from './options.js'
import { PoolLife } from './pool-life.js'
import { Staff } from './staff.js'

/** The lives of a supervised pool, behind one Pool. */
export class PoolIncarnations implements Incarnations {
  readonly handle: LastingPool
  readonly #system: ActorSystem
  readonly #id: string
  readonly #settings: PoolSettings
  readonly #events$ = new EventStream<PoolEvent>()

  constructor(system: ActorSystem, id: string, settings: PoolSettings) {
    this.#system = system
    this.#id = id
    this.#settings = settings
    this.handle = new LastingPool(id, settings.size, this.#events$)
  }

  async start(supervisor: Target, number: number, signal: AbortSignal): Promise<Target> {
    mustNotMultiply('sole')
    const about = { parent: supervisor as Cell, child: this.#id, incarnation: number, events$: this.#events$ }
    const staff = new Staff(this.#system, this.#settings, about)
    const pool = new WorkerPool(this.#system, this.#settings, staff)
    try {
      await this.#system.waits.bounded(() => `the start of ${staff.label}`, staff.started, { signal })
    } catch (error) {
      await pool.terminate()
      throw error
    }
    this.handle.live(pool, staff.actor)
    return new PoolLife(staff.actor, pool)
  }

  close(reason: Reason): void {
    this.handle.between(reason)
  }

  end(reason: Reason): void {
    this.handle.between(reason)
    this.#events$.complete()
  }
}
