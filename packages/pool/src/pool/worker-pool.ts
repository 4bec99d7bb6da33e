import { type Events, PoolRunningError, PoolTerminatedError, TimeoutError, type WaitOptions } from '@troupe/core'
import { expectTimeout } from '@troupe/core/internal'
import { type PoolSize, readSize } from '../schedule/bounds.js'
import type { PoolEvent } from '../schedule/events.js'
import { cores } from './cores.js'
import type { Pool, PoolStats } from './pool.js'
import { PoolCalls } from './pool-calls.js'
import type { Staff } from './staff.js'

/** One life of a pool, which is all of one that nobody supervises. */
export class WorkerPool extends PoolCalls implements Pool {
  protected readonly staff: Staff

  constructor(staff: Staff) {
    super()
    this.staff = staff
  }

  get size(): number {
    return this.staff.scheduler.crew.bounds.max
  }

  get events$(): Events<PoolEvent> {
    return this.staff.events$
  }

  resize(size: number | PoolSize): void {
    const bounds = readSize(size, cores)
    this.staff.mustBeOpen()
    this.staff.resize(bounds)
  }

  async ready(options: WaitOptions = {}): Promise<void> {
    this.staff.mustBeOpen()
    return this.staff.waits.bounded(() => 'ready() of the pool', this.staff.full(), options)
  }

  stats(): PoolStats {
    const { scheduler, phase, clock } = this.staff
    const now = clock.now()
    const workers = [...scheduler.crew.slots].map((slot) => ({
      id: slot.id,
      pid: slot.state.phase === 'ready' ? slot.state.pid : undefined,
      state:
        slot.state.phase === 'starting' ? ('starting' as const) : slot.busy ? ('busy' as const) : ('idle' as const),
      done: slot.done,
      ...slot.timesAt(now),
    }))
    const { queued, running, counts, slowest } = scheduler
    return { phase, size: this.size, workers, queued, running, ...counts, slowest: slowest.list() }
  }

  close(): void {
    this.staff.close()
  }

  async join(options: WaitOptions = {}): Promise<void> {
    const { phase, label, gone, waits } = this.staff
    if (phase === 'starting' || phase === 'running') throw new PoolRunningError({ pool: label })
    await waits.bounded(() => 'join() of the pool', gone, options)
  }

  async terminate(): Promise<void> {
    this.staff.terminate(new PoolTerminatedError({ pool: this.staff.label }))
    await this.join()
  }

  async stop({ timeout }: { timeout?: number | undefined } = {}): Promise<void> {
    if (timeout !== undefined) expectTimeout('timeout', timeout)
    this.close()
    try {
      await this.join({ timeout })
    } catch (error) {
      if (!(error instanceof TimeoutError)) throw error
      await this.terminate()
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop()
  }
}
