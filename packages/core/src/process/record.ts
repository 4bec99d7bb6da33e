/**
 * A process may load two copies of this package: the one in a child's boot bundle and the one that the user's modules
 * import. What a process has once lives in one record that both find under a global symbol.
 * This is the one exception to "no module-level state"; see docs/decisions/0006.
 */
export interface ProcessRecord {
  /** Classes given to `registerError`, by name: they arrive as themselves. */
  readonly errors: Map<string, ErrorClass>
  /** In a child: loads an export of a module that the parent announced. */
  load?: (url: string, name: string) => Promise<unknown>
  /** In a child: whether all that was said to others has left this process; sends it, as far as it goes now. */
  sent?: () => boolean
  /** URLs whose top level is being evaluated right now: starting processes then would multiply without end. */
  readonly evaluating: Set<string>
  /** In a child for several actors: while the module of one is evaluated, the others may start processes. */
  shared?: boolean
  /** What is still done when this process exits, in one listener for all. */
  atExit?: Set<() => void>
  /** The system of this process itself, for pools that name none: made by the first that asks. */
  own?: unknown
  /** The name of the service that runs as this process's main. */
  service?: string
  /** In a pool's worker: the task in hand. */
  task?: unknown
  /** What proxies that come in become, by the names of their kinds; see message/proxy.ts of core. */
  proxies?: Map<string, unknown>
  /** The near ends of proxies: by the system, and the id in it of the actor that keeps what they stand for. */
  nearEnds?: WeakMap<object, Map<string, unknown>>
  /** In a child: calls once when nothing else keeps its loop alive. */
  whenIdle?: (call: () => void) => void
  /** In a process of `startProcess`: what it is called. */
  processName?: string
  /** The processes that `startProcess` has started here and that have not ended, and how many there were. */
  started?: { count: number; readonly running: Set<unknown> }
  /** Ends what this process has started and could not end itself: one for all its systems and pools. */
  reaper?: ProcessReaper
}

/** Is told of each child process at its start and at its exit. */
export interface ProcessReaper {
  add(pid: number): void
  remove(pid: number): void
}

export type ErrorClass = new (...args: never[]) => Error

/** The record of this process, made by the first who asks. */
export function processRecord(): ProcessRecord {
  const scope = globalThis as { [KEY]?: ProcessRecord }
  return (scope[KEY] ??= { errors: new Map(), evaluating: new Set() })
}

const KEY: unique symbol = Symbol.for('@troupe/process') as never
