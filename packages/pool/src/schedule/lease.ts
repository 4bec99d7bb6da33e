/** A worker that is checked out: what its holder gives it waits here, and nothing else goes to its place, `S`. */
import type { TaskOptions } from '../call/options.js'
import type { Work } from '../call/work.js'
import { Line } from './line.js'

export class Lease<S = unknown> {
  readonly slot: S
  readonly pid: number | undefined
  readonly line: Line = new Line()
  /** Why nothing is taken any more: it was given back, its worker died, or the pool has ended. */
  over: Error | undefined
  /** Set by its holder. */
  onPoolEnd: ((error: Error) => void) | undefined

  constructor(slot: S, pid: number | undefined) {
    this.slot = slot
    this.pid = pid
  }
}

/** A wait for a worker, in the line with the tasks. */
export class Claim<S = unknown> implements Work {
  readonly name = { url: 'troupe:checkout', export: 'checkout' } as const
  readonly label = 'checkout() of a worker'
  readonly units = 1
  readonly priority = 0
  readonly repeatable = false
  readonly options: TaskOptions
  order = 0
  crashes = 0
  returns = 0
  complete = false
  readonly #granted: (lease: Lease<S>) => void
  readonly #refused: (error: unknown) => void

  constructor(options: TaskOptions, granted: (lease: Lease<S>) => void, refused: (error: unknown) => void) {
    this.options = options
    this.#granted = granted
    this.#refused = refused
  }

  /** The worker is its holder's until the scheduler's `release`. */
  grant(lease: Lease<S>): void {
    this.complete = true
    this.#granted(lease)
  }

  failed(error: unknown): void {
    if (this.complete) return
    this.complete = true
    this.#refused(error)
  }

  request(): never {
    throw new Error('A claim is granted, not sent')
  }

  done(): void {}

  progress(): void {}

  pieces(): Work[] {
    return []
  }
}
