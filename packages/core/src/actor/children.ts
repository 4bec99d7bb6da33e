import type { StopRequest } from '../ref/actor-ref.js'
import type { Target, Watcher } from '../ref/target.js'

/** An actor that lives no longer than its parent; one that is still being started elsewhere is one too. */
export interface Dependent {
  /** Milliseconds that it may take to stop. Default 5,000. */
  readonly shutdown?: number | undefined
  stop(options: StopRequest): void
  kill(): void
  onEnd(watcher: Watcher): void
}

/** How long a linked child may take to stop with its parent, in milliseconds. */
const SHUTDOWN = 5_000

/** The children that an actor has spawned, in the order of their start. They end with it; linked ones take it along. */
export class Children {
  readonly #children = new Map<Dependent, Promise<void>>()
  readonly #adopt: (child: Target) => void

  /** `adopt` links the parent to a child that has started. */
  constructor(adopt: (child: Target) => void) {
    this.#adopt = adopt
  }

  add(child: Dependent): void {
    let resolve = (): void => undefined
    const gone = new Promise<void>((done) => {
      resolve = done
    })
    this.#children.set(child, gone)
    child.onEnd(() => {
      this.#children.delete(child)
      resolve()
    })
  }

  /**
   * From now on its abnormal end is its parent's too; at once when it has ended meanwhile. Not before it has started:
   * who spawns hears of that by the spawn. A supervisor's children are not linked: it decides what their end means.
   */
  link(child: Target): void {
    this.#adopt(child)
  }

  /** Puts `next` in the place of `child`: what was being started has started. */
  replace(child: Dependent, next: Dependent): void {
    if (this.#children.delete(child)) this.add(next)
    else next.kill()
  }

  /** Last started first, each gone before the next is asked. */
  async stop(): Promise<void> {
    for (const [child, gone] of [...this.#children].reverse()) {
      child.stop({ drain: false, timeout: child.shutdown ?? SHUTDOWN })
      await gone
    }
  }

  async kill(): Promise<void> {
    const gone = [...this.#children.values()]
    for (const child of [...this.#children.keys()].reverse()) child.kill()
    await Promise.all(gone)
  }

  get size(): number {
    return this.#children.size
  }
}
