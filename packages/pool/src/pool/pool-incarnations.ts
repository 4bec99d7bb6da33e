import type { PoolEvent } from '../schedule/events.js'
import type { Reason } from '@troupe/core'
import { type ActorSystem, type Cell, EventStream, type Incarnations, type Target } from '@troupe/core/internal'
import { mustNotMultiply } from '@troupe/transport-node/internal'
import { LastingPool } from './lasting-pool.js'
import type { PoolSettings } from './options.js'
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
    this.handle = new LastingPool(id, settings.bounds.max, this.#events$)
  }

  async start(supervisor: Target, number: number, signal: AbortSignal): Promise<Target> {
    mustNotMultiply('sole')
    const about = { parent: supervisor as Cell, child: this.#id, incarnation: number, events$: this.#events$ }
    const staff = new Staff(this.#system, this.#settings, about)
    try {
      await this.#system.waits.bounded(() => `the start of ${staff.label}`, staff.started, { signal })
    } catch (error) {
      staff.actor.kill()
      await staff.gone
      throw error
    }
    this.handle.live(staff)
    return staff.actor
  }

  close(reason: Reason): void {
    this.handle.between(reason)
  }

  end(reason: Reason): void {
    this.handle.between(reason)
    this.#events$.complete()
  }
}
