import type { Dependent } from '../actor/children.js'
import { Watchers } from '../actor/watchers.js'
import { KILLED } from '../errors/reason.js'
import type { Watcher } from '../ref/target.js'

/** An actor that is being started elsewhere: its parent may end meanwhile, and takes it along. */
export class Starting implements Dependent {
  readonly #watchers = new Watchers()
  readonly #onKill = new Set<() => void>()
  killed = false

  /** What a kill must end; at once when it has been killed already. */
  onKill(end: () => void): void {
    if (this.killed) end()
    else this.#onKill.add(end)
  }

  stop(): void {
    this.kill()
  }

  kill(): void {
    this.killed = true
    for (const end of this.#onKill) end()
    this.#onKill.clear()
  }

  onEnd(watcher: Watcher): void {
    this.#watchers.add(watcher)
  }

  /** The attempt is over, and nothing of it is left. */
  end(): void {
    this.#watchers.end(KILLED)
  }
}
