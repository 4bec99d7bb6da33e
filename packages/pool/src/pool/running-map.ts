/** A map that is under way: its chunks, from the moment that its items are known. */
import { chunkSizeFor } from '../call/chunk-size.js'
import { MapResults } from '../call/map-results.js'
import type { TaskName } from '../call/name.js'
import type { MapOptions } from '../call/options.js'
import { Chunk } from '../call/work.js'
import type { Staff } from './staff.js'

export class RunningMap {
  readonly outcome: Promise<unknown[]>
  #phase: 'running' | 'settled' = 'running'
  readonly #staff: Staff
  readonly #name: TaskName
  readonly #options: MapOptions
  readonly #chunks: Chunk[] = []
  #resolve: (results: unknown[]) => void = () => undefined
  #reject: (error: Error) => void = () => undefined

  constructor(staff: Staff, name: TaskName, options: MapOptions) {
    this.#staff = staff
    this.#name = name
    this.#options = options
    this.outcome = new Promise((resolve, reject) => {
      this.#resolve = resolve
      this.#reject = reject
    })
  }

  get settled(): boolean {
    return this.#phase === 'settled'
  }

  /** With `spread` each item is the list of its arguments. */
  run(items: readonly unknown[], spread: boolean): void {
    const { chunkSize, onError = 'all', ...options } = this.#options
    const { scheduler } = this.#staff
    const sink = new MapResults(items.length, onError, {
      resolve: (results) => {
        this.#phase = 'settled'
        this.#resolve(results)
      },
      // With `failFast` others are under way.
      reject: (error) => void this.cancel(error),
    })
    const size =
      options.timeout === undefined ? (chunkSize ?? chunkSizeFor(items.length, scheduler.crew.bounds.max)) : 1
    for (let start = 0; start < items.length && !this.settled; start += size) {
      const chunk = new Chunk(this.#name, items.slice(start, start + size), options, { start, sink, spread })
      this.#chunks.push(chunk)
      scheduler.submit(chunk)
    }
  }

  /** It rejects with that, and what has not settled of it is taken back. False when it had settled before. */
  cancel(reason: unknown): boolean {
    if (this.settled) return false
    this.#phase = 'settled'
    this.#reject(reason as Error)
    for (const chunk of this.#chunks) if (!chunk.complete) this.#staff.scheduler.cancel(chunk, reason)
    return true
  }
}
