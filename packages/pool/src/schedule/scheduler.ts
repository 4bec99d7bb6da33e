/**
 * Which work goes to which worker, and what becomes of it: the queue, the places of the workers, and the ledger of what
 * each has in hand. It holds no restart logic: the supervisor tells of starts and ends, this file only reassigns work.
 */
import { Ring, type Target, type Waits } from '@troupe/core/internal'
import type { Work } from '../call/work.js'
import type { PoolEvent } from './events.js'
import type { Report } from '../worker/worker.js'
import { crashOf } from './crash.js'
import { Dispatch, StreamDispatch } from './dispatch.js'
import { TaskDiagnostics, type TaskOwner } from './diagnostics.js'
import type { BusyState, WorkerSlot } from './worker-slot.js'

/** What the scheduler needs of its pool. */
export interface Workshop extends TaskOwner {
  readonly size: number
  readonly cancelGrace: number
  readonly waits: Waits
  /** Has a worker started for that place; its life is told by `started` and `ended`. */
  startWorker(id: string): void
  emit(event: PoolEvent): void
  /** Nothing waits and nothing runs. */
  idle(): void
  /** Set while others are killing the pool: its workers do not die of their tasks then. */
  readonly killed: Error | undefined
}

export interface Counts {
  done: number
  failed: number
  retried: number
  restarts: number
}

export class Scheduler {
  readonly counts: Counts = { done: 0, failed: 0, retried: 0, restarts: 0 }
  readonly #shop: Workshop
  readonly #diagnostics: TaskDiagnostics
  #queue = new Ring<Work>()
  readonly #slots = new Map<string, WorkerSlot>()
  /** Busy places by ticket, for the reports of their chunks. */
  readonly #tickets = new Map<number, Work>()
  /** Ends the watch over the signals of work that waits. */
  readonly #watched = new Map<Work, () => void>()
  #nextTicket = 1
  /** Set when the pool has ended: what is submitted now fails with it. */
  #over: unknown

  constructor(shop: Workshop) {
    this.#shop = shop
    this.#diagnostics = new TaskDiagnostics(shop)
  }

  get queued(): number {
    return this.#queue.length
  }

