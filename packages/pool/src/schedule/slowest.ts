/** The tasks that took longest, for whoever wants to know where the time goes. */
import { labelOf, type TaskName } from '../call/name.js'
import type { Work } from '../call/work.js'

export interface SlowTask {
  readonly task: string
  /** Milliseconds from its start to its end. */
  readonly ms: number
  readonly workerId: string
}

const KEPT = 5

export class Slowest {
  /** Longest first. */
  readonly #tasks: { readonly name: TaskName; readonly ms: number; readonly workerId: string }[] = []

  note(work: Work, ms: number, workerId: string): void {
    const tasks = this.#tasks
    if (ms <= 0 || (tasks.length === KEPT && ms <= (tasks.at(-1)?.ms ?? 0))) return
    const at = tasks.findIndex((each) => each.ms < ms)
    tasks.splice(at === -1 ? tasks.length : at, 0, { name: work.name, ms, workerId })
    if (tasks.length > KEPT) tasks.pop()
  }

  list(): SlowTask[] {
    return this.#tasks.map(({ name, ms, workerId }) => ({ task: labelOf(name), ms, workerId }))
  }
}
