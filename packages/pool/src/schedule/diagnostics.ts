/** Tells the channels of `node:diagnostics_channel` when a task begins and how it ended; names and shapes are public. */
import type { Clock, Reason } from '@troupe/core'
import { diagnosticsChannel } from '@troupe/core/internal'
import type { Attempt } from './attempt.js'
import type { WorkerSlot } from './worker-slot.js'

type Tried = Attempt<WorkerSlot>

/** `cancelled`: by an abort, its timeout, or the end of the pool. */
export type TaskOutcome = 'done' | 'failed' | 'crashed' | 'cancelled'

/** Whose tasks they are. */
export interface TaskOwner {
  readonly systemName: string
  readonly label: string
  readonly clock: Clock
}

export class TaskDiagnostics {
  readonly #owner: TaskOwner
  readonly #start = diagnosticsChannel('troupe:pool:task:start')
  readonly #end = diagnosticsChannel('troupe:pool:task:end')

  constructor(owner: TaskOwner) {
    this.#owner = owner
  }

  started(attempt: Tried): void {
    if (this.#start.hasSubscribers) this.#start.publish(this.#about(attempt))
  }

  ended(attempt: Tried, outcome: TaskOutcome, why: { error?: unknown; reason?: Reason } = {}): void {
    if (!this.#end.hasSubscribers) return
    const about = this.#about(attempt)
    this.#end.publish({ ...about, outcome, ms: about.at - attempt.since, ...why })
  }

  #about({ slot, work, pid, ticket }: Tried) {
    const { systemName: system, label: pool, clock } = this.#owner
    return { system, pool, at: clock.now(), ticket, task: work.label, attempt: work.crashes + 1, worker: slot.id, pid }
  }
}
