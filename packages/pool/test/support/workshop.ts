/** Stands for the pool and its workers under a scheduler: hands them to the test, and keeps all promises of the real ones. */
import type { Reason } from '@troupe/core'
import { type Asker, type Target, Waits } from '@troupe/core/internal'
import { ManualClock } from '@troupe/core/testing'
import type { PoolEvent } from '@troupe/pool'
import type { Bounds } from '../../dist/schedule/bounds.js'
import type { Recycling } from '../../dist/schedule/crew.js'
import type { Workshop } from '../../dist/schedule/scheduler.js'

/** A worker that answers when the test says so. */
export class FakeTarget implements Partial<Target> {
  readonly address = { host: 2, actor: 16, incarnation: 0 }
  readonly label = 'worker'
  ended: Reason | undefined
  /** What it was asked, and has not answered. */
  readonly asked: { message: string; arg: any; asker: Asker; abandoned: boolean }[] = []
  readonly announced: string[] = []
  killed = 0

  ask(message: string, arg: unknown, asker: Asker): void {
    if (this.ended !== undefined) return asker.reject(new Error('down'))
    const question = { message, arg, asker, abandoned: false }
    asker.onAbandon = () => {
      question.abandoned = true
    }
    this.asked.push(question)
  }

  announce(url: string): void {
    this.announced.push(url)
  }

  kill(): void {
    this.killed += 1
  }

  reply(value: unknown): void {
    this.asked.shift()?.asker.resolve(value)
  }

  fail(error: unknown): void {
    this.asked.shift()?.asker.reject(error)
  }

  end(reason: Reason): void {
    if (this.ended !== undefined) return
    this.ended = reason
    for (const { asker } of this.asked.splice(0)) asker.reject(new Error('down'))
  }
}

export class FakeWorkshop implements Workshop {
  readonly systemName = 'test'
  readonly label = 'pool'
  readonly bounds: Bounds
  readonly spares: number
  readonly prefetch: number
  readonly recycling: Recycling
  readonly cancelGrace = 1_000
  readonly clock: ManualClock = new ManualClock()
  readonly waits: Waits = new Waits(this.clock)
  killed: Error | undefined
  /** Places whose worker is to be started. */
  readonly wanted: string[] = []
  readonly events: PoolEvent[] = []
  /** Places whose worker is to be replaced, and to be ended. */
  readonly replaced: [id: string, why: string][] = []
  readonly dismissed: string[] = []
  idles = 0

  constructor(size: number, options: Partial<Pick<Workshop, 'bounds' | 'spares' | 'prefetch' | 'recycling'>> = {}) {
    this.bounds = options.bounds ?? { min: size, max: size, idleTimeout: Infinity }
    this.spares = options.spares ?? 0
    this.prefetch = options.prefetch ?? 0
    this.recycling = options.recycling ?? { tasks: Infinity, rss: undefined }
  }

  startWorker(id: string): void {
    this.wanted.push(id)
  }

  replaceWorker(id: string, why: string): void {
    this.replaced.push([id, why])
  }

  endWorker(id: string): void {
    this.dismissed.push(id)
  }

  workerReady(): void {}

  emit(event: PoolEvent): void {
    this.events.push(event)
  }

  idle(): void {
    this.idles += 1
  }
}

export const asTarget = (target: FakeTarget): Target => target as unknown as Target
