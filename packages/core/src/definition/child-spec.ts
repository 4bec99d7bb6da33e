/** What a supervisor is told of one child. Types: docs/decisions/0004. */
import { expectOneOf, expectString, expectTimeout, wrongType } from '../errors/expect.js'
import type { Reach } from '../ports/placement.js'
import type { Hint } from '../ref/protocol.js'
import type { SpawnOptions } from './spawn.js'

/** `permanent`: always restarted. `transient`: unless it ended cleanly (`normal`, `shutdown`). `temporary`: never. */
export type RestartType = 'permanent' | 'transient' | 'temporary'

/** How a child is ended by its supervisor: killed at once, or stopped and killed after so many milliseconds. */
export type Shutdown = 'brutal_kill' | number

/** When a child is started anew, and what its own end means. A permanent child cannot be significant. */
export type Restart =
  | { readonly restart?: 'permanent' | undefined; readonly significant?: false | undefined }
  | { readonly restart: 'transient' | 'temporary'; readonly significant?: boolean | undefined }

export interface ShutdownOptions {
  /**
   * What its supervisor does to end it: `brutal_kill`, or stop it and kill it after so many milliseconds; a child in a
   * process of its own is then SIGKILLed. Default 5,000; Infinity for supervisors.
   */
  readonly shutdown?: Shutdown | undefined
}

export interface LifeOptions {
  /**
   * Milliseconds that one message may take; an actor that overruns is ended (reason `killed`), and started anew as
   * `restart` says. One in this thread that never yields cannot be ended: that is told when it returns. Default: no limit.
   */
  readonly maxRunTime?: number | undefined
  /** Messages, at most, that are with the child's process and not handled: a crash there loses no more. Default 1,024. */
  readonly handover?: number | undefined
}

/** Options of `child`: those of a spawn, and what supervision adds. */
export type ChildOptions<R extends Reach = Reach> = SpawnOptions<R> & LifeOptions & ShutdownOptions & Restart

/** Options of `child.supervisor`. */
export type SupervisorChildOptions = ShutdownOptions & Restart

export type ChildType = 'worker' | 'supervisor'

/** One child of a supervisor. `~ref` is what `ref(id)` of its supervisor gives. */
export interface ChildSpec<Id extends string = string, R = unknown, T extends ChildType = ChildType> {
  readonly id: Id
  readonly type: T
  readonly '~ref': R
}

export type Children = readonly ChildSpec[]

/** What `ref` gives for an id. */
export type RefIn<S, Id> = S extends { readonly id: infer I; readonly '~ref': infer R }
  ? Id extends I
    ? R
    : never
  : never

/** The ids of the children of that type. */
export type IdIn<S, T> = S extends { readonly id: infer I extends string; readonly type: T } ? I : never

type Twin<A, S> = S extends { readonly id: infer I }
  ? [A] extends [I]
    ? [I] extends [A]
      ? true
      : never
    : never
  : never

/** Children whose ids are told apart; two of one id are a compile error. Ids that are not literals pass. */
export type Unique<C> = C extends readonly [infer A extends ChildSpec, ...infer Rest extends Children]
  ? {} extends { [K in A['id']]: 1 }
    ? Unique<Rest>
    : [Twin<A['id'], Rest[number]>] extends [never]
      ? Unique<Rest>
      : Hint<`two children are called ${A['id']}`>
  : unknown

/** What a child is; `own` is of a package of Troupe's: `found` gives what stands behind it in one system. */
export type ChildBody = ActorChild | SupervisorChild | { readonly kind: 'own'; found(system: never): unknown }

export interface ActorChild {
  readonly kind: 'actor'
  readonly actor: unknown
  readonly input: unknown
  readonly options: SpawnOptions & LifeOptions
}

export interface SupervisorChild {
  readonly kind: 'supervisor'
  /** Checked when it is supervised. */
  readonly spec: object
}

/** A described child, with its defaults. */
export interface Described extends ChildSpec {
  readonly restart: RestartType
  readonly shutdown: Shutdown
  readonly significant: boolean
  readonly body: ChildBody
}

/** Describes a child of any kind. Throws TypeError, RangeError for wrong options. */
export function childOf(
  id: string,
  type: ChildType,
  options: ShutdownOptions & { readonly restart?: RestartType | undefined; readonly significant?: boolean | undefined },
  body: ChildBody,
): Described {
  expectString('id', id)
  const { restart = 'permanent', significant = false } = options
  const { shutdown = type === 'supervisor' ? Infinity : 5_000 } = options
  expectOneOf('restart', restart, ['permanent', 'transient', 'temporary'])
  if (shutdown !== 'brutal_kill') {
    if (typeof shutdown !== 'number') throw wrongType('shutdown', "'brutal_kill', milliseconds or Infinity", shutdown)
    expectTimeout('shutdown', shutdown)
  }
  if (typeof significant !== 'boolean') throw wrongType('significant', 'a boolean', significant)
  if (significant && restart === 'permanent')
    throw new TypeError(
      `Expected \`significant\` to be false for the permanent child '${id}', got true: one that is always restarted never ends for good`,
    )
  const spec = { id, type, restart, shutdown, significant, body }
  return Object.defineProperty(spec, DESCRIBED, { value: true }) as unknown as Described
}

/** What `child` made, in any copy of this package. */
export function isDescribed(value: unknown): value is Described {
  return typeof value === 'object' && value !== null && DESCRIBED in value
}

const DESCRIBED: unique symbol = Symbol.for('@troupe/child') as never
