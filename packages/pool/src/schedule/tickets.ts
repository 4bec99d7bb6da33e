/** What workers have, by ticket: whose the reports of chunks are, and the progress that tasks tell of. */
import type { Work } from '../call/work.js'
import type { Progress, Report } from '../worker/worker.js'

export class Tickets {
  readonly #works = new Map<number, Work>()
  #next = 1

  take(work: Work): number {
    const ticket = this.#next
    this.#next += 1
    this.#works.set(ticket, work)
    return ticket
  }

  report(report: Report): void {
    this.#works.get(report.ticket)?.done(report)
  }

  progress({ ticket, index, value }: Progress): void {
    this.#works.get(ticket)?.progress(index, value)
  }

  /** Once this turn is over: what came with the answer is told in it. */
  giveBack(ticket: number): void {
    queueMicrotask(() => this.#works.delete(ticket))
  }

  /** Also what has been answered fails, while reports of it are on their way. */
  end(error: unknown): void {
    const works = [...this.#works.values()]
    this.#works.clear()
    for (const work of works) work.failed(error)
  }
}
