/** The workers that are checked out. */
import { WorkerCrashedError } from '@troupe/core'
import type { Target } from '@troupe/core/internal'
import { crashOf } from './crash.js'
import { type Claim, Lease } from './lease.js'
import type { Waiting } from './waiting.js'
import type { WorkerSlot } from './worker-slot.js'

export class Leases {
  readonly #waiting: Waiting
  readonly #held = new Set<Lease<WorkerSlot>>()

  constructor(waiting: Waiting) {
    this.#waiting = waiting
  }

  /** From now on the worker is its holder's. */
  grant(claim: Claim<WorkerSlot>, slot: WorkerSlot, pid: number | undefined): void {
    const lease = new Lease(slot, pid)
    this.#waiting.leave(claim)
    this.#held.add(lease)
    slot.lease = lease
    claim.grant(lease)
  }

  /** Its holder gives it back; what he has given it and it has not begun is taken back. False when it was over before. */
  release(lease: Lease<WorkerSlot>, reason: Error): boolean {
    this.#held.delete(lease)
    if (lease.over !== undefined) return false
    lease.over = reason
    this.#waiting.fail(lease.line, () => reason)
    return true
  }

  /** Its holder's worker is gone, with what it knew: another one is not the same. */
  lost(slot: WorkerSlot, { ended }: Target): void {
    const { lease, id } = slot
    if (lease === undefined) return
    slot.lease = undefined
    const about = { workerId: id, pid: lease.pid, started: false }
    this.#waiting.fail(lease.line, (work) => crashOf(ended, { work, ...about }))
    lease.over ??= new WorkerCrashedError(
      { exitCode: ended?.code ?? null, signal: ended?.signal ?? null, ...about },
      { task: 'checkout', end: 'it ended while it was checked out' },
    )
  }

  /** The pool has ended. */
  end(error: Error): void {
    for (const lease of this.#held) {
      this.#waiting.fail(lease.line, () => error)
      lease.over = error
      lease.onPoolEnd?.(error)
    }
  }
}
