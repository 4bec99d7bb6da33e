/** The children of one supervisor, in the order of their start: the order in which they stop is its reverse. */
import type { Target } from '../ref/target.js'
import type { RestartType } from './decide.js'

/** How long a child may take to stop: then it is killed. `brutal_kill`: it is killed at once. */
export type Shutdown = 'brutal_kill' | number

export interface ChildSpec<R> {
  readonly id: string
  readonly restart: RestartType
  readonly shutdown: Shutdown
  /** Starts one life as a child of `supervisor`. Resolves with undefined when its init returned `ignore`. */
  start(supervisor: Target): Promise<R | undefined>
  /** A first start that fails is tried again like a restart, instead of failing `startChild`. */
  readonly persistent?: boolean
}

export type ChildState<R> =
  | { readonly phase: 'starting' }
  | { readonly phase: 'running'; readonly ref: R }
  | { readonly phase: 'restarting' }
  | { readonly phase: 'down' }

export interface Child<R> {
  readonly spec: ChildSpec<R>
  state: ChildState<R>
  /** Restarts so far. */
  restarts: number
  /** Restarts in a row that never got ready. */
  failures: number
  /** Being ended for good: its end is no reason to start it again. */
  leaving: boolean
}

export class ChildTable<R> {
  readonly #children = new Map<string, Child<R>>()

  add(spec: ChildSpec<R>): Child<R> {
    const child: Child<R> = { spec, state: { phase: 'starting' }, restarts: 0, failures: 0, leaving: false }
    this.#children.set(spec.id, child)
    return child
  }

  get(id: string): Child<R> | undefined {
    return this.#children.get(id)
  }

  /** The child that lives as `ref`, by whatever `same` means for refs. */
  find(same: (ref: R) => boolean): Child<R> | undefined {
    for (const child of this.#children.values()) {
      if (child.state.phase === 'running' && same(child.state.ref)) return child
    }
    return undefined
  }

  delete(id: string): void {
    this.#children.delete(id)
  }

  inStartOrder(): Child<R>[] {
    return [...this.#children.values()]
  }

  inStopOrder(): Child<R>[] {
    return this.inStartOrder().reverse()
  }
}
