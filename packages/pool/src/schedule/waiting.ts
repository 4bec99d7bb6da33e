/** What waits for a worker: in one line for all, or in the line of the only place that may do it. */
import type { Waits } from '@troupe/core/internal'
import type { Work } from '../call/work.js'
import { Affinity } from './affinity.js'
import type { Crew } from './crew.js'
import { goesBefore, Line } from './line.js'
import { Withdrawals } from './withdrawals.js'
import type { WorkerSlot } from './worker-slot.js'

export class Waiting {
  readonly shared: Line = new Line()
  readonly #crew: Crew
  readonly #affinity = new Affinity()
  readonly #withdrawals: Withdrawals
  #nextOrder = 1

  /** `withdraw` is called when the signal of what waits aborts. */
  constructor(crew: Crew, waits: Waits, withdraw: (work: Work, reason: unknown) => void) {
    this.#crew = crew
    this.#withdrawals = new Withdrawals(waits, withdraw)
  }

  /** Pieces of work that no worker has. */
  get length(): number {
    let length = this.shared.length
    for (const { line, lease } of this.#crew.slots) length += line.length + (lease?.line.length ?? 0)
    return length
  }

  /** At the end of `line`; without one where it belongs. Not taken when its signal has aborted: it has failed then. */
  enter(work: Work, line?: Line): void {
    work.order = this.#nextOrder
    this.#nextOrder += 1
    if (this.#withdrawals.watch(work)) (line ?? this.#lineOf(work)).push(work)
  }

  /** A worker had it and has not begun it. */
  putBack(work: Work, line: Line): void {
    if (this.#withdrawals.watch(work)) line.putBack(work)
  }

  /** To be run again, before what came later. */
  enterAgain(pieces: readonly Work[], order: number): void {
    for (const piece of [...pieces].reverse()) {
      piece.order = order
      if (this.#withdrawals.watch(piece)) this.#lineOf(piece).putBack(piece)
    }
  }

  /** Where the next piece of work for that place waits; undefined when there is none. */
  lineFor({ lease, line, leaving }: WorkerSlot): Line | undefined {
    if (lease !== undefined) return lease.line.first === undefined ? undefined : lease.line
    // One that is to leave does only what no other may do.
    if (leaving === 'remove') return line.first === undefined ? undefined : line
    if (leaving !== 'no') return undefined
    const { shared } = this
    if (line.first !== undefined && goesBefore(line.first, shared.first)) return line
    return shared.first === undefined ? undefined : shared
  }

  /** Takes it out of the line that it waits in; false when it waits in none. */
  takeBack(work: Work): boolean {
    if (this.shared.remove(work)) return true
    for (const { line, lease } of this.#crew.slots)
      if (line.remove(work) || lease?.line.remove(work) === true) return true
    return false
  }

  /** A worker works at it: from now on its signal is another's concern. */
  begun(work: Work): void {
    this.#withdrawals.forget(work)
  }

  /** It neither waits nor runs any more. */
  leave(work: Work): void {
    this.#withdrawals.forget(work)
    this.#affinity.leave(work)
  }

  /** All in that line fails. */
  fail(line: Line, errorOf: (work: Work) => unknown): void {
    for (let work = line.shift(); work !== undefined; work = line.shift()) {
      this.leave(work)
      work.failed(errorOf(work))
    }
  }

  #lineOf(work: Work): Line {
    const { key } = work.options
    if (key === undefined) return this.shared
    return this.#crew.place(this.#affinity.enter(work, key, this.#crew.bounds.max)).line
  }
}
