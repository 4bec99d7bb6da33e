import type { Reason } from '../errors/reason.js'
import type { Endpoint } from '../ports/endpoint.js'
import type { Events } from '../ports/events.js'
import type { Launcher } from '../ports/placement.js'
import type { ActorRef, StopOptions } from '../ref/actor-ref.js'
import type { ConnectSystemOptions, Door, FarHost, ListenOptions } from './door.js'
import type { Children } from './child-spec.js'
import type { Groups } from './groups.js'
import type { Host, LaunchOptions } from './host.js'
import type { Spawn } from './spawn.js'
import type { DynamicSpec, DynamicSupervisor, Supervisor, SupervisorSpec } from './supervise.js'

/** The root of a program's actors, wherever they live. The same in all hosts. */
export interface System extends AsyncDisposable {
  /** As given to `createSystem`. */
  readonly name: string
  /** Starts an actor that ends with the system. `ctx.spawn` starts children. */
  readonly spawn: Spawn
  /**
   * Starts a process or thread for several actors, which are spawned there with `on: host`. Resolves once it answers.
   *
   * @throws ActorDownError as a rejection when it ends before that, with its reason; TimeoutError; the signal's reason;
   *   TroupeError with ERR_SYSTEM_STOPPED; TypeError, RangeError for wrong options. Nothing of it is left then.
   */
  launch(placement: Launcher, options?: LaunchOptions): Promise<Host>
  /**
   * Starts a supervisor and its children, in their order, and resolves when all are ready. It ends with the system. One
   * that gives up tells why by `exited` and an `escalated` event.
   *
   * @throws TypeError, RangeError as a rejection for what is wrong in the spec, by the name of the field, before anything
   *   starts; SupervisorError (ERR_SUPERVISOR) when a child does not start: its error is the `cause`, and those before it
   *   have been ended; TroupeError with ERR_SYSTEM_STOPPED.
   */
  supervise<const C extends Children>(spec: SupervisorSpec<C>): Promise<Supervisor<C>>
  /**
   * Starts a supervisor of children of one kind, which come and go (Elixir's DynamicSupervisor); they are stopped together.
   *
   * @throws as `supervise`.
   */
  superviseDynamic<I, R>(spec: DynamicSpec<I, R>): Promise<DynamicSupervisor<I, R>>
  /**
   * Lets other systems in at a place to meet, such as `socket({ path })` of `@troupe/transport-node`. Resolves once it
   * listens. That keeps no program alive: one that only serves must wait for something, such as a signal.
   *
   * @throws what the endpoint says as a rejection: the place is taken, or not ours to take; TroupeError with
   *   ERR_SYSTEM_STOPPED; TypeError for wrong options.
   */
  listen(endpoint: Endpoint, options?: ListenOptions): Promise<Door>
  /**
   * Comes into the system that listens there; its process becomes a host of this one. Resolves once it has let us in.
   * Keeps the process alive meanwhile, not afterwards. Nothing is tried again: connect anew when `far.exited` settles.
   *
   * @throws AuthenticationError as a rejection, ProtocolError when it speaks another version, TimeoutError, the signal's
   *   reason, what the network says; TroupeError with ERR_SYSTEM_STOPPED; TypeError for wrong options.
   */
  connect(endpoint: Endpoint, options?: ConnectSystemOptions): Promise<FarHost>
  /**
   * The ref of the living actor of that name, in any host; undefined when there is none. What it takes cannot be checked:
   * name its protocol, `whereis<Stock>('stock')`.
   */
  whereis<P = any>(name: string): Promise<ActorRef<P> | undefined>
  /** Actors that do one job, found under one name. */
  readonly groups: Groups
  /** What happens to actors and hosts, from the subscription on. */
  readonly events$: Events<SystemEvent>
  /** The living actors as indented text, each with its host and state: for people and logs. */
  tree(): string
  /** Stops all actors, last started first, then all hosts. Idempotent. `timeout` in milliseconds, default 5,000. */
  stop(options?: Pick<StopOptions, 'timeout'>): Promise<void>
}

interface EventBase {
  /** Milliseconds since the epoch. */
  readonly at: number
  /** Of the actor, `1.7`; of a host, its number; of a door, its label. */
  readonly id: string
  readonly name?: string
  /** The id of the supervised child that it is a life of. */
  readonly child?: string
}

/**
 * What `events$` tells. `crashed` comes before the `down` of the same actor. A `deadLetter` was not and will not be
 * handled: `policy` says why (`full`, `dropOldest`, `dropNewest`, `down`, `unknown` name), `count` stands for more than
 * one. `overload` is told with the first one of a full mailbox; what it drops later is not told. `code` and `signal` are
 * as Node tells them. `pid` is the process that an actor or host lives in; with `threadId` it is a thread there. An end
 * that several actors of a host have in common is one `crashed`, of the host.
 */
export type SystemEvent = EventBase &
  (
    | {
        readonly type: 'spawned'
        readonly parent?: string
        readonly host: number
        readonly pid?: number
        readonly threadId?: number
      }
    | { readonly type: 'down'; readonly reason: Reason }
    | { readonly type: 'crashed'; readonly error: unknown }
    /** A child has been started anew, for the so many-th time; `id` is its new life. */
    | { readonly type: 'restarted'; readonly restarts: number }
    /** The supervisor `id` gives up; its own end is next. */
    | { readonly type: 'escalated'; readonly error: unknown }
    | {
        readonly type: 'deadLetter'
        readonly to: string
        /** The message; or with `count`, an upper bound of those that were with a host when it died. */
        readonly message?: { name: string; arg: unknown }
        readonly count?: number
        readonly policy?: string
      }
    /** Somebody was not let in at the door `id`, or broke the protocol there. */
    | { readonly type: 'refused'; readonly from: string; readonly error: unknown }
    | { readonly type: 'overload'; readonly to: string; readonly capacity: number }
    /**
     * An actor was at one message for more than its `maxRunTime`. It is killed next; but one of this thread that has
     * returned by then lives on. `ran` in milliseconds, as far as is known: up to a quarter of `maxRunTime` too much.
     */
    | { readonly type: 'overrun'; readonly ran: number; readonly maxRunTime: number }
    | { readonly type: 'hostUp'; readonly host: number; readonly pid?: number; readonly threadId?: number }
    | {
        readonly type: 'hostDown'
        readonly host: number
        readonly pid?: number
        readonly threadId?: number
        readonly code: number | null
        readonly signal: string | null
      }
  )
