/**
 * Which work goes to which worker, and what becomes of it: the line of what waits, and the ledger of what each worker has
 * in hand. It holds no restart logic: the supervisor tells of starts and ends, this file only reassigns work.
 */
import type { Target, Waits } from '@troupe/core/internal'
import type { Work } from '../call/work.js'
import type { Progress, Report } from '../worker/worker.js'
import { Attempt, type AttemptOwner } from './attempt.js'
import type { Bounds } from './bounds.js'
import { crashOf } from './crash.js'
import { Crew, type CrewOwner } from './crew.js'
import { TaskDiagnostics, type TaskOwner } from './diagnostics.js'
import type { PoolEvent } from './events.js'
import { isWhole, mayFollow } from './hand-ahead.js'
import { Claim, type Lease } from './lease.js'
import { Leases } from './leases.js'
import type { Line } from './line.js'
import { Pace } from './pace.js'
import { Slowest } from './slowest.js'
import { Tickets } from './tickets.js'
import { Waiting } from './waiting.js'
import type { WorkerSlot } from './worker-slot.js'

/** What the scheduler needs of its pool. */
export interface Workshop extends TaskOwner, CrewOwner {
  readonly bounds: Bounds
  /** Pieces of work that a worker may have besides the one that it works at. */
  readonly prefetch: number
  readonly cancelGrace: number
  readonly waits: Waits
  emit(event: PoolEvent): void
  /** Nothing waits and nothing runs. */
  idle(): void
  /** Set while others are killing the pool: its workers do not die of their tasks then. */
  readonly killed: Error | undefined
}

type Tried = Attempt<WorkerSlot>

export interface Counts {
  done: number
  failed: number
  retried: number
  restarts: number
}

/** Milliseconds within which the death of an idle worker is noticed, if nothing is the matter. */
const UNNOTICED = 10
/** Workers that may die before they begin one and the same piece of work: then that may be the cause after all. */
const MOST_RETURNS = 3

export class Scheduler implements AttemptOwner<WorkerSlot> {
  readonly counts: Counts = { done: 0, failed: 0, retried: 0, restarts: 0 }
  readonly crew: Crew
  readonly pace: Pace = new Pace()
  readonly slowest: Slowest = new Slowest()
  readonly #shop: Workshop
  readonly #diagnostics: TaskDiagnostics
  readonly #waiting: Waiting
  readonly #tickets = new Tickets()
  readonly #leases: Leases
  /** Set when the pool has ended: what is submitted now fails with it. */
  #over: unknown

  constructor(shop: Workshop) {
    this.#shop = shop
    this.crew = new Crew(shop, shop.bounds)
    this.#diagnostics = new TaskDiagnostics(shop)
    this.#waiting = new Waiting(this.crew, shop.waits, (work, reason) => this.cancel(work, reason))
    this.#leases = new Leases(this.#waiting)
  }

  get over(): boolean {
    return this.#over !== undefined
  }

  /** Pieces of work that no worker has begun. */
  get queued(): number {
    let queued = this.#waiting.length
    for (const { hand } of this.crew.slots) queued += Math.max(0, hand.length - 1)
    return queued
  }

  /** Workers that have something in hand, or are checked out. */
  get running(): number {
    let running = 0
    for (const { busy } of this.crew.slots) if (busy) running += 1
    return running
  }

