/** A map that is under way: its chunks, from the moment that its items are known. */
import { chunkSizeFor } from '../call/chunk-size.js'
import { MapResults } from '../call/map-results.js'
import type { TaskName } from '../call/name.js'
import type { MapOptions } from '../call/options.js'
import { Chunk } from '../call/work.js'
import type { Staff } from './staff.js'

export class RunningMap {
  readonly #staff: Staff
  readonly #name: TaskName
  readonly #options: MapOptions
  readonly #chunks: Chunk[] = []
  #cancelled: { readonly reason: unknown } | undefined
  #settled = false

  constructor(staff: Staff, name: TaskName, options: MapOptions) {
    this.#staff = staff
    this.#name = name
    this.#options = options
  }

  /** With `spread` each item is the list of its arguments. */
  run(items: readonly unknown[], spread: boolean): Promise<unknown[]> {
    const { chunkSize, onError = 'all', ...options } = this.#options
    const { scheduler } = this.#staff
    return new Promise((resolve, reject) => {
      const sink = new MapResults(items.length, onError, {
        resolve: (results) => {
          this.#settled = true
          resolve(results)
        },
        reject: (error) => {
          this.#settled = true
          reject(error as Error)
          if (onError === 'failFast') for (const chunk of this.#chunks) scheduler.cancel(chunk, error)
        },
      })
      const size =
        options.timeout === undefined ? (chunkSize ?? chunkSizeFor(items.length, scheduler.crew.bounds.max)) : 1
      for (let start = 0; start < items.length; start += size) {
        const chunk = new Chunk(this.#name, items.slice(start, start + size), options, { start, sink, spread })
        this.#chunks.push(chunk)
        if (this.#cancelled === undefined) scheduler.submit(chunk)
        else chunk.failed(this.#cancelled.reason)
      }
    })
  }

  /** What has settled of it is not lost with `settled`. */
  cancel(reason: unknown): boolean {
    if (this.#settled || this.#cancelled !== undefined) return false
    this.#cancelled = { reason }
    for (const chunk of [...this.#chunks]) this.#staff.scheduler.cancel(chunk, reason)
    return true
  }
}
