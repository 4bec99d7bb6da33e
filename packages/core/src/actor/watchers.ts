import type { Reason } from '../errors/reason.js'
import type { Watcher } from '../ref/target.js'

/** Who is to be told of one actor's end: each once, in the order in which they asked. */
export class Watchers {
  readonly exited: Promise<Reason>
  ended: Reason | undefined
  readonly #watchers = new Set<Watcher>()
  #resolve: (reason: Reason) => void = () => undefined

  constructor() {
    this.exited = new Promise((resolve) => {
      this.#resolve = resolve
    })
  }

  add(watcher: Watcher): void {
    if (this.ended === undefined) this.#watchers.add(watcher)
    else watcher(this.ended)
  }

  delete(watcher: Watcher): void {
    this.#watchers.delete(watcher)
  }

  end(reason: Reason): void {
    if (this.ended !== undefined) return
    this.ended = reason
    for (const watcher of this.#watchers) watcher(reason)
    this.#watchers.clear()
    this.#resolve(reason)
  }
}