  /** Into that line of a place or a lease; without one where it belongs. */
  submit(work: Work, line?: Line): void {
    if (this.#over !== undefined) return work.failed(this.#over)
    this.#waiting.enter(work, line)
    this.#assign()
  }

  /** Takes back work for which nobody waits any more, wherever it is. */
  cancel(work: Work, reason: unknown): void {
    for (const part of work.parts ?? []) this.cancel(part, reason)
    if (!this.#waiting.takeBack(work)) return this.#attemptAt(work)?.giveUp(reason)
    this.#waiting.leave(work)
    work.failed(reason)
    this.#next()
  }

  /** The consumer of that work left: it is told of the end once the worker has closed it. */
  leave(work: Work, reason: unknown): void {
    const attempt = this.#attemptAt(work)
    if (attempt?.phase === 'working') attempt.leaveOff(reason)
    else this.cancel(work, reason)
  }

  /** The holder gives the worker back; what he has given it and it has not done is taken back. */
  release(lease: Lease<WorkerSlot>, reason: Error): void {
    if (!this.#leases.release(lease, reason)) return
    const { slot } = lease
    for (const attempt of [...slot.hand]) attempt.giveUp(reason)
    slot.lease = undefined
    slot.idleSince = this.#shop.clock.now()
    this.crew.rests(slot)
    this.#next()
  }

  resize(bounds: Bounds): void {
    this.crew.resize(bounds)
    this.#assign()
  }

  /** All that waits or runs fails with `error`, and whatever is submitted later. */
  end(error: Error): void {
    if (this.#over !== undefined) return
    this.#over = error
    this.crew.end()
    const why = (): Error => error
    this.#waiting.fail(this.#waiting.shared, why)
    for (const { line, hand } of this.crew.slots) {
      this.#waiting.fail(line, why)
      for (const attempt of hand) {
        attempt.endWatch()
        this.#waiting.begun(attempt.work)
      }
    }
    this.#leases.end(error)
    this.#tickets.end(error)
  }

  // --- told by the supervisor and the workers -------------------------------------------------------------------

  started(id: string, target: Target, pid: number | undefined): void {
    const slot = this.crew.get(id)
    if (slot === undefined) return
    this.crew.started(slot, target, pid)
    this.#assign()
  }

  /** The worker in that place has ended; its work has been dealt with when its channel closed. */
  ended(id: string): void {
    const slot = this.crew.get(id)
    if (slot?.state.phase !== 'ready') return
    const { target } = slot.state
    if (target.ended === undefined) return slot.lost(this.#shop.clock.now())
    this.#workerDied(slot, target)
    this.#next()
  }

  /** Told by a worker in the middle of a chunk. */
  report(report: Report): void {
    this.#tickets.report(report)
  }

  begun(ticket: number): void {
    this.#tickets.begun(ticket)
  }

  /** Throws what its listener throws. */
  progress(progress: Progress): void {
    this.#tickets.progress(progress)
  }

  #attemptAt(work: Work): Tried | undefined {
    for (const { hand } of this.crew.slots) for (const attempt of hand) if (attempt.work === work) return attempt
    return undefined
  }

  // --- one task after the other ---------------------------------------------------------------------------------

  #assign(): void {
    let working = this.running
    for (const slot of this.crew.slots) {
      const { busy, leaving } = slot
      if (!slot.free || (!busy && leaving === 'no' && working >= this.crew.bounds.max)) continue
      const line = this.#waiting.lineFor(slot)
      if (line !== undefined) {
        this.#give(slot, line)
        if (!busy) working += 1
      } else if (leaving === 'remove') this.crew.rests(slot)
    }
    const { length } = this.#waiting.shared
    if (length === 0) return
    this.crew.want(working + length)
    if (this.#shop.prefetch > 0) this.#handAhead()
  }

  /** Short tasks go to workers that are at work still: they find the next one without having to ask for it. */
  #handAhead(): void {
    const now = this.#shop.clock.now()
    const { shared } = this.#waiting
    for (let work = shared.first; work !== undefined; work = shared.first) {
      let least: WorkerSlot | undefined
      for (const slot of this.crew.slots) {
        if (slot.leaving !== 'no' || slot.lease !== undefined || slot.line.length > 0) continue
        if (slot.state.phase !== 'ready' || slot.hand[0]?.target !== slot.state.target) continue
        if (least === undefined || slot.hand.length < least.hand.length) least = slot
      }
      const room = Math.min(this.#shop.prefetch, this.#shop.recycling.tasks - (least?.given ?? 0))
      if (least === undefined || !mayFollow(work, least.hand, { room, pace: this.pace, now })) return
      this.#give(least, shared)
    }
  }

  /** The first in that line goes to that place. */
  #give(slot: WorkerSlot, line: Line): void {
    if (slot.state.phase !== 'ready') return
    const { target, pid } = slot.state
    const work = line.shift() as Work
    if (work instanceof Claim) return this.#leases.grant(work as Claim<WorkerSlot>, slot, pid)
    const now = this.#shop.clock.now()
    // One that was idle may have died, and nobody has noticed yet.
    const word = slot.hand.length === 0 && now - slot.idleSince >= UNNOTICED ? 'awaited' : 'none'
    const attempt = new Attempt(this, this.#shop, { slot, work, target, pid, line, word, ticket: this.#tickets.next() })
    this.#tickets.take(attempt)
    slot.take(attempt, now)
    announce(target, work.name.url)
    const first = slot.hand[0] === attempt
    if (first) this.#begin(attempt)
    attempt.send()
    if (first) attempt.limit()
  }

  #begin(attempt: Tried): void {
    this.#waiting.begun(attempt.work)
    attempt.begin(this.#shop.clock.now())
    this.#diagnostics.started(attempt)
  }

  answered(attempt: Tried, reply: unknown): void {
    const waits = attempt.caller === 'waits'
    if (waits) {
      this.#measure(attempt)
      this.#diagnostics.ended(attempt, 'done')
      attempt.slot.done += 1
      this.counts.done += 1
    }
    this.#free(attempt)
    if (waits) attempt.work.done(reply)
    this.#next()
  }

  failed(attempt: Tried, error: unknown): void {
    const { slot, work, target } = attempt
    if (target.ended === undefined) {
      this.#free(attempt)
      if (attempt.caller === 'waits') {
        this.#diagnostics.ended(attempt, 'failed', { error })
        this.counts.failed += 1
        this.#shop.emit({ type: 'taskError', id: slot.id, task: work.label, error, at: this.#shop.clock.now() })
        work.failed(error)
      }
    } else this.#workerDied(slot, attempt.target)
    this.#next()
  }

  givenUp(attempt: Tried, error: unknown): void {
    this.#diagnostics.ended(attempt, 'cancelled', { error })
    this.counts.failed += 1
    this.#waiting.begun(attempt.work)
    attempt.work.failed(error)
  }

  #measure({ slot, work, since }: Tried): void {
    const ms = this.#shop.clock.now() - since
    // The first of a module is the time to load it.
    if (slot.loaded.has(work.name.url)) this.pace.note(work, ms)
    else slot.loaded.add(work.name.url)
    this.slowest.note(work, ms, slot.id)
  }

  /** Its worker is done with it, and goes on to the next. */
  #free(attempt: Tried): void {
    const { slot, work } = attempt
    attempt.end()
    slot.drop(attempt, this.#shop.clock.now())
    this.#waiting.leave(work)
    this.#tickets.giveBack(attempt.ticket)
    const [next] = slot.hand
    this.crew.used(slot)
    if (next === undefined) this.crew.rests(slot)
    else if (next.phase === 'ahead') {
      this.#begin(next)
      next.limit()
    }
  }

  // --- a worker has ended ---------------------------------------------------------------------------------------

  /** What it worked at is dealt with; what it had been handed ahead it has not begun, and waits again. */
  #workerDied(slot: WorkerSlot, target: Target): void {
    const lost = slot.hand.filter((attempt) => attempt.target === target)
    const now = this.#shop.clock.now()
    for (const attempt of lost) {
      attempt.end()
      slot.drop(attempt, now)
      this.#tickets.giveBack(attempt.ticket)
    }
    if (slot.state.phase === 'ready' && slot.state.target === target) slot.lost(now)
    const [head, ...ahead] = lost
    for (const { work, caller, line } of ahead.reverse()) {
      if (caller === 'waits' && this.#over === undefined) line.putBack(work)
      else this.#waiting.leave(work)
    }
    const notBegun = head?.word === 'awaited' && head.work.returns < MOST_RETURNS && isWhole(head.work)
    if (notBegun && head.caller === 'waits' && this.#over === undefined) {
      head.work.returns += 1
      this.#waiting.putBack(head.work, head.line)
    } else if (head !== undefined) {
      this.#waiting.leave(head.work)
      if (head.caller === 'waits') this.#crashed(head)
    }
    this.#leases.lost(slot, target)
    this.crew.rests(slot)
  }

  /** Run again what may be run again, the rest fails. */
  #crashed(attempt: Tried): void {
    const { slot, work, pid, target } = attempt
    const over = this.#over ?? this.#shop.killed
    if (over !== undefined) {
      this.#diagnostics.ended(attempt, 'cancelled', { error: over })
      return work.failed(over)
    }
    this.#diagnostics.ended(attempt, 'crashed', target.ended && { reason: target.ended })
    work.crashes += 1
    const { retries = 0 } = work.options
    if (work.crashes <= retries && work.repeatable) return this.#again(slot, work)
    this.counts.failed += 1
    work.failed(crashOf(target.ended, { work, workerId: slot.id, pid }))
  }

  #again(slot: WorkerSlot, work: Work): void {
    const pieces = work.pieces()
    const about = { id: slot.id, task: work.label, attempt: work.crashes + 1, at: this.#shop.clock.now() }
    this.counts.retried += pieces.length
    for (let told = 0; told < pieces.length; told += 1) this.#shop.emit({ type: 'taskRetried', ...about })
    this.#waiting.enterAgain(pieces, work.order)
  }

  #next(): void {
    this.#assign()
    if (this.running === 0 && this.queued === 0) this.#shop.idle()
  }
}

/** A worker loads only what it was told of. */
function announce(target: Target, url: string): void {
  ;(target as { announce?(url: string): void }).announce?.(url)
}
