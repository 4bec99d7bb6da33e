/** The places for workers: how many there are, and which worker ends because it is old, fat, idle or one too many. */
import type { Clock, Timer } from '@troupe/core'
import type { Target } from '@troupe/core/internal'
import type { Bounds } from './bounds.js'
import { WorkerSlot, type Worn } from './worker-slot.js'

/** After how many tasks, and with how much memory, a worker is replaced. */
export interface Recycling {
  /** Pieces of work that one worker is given. */
  readonly tasks: number
  /** MiB of resident memory, and how they are read. */
  readonly rss: { readonly limit: number; read(pid: number): Promise<number | undefined> } | undefined
}

/** Has workers started and ended; what comes of it is told by `started` and `ended` of the scheduler. */
export interface CrewOwner {
  readonly clock: Clock
  readonly recycling: Recycling
  /** Workers that are ready beyond those that may work. */
  readonly spares: number
  startWorker(id: string): void
  /** Ends it in peace, and starts another one there. */
  replaceWorker(id: string, why: Worn): void
  endWorker(id: string): void
  /** There is one more that can work. */
  workerReady(): void
}

/** How long one measurement of memory holds, in milliseconds. */
const MEASURE_EVERY = 250

export class Crew {
  bounds: Bounds
  readonly #owner: CrewOwner
  readonly #slots = new Map<number, WorkerSlot>()
  #timer: Timer | undefined

  constructor(owner: CrewOwner, bounds: Bounds) {
    this.#owner = owner
    this.bounds = bounds
  }

  get slots(): IterableIterator<WorkerSlot> {
    return this.#slots.values()
  }

  get size(): number {
    return this.#slots.size
  }

  get(id: string): WorkerSlot | undefined {
    return this.#slots.get(Number(id.slice('worker-'.length)))
  }

  /** Opens places until so many can work, as far as the bounds go, with the spares beside them. */
  want(workers: number): void {
    const { max } = this.bounds
    const wanted = Math.min(workers, max)
    if (wanted === 0) return
    const all = wanted + this.#owner.spares
    let there = 0
    for (const { leaving } of this.slots) if (leaving !== 'remove') there += 1
    for (let number = 1; there < all; number += 1) {
      const known = this.#slots.get(number)
      if (known !== undefined && known.leaving !== 'remove') continue
      this.place(number)
      there += 1
    }
  }

  /** The place of that number, opened if it is not there. */
  place(number: number): WorkerSlot {
    const known = this.#slots.get(number)
    if (known !== undefined) {
      if (known.leaving === 'remove' && number <= this.#most) known.leaving = 'no'
      return known
    }
    const slot = new WorkerSlot(number, this.#owner.clock.now())
    this.#slots.set(number, slot)
    this.#owner.startWorker(slot.id)
    return slot
  }

  /** Whether all that stay are ready. */
  get full(): boolean {
    return this.bounds.min === 0 || this.#ready >= this.#floor
  }

  /** Those beyond the new bounds end when they have nothing in hand. */
  resize(bounds: Bounds): void {
    this.bounds = bounds
    const beyond = [...this.slots].filter(({ number }) => number > this.#most)
    for (const slot of beyond) {
      slot.leaving = 'remove'
      this.rests(slot)
    }
    this.#watchIdle()
  }

  started(slot: WorkerSlot, target: Target, pid: number | undefined): void {
    slot.started(target, pid, this.#owner.clock.now())
    if (slot.leaving !== 'remove') slot.leaving = 'no'
    this.#owner.workerReady()
    this.rests(slot)
  }

  /** A piece of work is over there. */
  used(slot: WorkerSlot): void {
    if (slot.leaving !== 'no') return
    if (slot.given >= this.#owner.recycling.tasks) slot.leaving = 'tasks'
    else if (this.#owner.recycling.rss !== undefined) void this.#measure(slot)
  }

  /** It has nothing in hand: its worker leaves if it is to. */
  rests(slot: WorkerSlot): void {
    if (slot.busy) return
    if (slot.leaving === 'no') this.#watchIdle()
    else if (slot.leaving !== 'remove') this.#replace(slot, slot.leaving)
    else if (slot.line.length === 0) this.#remove(slot)
  }

  /** No more timers. */
  end(): void {
    if (this.#timer !== undefined) this.#owner.clock.clearTimeout(this.#timer)
    this.#timer = undefined
  }

  // --- old, fat, or one too many --------------------------------------------------------------------------------

  #replace(slot: WorkerSlot, why: Worn): void {
    slot.leaving = 'no'
    if (slot.state.phase !== 'ready') return
    slot.lost(this.#owner.clock.now())
    this.#owner.replaceWorker(slot.id, why)
  }

  #remove(slot: WorkerSlot): void {
    this.#slots.delete(slot.number)
    this.#owner.endWorker(slot.id)
  }

  async #measure(slot: WorkerSlot): Promise<void> {
    const { clock, recycling } = this.#owner
    const { state } = slot
    if (recycling.rss === undefined || state.phase !== 'ready' || state.pid === undefined) return
    if (clock.now() - slot.measured < MEASURE_EVERY) return
    slot.measured = clock.now()
    const mib = await recycling.rss.read(state.pid)
    if (mib === undefined || mib <= recycling.rss.limit || slot.state !== state || slot.leaving !== 'no') return
    if (slot.busy) slot.leaving = 'memory'
    else this.#replace(slot, 'memory')
  }

  // --- idle -----------------------------------------------------------------------------------------------------

  get #most(): number {
    return this.bounds.max + this.#owner.spares
  }

  /** As many stay. */
  get #floor(): number {
    return this.bounds.min + this.#owner.spares
  }

  get #ready(): number {
    let ready = 0
    for (const { state } of this.slots) if (state.phase === 'ready') ready += 1
    return ready
  }

  #watchIdle(): void {
    const { idleTimeout } = this.bounds
    if (this.#timer !== undefined || idleTimeout === Infinity || this.#ready <= this.#floor) return
    const idle = [...this.slots].filter(mayLeave)
    if (idle.length === 0) return
    const { clock } = this.#owner
    const due = Math.min(...idle.map(({ idleSince }) => idleSince)) + idleTimeout
    this.#timer = clock.setTimeout(
      () => {
        this.#timer = undefined
        this.#endIdle()
      },
      Math.max(0, due - clock.now()),
    )
    // Nobody waits for that.
    this.#timer.unref?.()
  }

  /** Those with the highest numbers first: places are filled from below. */
  #endIdle(): void {
    const now = this.#owner.clock.now()
    const { idleTimeout } = this.bounds
    for (const slot of [...this.slots].sort((one, other) => other.number - one.number)) {
      if (this.#ready <= this.#floor) break
      if (mayLeave(slot) && now - slot.idleSince >= idleTimeout) this.#remove(slot)
    }
    this.#watchIdle()
  }
}

/** Nothing runs there, and nothing waits for it alone. */
const mayLeave = (slot: WorkerSlot): boolean => slot.idle && !slot.busy && slot.line.length === 0
