/** Tells the channels of `node:diagnostics_channel` when a task begins and how it ended; names and shapes are public. */
import type { Clock, Reason } from '@troupe/core'
import { diagnosticsChannel } from '@troupe/core/internal'
import type { BusyState, WorkerSlot } from './worker-slot.js'

/** `cancelled`: by an abort, its timeout, or the end of the pool. */
export type TaskOutcome = 'done' | 'failed' | 'crashed' | 'cancelled'

/** Whose tasks they are. */
export interface TaskOwner {
  readonly systemName: string
  readonly label: string
  readonly clock: Clock
}

type Attempt = Pick<BusyState, 'work' | 'pid' | 'ticket' | 'since'>

export class TaskDiagnostics {
  readonly #owner: TaskOwner
  readonly #start = diagnosticsChannel('troupe:pool:task:start')
  readonly #end = diagnosticsChannel('troupe:pool:task:end')

  constructor(owner: TaskOwner) {
    this.#owner = owner
  }

  /** When an attempt begins, in ms; undefined when nobody wants to know. */
  now(): number | undefined {
    return this.#start.hasSubscribers || this.#end.hasSubscribers ? this.#owner.clock.now() : undefined
  }

  started(slot: WorkerSlot, attempt: Attempt): void {
    if (this.#start.hasSubscribers) this.#start.publish(this.#about(slot, attempt))
  }

  /** Of an attempt that began while nobody listened the time is not known. */
  ended(
    slot: WorkerSlot,
    attempt: Attempt,
    outcome: TaskOutcome,
    why: { error?: unknown; reason?: Reason } = {},
  ): void {
    if (!this.#end.hasSubscribers) return
    const about = this.#about(slot, attempt)
    const ms = attempt.since === undefined ? undefined : about.at - attempt.since
    this.#end.publish({ ...about, outcome, ms, ...why })
  }

  #about(slot: WorkerSlot, { work, pid, ticket }: Attempt) {
    const { systemName: system, label: pool, clock } = this.#owner
    return { system, pool, at: clock.now(), ticket, task: work.label, attempt: work.crashes + 1, worker: slot.id, pid }
  }
}
