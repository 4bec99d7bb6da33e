import type { Reason } from '../errors/reason.js'
import type { Events } from '../ports/events.js'
import type { ActorRef, StopOptions } from '../ref/actor-ref.js'
import type { Children, ChildSpec, ChildType, IdIn, RefIn, RestartType, Shutdown, Unique } from './child-spec.js'
import type { SupervisorEvent } from './supervisor-event.js'

/**
 * Who is started anew when a child has to be: `one_for_one` that child alone; `one_for_all` all, after the others were
 * stopped; `rest_for_one` that one and those started after it.
 */
export type Strategy = 'one_for_one' | 'one_for_all' | 'rest_for_one'

/** How long to wait before a restart. The first is immediate; then `min`, `min` x `factor`, … `max`. */
export interface BackoffOptions {
  /** Milliseconds before the second restart in a row. Default 100. */
  readonly min?: number | undefined
  /** Milliseconds, at most. Default 10,000. */
  readonly max?: number | undefined
  /** Default 2. */
  readonly factor?: number | undefined
  /** From 0 to 1: so much of the time, at most, is added or taken by chance. Default 0.2. */
  readonly jitter?: number | undefined
  /** Milliseconds that a child must live for the row to be forgotten. Default 30,000. */
  readonly resetAfter?: number | undefined
}

/** How often children may be restarted. Defaults are OTP's. */
export interface SupervisorOptions {
  /** Restarts that are allowed within `period`: one more, and the supervisor gives up. 0 allows none. Default 1. */
  readonly intensity?: number | undefined
  /** Milliseconds. Default 5,000. */
  readonly period?: number | undefined
  /** Whose restarts are counted together: all children's, as OTP does, or each child's by itself. Default `supervisor`. */
  readonly intensityScope?: 'supervisor' | 'child' | undefined
  /** `restarts`: all, failed ones too, as OTP does. `starts`: only lives that never got ready. Default `restarts`. */
  readonly intensityCounts?: 'restarts' | 'starts' | undefined
  /** Default: none, as in OTP; a failed start is tried again at once. */
  readonly backoff?: BackoffOptions | undefined
}

/** What a supervisor is made of. */
export interface SupervisorSpec<C extends Children> extends SupervisorOptions {
  /** Default `one_for_one`. */
  readonly strategy?: Strategy | undefined
  /**
   * Whether the supervisor ends, reason `shutdown`, when a `significant` child has ended by itself and is not restarted:
   * never, after any of them, or after the last. Default `never`.
   */
  readonly autoShutdown?: 'never' | 'any_significant' | 'all_significant' | undefined
  /** Started in this order, each when the one before is ready; stopped in reverse. */
  readonly children: C & Unique<C>
}

/** A supervisor of children of one kind, which come and go. */
export interface DynamicSpec<I, R> extends SupervisorOptions {
  /** Describes the child for what `startChild` is given. Ids need not differ. */
  readonly child: (input: I) => ChildSpec<string, R>
  /** Children at most, those that wait for a restart included. Default: no limit. */
  readonly maxChildren?: number | undefined
}

/** A child as `which()` lists it. `restarting`: being started, or waiting for that. */
export interface ChildInfo {
  readonly id: string
  readonly type: ChildType
  readonly status: 'running' | 'restarting' | 'down'
  /** Of an actor that runs; it follows restarts. */
  readonly ref?: ActorRef<any>
}

/** OTP's count_children. */
export interface ChildCount {
  /** All that it has the specs of, dead ones too. */
  readonly specs: number
  /** Those that run. */
  readonly active: number
  readonly supervisors: number
  readonly workers: number
}

/** What a spec says, with its defaults. */
export interface ChildSettings {
  readonly id: string
  readonly type: ChildType
  readonly restart: RestartType
  readonly shutdown: Shutdown
  readonly significant: boolean
}

