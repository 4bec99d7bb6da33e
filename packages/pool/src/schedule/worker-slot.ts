/** A place for a worker: the process in it may change, its id stays. */
import type { Target } from '@troupe/core/internal'
import type { Attempt } from './attempt.js'
import type { Lease } from './lease.js'
import { Line } from './line.js'

export type SlotState =
  | { readonly phase: 'starting'; readonly since: number }
  | { readonly phase: 'ready'; readonly target: Target; readonly pid: number | undefined }

/** Why a worker is replaced: it has had so many tasks, or holds so much memory. */
export type Worn = 'tasks' | 'memory'

/** What becomes of the worker once it has nothing in hand. */
export type Leaving = 'no' | Worn | 'remove'

export class WorkerSlot {
  /** From 1. */
  readonly number: number
  readonly id: string
  state: SlotState
  leaving: Leaving
  /** What the worker has: the first is at work, the others were handed ahead. */
  readonly hand: Attempt<WorkerSlot>[] = []
  /** What only this place may do: tasks of its keys, and what is broadcast. */
  readonly line: Line = new Line()
  /** Set while it is checked out: then it works for the holder alone. */
  lease: Lease<WorkerSlot> | undefined
  /** Tasks done by all who have been in this place. */
  done = 0
  /** Pieces of work given to the worker that is there now. */
  given = 0
  /** The modules that the worker has loaded. */
  readonly loaded: Set<string> = new Set()
  /** When its resident memory was last measured. */
  measured: number = -Infinity
  /** Milliseconds: how long the start of the present worker took, and what all workers here have waited and worked. */
  readonly times: { startUp: number; waiting: number; working: number } = { startUp: 0, waiting: 0, working: 0 }
  /** Since when it has had nothing to do, in ms. */
  idleSince: number
  /** What `times` do not count yet began then. */
  #since: number

  constructor(number: number, now: number) {
    this.number = number
    this.id = `worker-${number}`
    this.state = { phase: 'starting', since: now }
    this.leaving = 'no'
    this.#since = this.idleSince = now
  }

  /** Whether it has nothing in hand, and could take something at once. */
  get free(): boolean {
    const { state } = this
    return this.hand.length === 0 && state.phase === 'ready' && state.target.ended === undefined
  }

  /** Whether it could take any work at once. */
  get idle(): boolean {
    return this.free && this.leaving === 'no'
  }

  /** Whether it counts as one that works. */
  get busy(): boolean {
    return this.hand.length > 0 || this.lease !== undefined
  }

  started(target: Target, pid: number | undefined, now: number): void {
    if (this.state.phase === 'starting') this.times.startUp = now - this.state.since
    this.state = { phase: 'ready', target, pid }
    this.#since = this.idleSince = now
    this.given = 0
    this.loaded.clear()
    this.measured = -Infinity
  }

  /** The worker is gone, or going: another one is being started. */
  lost(now: number): void {
    this.#count(now)
    this.state = { phase: 'starting', since: now }
  }

  take(attempt: Attempt<WorkerSlot>, now: number): void {
    if (this.hand.length === 0) this.#count(now)
    this.hand.push(attempt)
    this.given += 1
  }

  /** It has been answered, or its worker is gone. */
  drop(attempt: Attempt<WorkerSlot>, now: number): void {
    const at = this.hand.indexOf(attempt)
    if (at === -1) return
    if (this.hand.length === 1) this.#count(now)
    this.hand.splice(at, 1)
    this.idleSince = now
  }

  /** Its times up to now. */
  timesAt(now: number): { startUp: number; waiting: number; working: number } {
    this.#count(now)
    return { ...this.times }
  }

  #count(now: number): void {
    const ms = Math.max(0, now - this.#since)
    if (this.hand.length > 0) this.times.working += ms
    else if (this.state.phase === 'ready') this.times.waiting += ms
    else return
    this.#since = now
  }
}
