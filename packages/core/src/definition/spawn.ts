/** Who can be spawned, with what, and where. Wrong combinations are compile errors; see docs/decisions/0004. */
import type { Placement, Reach } from '../ports/placement.js'
import type { ActorRef } from '../ref/actor-ref.js'
import type { Hint } from '../ref/protocol.js'
import type { WaitOptions } from '../wait/wait.js'

interface Typed<I, P> {
  readonly '~input': (input: I) => void
  readonly '~protocol': P
}

/** What `defineActor` makes: it exists in the process that made it. */
export interface ActorDefinition<I, P> extends Typed<I, P> {
  readonly kind: 'definition'
}

/** An actor definition named by module and export, to be spawned elsewhere. */
export interface RemoteActor<I, P> extends Typed<I, P> {
  readonly url: string
  readonly export: string
}

/** Whatever can be spawned. */
export type AnyActor = ActorDefinition<any, any> | RemoteActor<any, any>
/** What the `init` of an actor is given. */
export type InputOf<A> = A extends { readonly '~input': (input: infer I) => void } ? I : never
/** What an actor takes. */
export type ProtocolIn<A> = A extends { readonly '~protocol': infer P } ? P : never
/** The ref that spawning it gives. */
export type RefOf<A> = ActorRef<ProtocolIn<A>>
/** Where it can live: a definition here only, a remote name elsewhere too. */
export type ReachOf<A> = A extends { readonly url: string } ? Reach : 'here'

/** The placements for actors of that reach; the hint is what the compiler's message shows for a wrong one. */
export type On<R> = 'elsewhere' extends R
  ? Placement
  : Placement<'here'> | Hint<'a local definition stays here; name it with remote() to run it elsewhere'>

/**
 * `timeout` in milliseconds, from the call until the actor is ready; default: the placement's `startTimeout`, and no limit
 * for an actor that starts in this process.
 */
export interface SpawnOptions<R extends Reach = Reach> extends WaitOptions {
  /** Unique in the system while the actor lives; found by `system.whereis`. */
  readonly name?: string | undefined
  /** Where it is to live. Default: here for a definition, a child process of its own for a remote name. */
  readonly on?: On<R> | undefined
}

/** The arguments behind the actor: its input may be left out when `undefined` is one, the options always. */
export type InputArgs<I, O> = unknown extends I
  ? [input?: undefined, options?: O]
  : undefined extends I
    ? [input?: I, options?: O]
    : [input: I, options?: O]

/** How actors are started: `system.spawn`, and `ctx.spawn` for children. */
export interface Spawn {
  /**
   * Starts an actor and resolves with its ref once its `init` is done. One that is given up, by timeout or signal, is
   * ended, and leaves nothing.
   *
   * @throws ActorDownError as a rejection when `init` throws (`cause`) or its host ends first; TimeoutError;
   *   SerializationError for an input that is no data and must leave this process; NotPortableError for a local definition placed elsewhere, or an export that is missing or no actor; TroupeError
   *   with ERR_NAME_TAKEN or ERR_SYSTEM_STOPPED; the signal's reason; TypeError for wrong options.
   */
  <A extends AnyActor>(actor: A, ...rest: InputArgs<InputOf<A>, SpawnOptions<ReachOf<A>>>): Promise<RefOf<A>>
}