/** What every supervisor does for whoever holds it. It is a local value: a message that holds one is refused. */
export interface Supervising extends AsyncDisposable {
  /** Of its actor, as in events and `system.tree()`. */
  readonly id: string
  /** Its children in the order of their start. Empty once it has ended. */
  which(): ChildInfo[]
  count(): ChildCount
  /** What happens to its children, from the subscription on. Completes when it has ended for good. */
  readonly events$: Events<SupervisorEvent>
  /** Why it ended. One that gave up: `shutdown`, with a RestartLimitError as `error`. Of the life at the call. */
  readonly exited: Promise<Reason>
  /**
   * Stops the children, last started first, each within its `shutdown`, then itself. Resolves with the reason. `timeout`
   * in milliseconds, after which all are killed; default Infinity.
   *
   * @throws TypeError, RangeError for wrong options, as rejections.
   */
  stop(options?: Pick<StopOptions, 'timeout'>): Promise<Reason>
  /** Ends it and its children at once, without `onStop`. Resolves with the reason when all are gone. */
  kill(): Promise<Reason>
}

/** A supervisor, made by `system.supervise` or as a child of another. */
export interface Supervisor<C extends Children = Children> extends Supervising {
  readonly '~children': C
  /**
   * The ref of a child: it follows restarts, and keeps what waits between two lives, in order. Of a pool it is the Pool.
   * For an id that is not known at compile time name the protocol: `ref<Stock>(id)`.
   *
   * @throws SupervisorError with ERR_CHILD_NOT_FOUND.
   */
  ref<P = never, Id extends IdIn<C[number], 'worker'> = IdIn<C[number], 'worker'>>(
    id: [P] extends [never] ? Id : string,
  ): [P] extends [never] ? RefIn<C[number], Id> : ActorRef<P>
  /**
   * The supervisor that is its child; it follows restarts too.
   *
   * @throws SupervisorError with ERR_CHILD_NOT_FOUND.
   */
  supervisor<Id extends IdIn<C[number], 'supervisor'>>(id: Id): RefIn<C[number], Id>
  /**
   * Starts one more child, last in the order, and resolves with its ref; with undefined when its init returned `ignore`.
   * It is gone when the supervisor itself is started anew.
   *
   * @throws what its start says, as a rejection; then its spec is not kept. SupervisorError: ERR_CHILD_RUNNING,
   *   ERR_CHILD_PRESENT for an id that is there; ActorDownError when the supervisor is down; TypeError.
   */
  startChild<R>(spec: ChildSpec<string, R>): Promise<R>
  /**
   * Ends a child for good; its spec is kept unless temporary. Resolves also for one that is down already.
   *
   * @throws SupervisorError with ERR_CHILD_NOT_FOUND, ActorDownError, as rejections.
   */
  terminateChild(id: string): Promise<void>
  /**
   * Starts a child that is down.
   *
   * @throws what its start says, as a rejection; SupervisorError: ERR_CHILD_RUNNING (also while it is restarting),
   *   ERR_CHILD_NOT_FOUND; ActorDownError.
   */
  restartChild(id: string): Promise<void>
  /**
   * Forgets the spec of a child that is down.
   *
   * @throws SupervisorError: ERR_CHILD_RUNNING (also while it is restarting), ERR_CHILD_NOT_FOUND; ActorDownError; as
   *   rejections.
   */
  deleteChild(id: string): Promise<void>
  /** What the spec of that child says (OTP's get_childspec). Undefined when there is none. */
  childSpec(id: string): ChildSettings | undefined
}

/** A supervisor of children that come and go (Elixir's DynamicSupervisor), made by `system.superviseDynamic`. */
export interface DynamicSupervisor<I, R> extends Supervising {
  /**
   * Starts a child and resolves with its ref, which follows restarts; with undefined when its init returned `ignore`.
   *
   * @throws what its start says, as a rejection; SupervisorError with ERR_MAX_CHILDREN; ActorDownError; TypeError.
   */
  startChild(input: I): Promise<R>
  /**
   * Ends a child for good. Resolves also for one that is down already.
   *
   * @throws SupervisorError with ERR_CHILD_NOT_FOUND, ActorDownError, as rejections; TypeError for what is no ref.
   */
  terminateChild(ref: R): Promise<void>
}