  get slots(): WorkerSlot[] {
    return [...this.#slots.values()]
  }

  get running(): number {
    return this.slots.filter(({ state }) => state.phase === 'busy').length
  }

  submit(work: Work): void {
    if (this.#over !== undefined) return work.failed(this.#over)
    if (!this.#watchInQueue(work)) return
    this.#queue.push(work)
    this.#assign()
  }

  /** Starts workers until there are as many as the pool's size. */
  fill(): void {
    while (this.#slots.size < this.#shop.size) this.#open()
  }

  /** All that waits or runs fails with `error`, and whatever is submitted later. */
  end(error: unknown): void {
    if (this.#over !== undefined) return
    this.#over = error
    for (let work = this.#queue.shift(); work !== undefined; work = this.#queue.shift()) {
      this.#endWatchInQueue(work)
      work.failed(error)
    }
    for (const { state } of this.slots) if (state.phase === 'busy') this.#endWatch(state)
    // Also what has been answered, while reports of it are on their way.
    for (const work of [...this.#tickets.values()]) work.failed(error)
    this.#tickets.clear()
  }

  /** Takes back work for which nobody waits any more, wherever it is. */
  cancel(work: Work, reason: unknown): void {
    if (this.#queue.remove((each) => each === work) !== undefined) {
      this.#endWatchInQueue(work)
      work.failed(reason)
      return this.#next()
    }
    for (const { state } of this.slots) if (state.phase === 'busy' && state.work === work) state.giveUp(reason)
  }

  /** The consumer of that work left: it is told of the end once the worker has closed it. */
  leave(work: Work, reason: unknown): void {
    const busy = this.slots.find(({ state }) => state.phase === 'busy' && state.work === work)?.state
    if (busy?.phase === 'busy') busy.leaveOff(reason)
    else this.cancel(work, reason)
  }

  // --- told by the supervisor -----------------------------------------------------------------------------------

  started(id: string, target: Target, pid: number | undefined): void {
    const slot = this.#slots.get(id)
    if (slot === undefined) return
    slot.state = { phase: 'idle', target, pid }
    this.#assign()
  }

  /** The worker in that place has ended; its work has been dealt with when its channel closed. */
  ended(id: string): void {
    const slot = this.#slots.get(id)
    if (slot !== undefined && slot.state.phase !== 'starting') slot.state = { phase: 'starting' }
  }

  /** Told by a worker in the middle of a chunk. */
  report(report: Report): void {
    this.#tickets.get(report.ticket)?.done(report)
  }

  // --- one task after the other ---------------------------------------------------------------------------------

  #open(): void {
    const id = `worker-${this.#slots.size + 1}`
    this.#slots.set(id, { id, state: { phase: 'starting' }, done: 0 })
    this.#shop.startWorker(id)
  }

  #assign(): void {
    for (const slot of this.#slots.values()) {
      if (this.#queue.length === 0) return
      if (slot.state.phase === 'idle' && slot.state.target.ended === undefined)
        this.#give(slot, this.#queue.shift() as Work)
    }
    // On the path of every task: once all places are taken there is nothing to count.
    if (this.#slots.size >= this.#shop.size) return
    const starting = this.slots.filter(({ state }) => state.phase === 'starting').length
    for (let wanted = this.#queue.length - starting; wanted > 0 && this.#slots.size < this.#shop.size; wanted -= 1) {
      this.#open()
    }
  }

  #give(slot: WorkerSlot, work: Work): void {
    if (slot.state.phase !== 'idle') return
    const { target, pid } = slot.state
    const ticket = this.#nextTicket
    this.#nextTicket += 1
    const outcome = {
      done: (reply: unknown): void => this.#done(slot, busy, reply),
      failed: (error: unknown): void => this.#failed(slot, busy, error),
    }
    const { flow, options } = work
    const dispatch =
      flow === undefined ? new Dispatch(outcome, options.transfer) : new StreamDispatch(outcome, options.transfer, flow)
    const giveUp = (error: unknown): void => this.#giveUp(slot, busy, dispatch, error)
    const leaveOff = (reason: unknown): void => this.#leaveOff(busy, dispatch, reason)
    const about = { target, pid, work, ticket, since: this.#diagnostics.now(), giveUp, leaveOff }
    const busy: BusyState = { phase: 'busy', ...about, grace: undefined, abandoned: false }
    slot.state = busy
    this.#tickets.set(ticket, work)
    this.#endWatchInQueue(work)
    announce(target, work.name.url)
    this.#diagnostics.started(slot, busy)
    try {
      const { message, arg } = work.request(ticket)
      target.ask(message, arg, dispatch)
      if (dispatch.settled) return
      // The task's own time runs from here.
      const { timeout, signal } = work.options
      busy.endLimits = this.#shop.waits.limit(() => `The task ${work.label}`, { timeout, signal }, giveUp)
    } catch (error) {
      dispatch.reject(error)
    }
  }

  /** The caller is told at once; the worker is asked to leave off, and killed if it does not in time. */
  #giveUp(slot: WorkerSlot, busy: BusyState, dispatch: Dispatch, error: unknown): void {
    if (busy.abandoned) return
    busy.abandoned = true
    this.#diagnostics.ended(slot, busy, 'cancelled', { error })
    this.counts.failed += 1
    busy.work.failed(error)
    this.#leaveOff(busy, dispatch, error)
  }

  #leaveOff(busy: BusyState, dispatch: Dispatch, reason: unknown): void {
    if (dispatch.settled || dispatch.abandoned) return
    dispatch.abandon(reason)
    const { cancelGrace, clock } = this.#shop
    if (cancelGrace !== Infinity) busy.grace = clock.setTimeout(() => busy.target.kill(), cancelGrace)
  }

  /** False when its signal has aborted already. */
  #watchInQueue(work: Work): boolean {
    const { signal } = work.options
    if (signal === undefined) return true
    try {
      const end = this.#shop.waits.limit(
        () => work.label,
        { signal },
        (reason) => this.cancel(work, reason),
      )
      if (end !== undefined) this.#watched.set(work, end)
      return true
    } catch (reason) {
      work.failed(reason)
      return false
    }
  }

  #endWatchInQueue(work: Work): void {
    this.#watched.get(work)?.()
    this.#watched.delete(work)
  }

  #done(slot: WorkerSlot, busy: BusyState, reply: unknown): void {
    this.#free(slot, busy)
    if (!busy.abandoned) {
      this.#diagnostics.ended(slot, busy, 'done')
      slot.done += 1
      this.counts.done += 1
      busy.work.done(reply)
    }
    if (busy.work.complete) this.#tickets.delete(busy.ticket)
    this.#next()
  }

  #failed(slot: WorkerSlot, busy: BusyState, error: unknown): void {
    const crashed = busy.target.ended !== undefined
    this.#free(slot, busy)
    this.#tickets.delete(busy.ticket)
    if (!busy.abandoned) {
      if (crashed) this.#crashed(slot, busy)
      else {
        this.#diagnostics.ended(slot, busy, 'failed', { error })
        this.counts.failed += 1
        this.#shop.emit({ type: 'taskError', id: slot.id, task: busy.work.label, error, at: this.#shop.clock.now() })
        busy.work.failed(error)
      }
    }
    this.#next()
  }

  /** Its worker died with it: run again what may be run again, the rest fails. */
  #crashed(slot: WorkerSlot, busy: BusyState): void {
    const { work, pid, target } = busy
    const over = this.#over ?? this.#shop.killed
    if (over !== undefined) {
      this.#diagnostics.ended(slot, busy, 'cancelled', { error: over })
      return work.failed(over)
    }
    this.#diagnostics.ended(slot, busy, 'crashed', target.ended && { reason: target.ended })
    work.crashes += 1
    const { retries = 0 } = work.options
    if (work.crashes <= retries && work.repeatable) return this.#again(slot, work)
    this.counts.failed += 1
    work.failed(crashOf(target.ended, { work, workerId: slot.id, pid }))
  }

  #again(slot: WorkerSlot, work: Work): void {
    const waiting = this.#queue
    this.#queue = new Ring<Work>()
    for (const piece of work.pieces()) {
      this.counts.retried += 1
      const about = { id: slot.id, task: work.label, attempt: work.crashes + 1, at: this.#shop.clock.now() }
      this.#shop.emit({ type: 'taskRetried', ...about })
      if (this.#watchInQueue(piece)) this.#queue.push(piece)
    }
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) this.#queue.push(next)
  }

  #free(slot: WorkerSlot, busy: BusyState): void {
    this.#endWatch(busy)
    if (slot.state !== busy) return
    const { target, pid } = busy
    slot.state = target.ended === undefined ? { phase: 'idle', target, pid } : { phase: 'starting' }
  }

  #endWatch(busy: BusyState): void {
    busy.endLimits?.()
    if (busy.grace !== undefined) this.#shop.clock.clearTimeout(busy.grace)
  }

  #next(): void {
    this.#assign()
    if (this.#queue.length === 0 && this.running === 0) this.#shop.idle()
  }
}

/** A worker loads only what it was told of. */
function announce(target: Target, url: string): void {
  ;(target as { announce?(url: string): void }).announce?.(url)
}
