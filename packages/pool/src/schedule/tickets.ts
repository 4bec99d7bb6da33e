/** What workers have, by ticket: whose the reports of chunks are, and the progress that tasks tell of. */
import type { Progress, Report } from '../worker/worker.js'
import type { Attempt } from './attempt.js'

export class Tickets {
  readonly #attempts = new Map<number, Attempt>()
  #next = 1

  next(): number {
    this.#next += 1
    return this.#next - 1
  }

  take(attempt: Attempt): void {
    this.#attempts.set(attempt.ticket, attempt)
  }

  begun(ticket: number): void {
    const attempt = this.#attempts.get(ticket)
    if (attempt !== undefined) attempt.word = 'here'
  }

  report(report: Report): void {
    this.#attempts.get(report.ticket)?.work.done(report)
  }

  progress({ ticket, index, value }: Progress): void {
    this.#attempts.get(ticket)?.work.progress(index, value)
  }

  /** Once this turn is over: what came with the answer is told in it. */
  giveBack(ticket: number): void {
    queueMicrotask(() => this.#attempts.delete(ticket))
  }

  /** Also what has been answered fails, while reports of it are on their way. */
  end(error: unknown): void {
    const attempts = [...this.#attempts.values()]
    this.#attempts.clear()
    for (const { work } of attempts) work.failed(error)
  }
}
