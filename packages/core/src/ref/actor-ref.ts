import type { Reason } from '../errors/reason.js'
import type { WaitOptions } from '../wait/wait.js'
import type { StreamOptions } from '../stream/options.js'
import type { AskName, Items, Replies, Rests, StreamName, Strict } from './protocol.js'

/** Options of `tell`. */
export interface TellOptions {
  /** Buffers to hand over instead of copying, where the placement can; they must not be used afterwards. */
  readonly transfer?: readonly ArrayBuffer[] | undefined
}

/** `timeout` in milliseconds counts from the call, waiting for room included; default: the system's `askTimeout`. */
export type AskOptions = WaitOptions & TellOptions

/** Options of `stop`. */
export interface StopOptions {
  /** Handle first what is queued; otherwise it is refused. Default false. */
  readonly drain?: boolean | undefined
  /** Milliseconds until the actor is killed instead. Default 5,000; Infinity waits for ever. */
  readonly timeout?: number | undefined
}

/** Stop options with their defaults. */
export interface StopRequest {
  readonly drain: boolean
  readonly timeout: number
}

/** What any ref can do, whatever its actor takes. */
export interface RefBase extends AsyncDisposable {
  /** The same for all lives of the actor; unique in its system. */
  readonly id: string
  /** Which life: counts the restarts of a supervised actor. */
  readonly incarnation: number
  /** Settles with the reason once the actor has ended; the same promise for everyone. Never rejects. */
  readonly exited: Promise<Reason>
  /** Same actor, by id. */
  equals(other: RefBase): boolean
  /**
   * Resolves when the mailbox has room; one shared, resolved promise while it has. Resolves for an actor that is down
   * too: `tell` then says so.
   *
   * @throws TimeoutError, or the signal's reason, as a rejection.
   */
  ready(options?: WaitOptions): Promise<void>
  /** Lets it finish the message in hand, ends its children, runs `onStop`. Resolves with the reason. */
  stop(options?: StopOptions): Promise<Reason>
  /** Ends it at once, without `onStop`. A handler that runs in this thread cannot be interrupted, only disowned. */
  kill(): Promise<Reason>
}

/**
 * The value one holds of an actor. It can be sent in any message and works where it arrives.
 * Typed by the protocol: the actor's handlers without state and ctx.
 */
export interface ActorRef<P> extends RefBase {
  readonly '~types': { protocol: P; strict: Strict<P> }
  /**
   * Sends a message and does not wait.
   *
   * @returns whether it was taken. False: full or down; it was not and will not be handled. What was taken under
   *   `overflow: 'dropOldest'` may be dropped later.
   * @throws SerializationError when the message must leave this thread and is not data; TypeError for a name that the
   *   actor does not take, when it lives in this process. Never because of the receiver.
   */
  tell<K extends keyof P & AskName<P>>(name: K, ...rest: Rests<P, TellOptions>[K]): boolean
  /**
   * Sends a message and resolves with the handler's result.
   *
   * Rejects with the refusal's error; ActorDownError when the actor is down or ends first (it may have been at work on
   * it); TimeoutError or the signal's reason (it may still be handled); MailboxFullError (it was not handled);
   * SerializationError; TypeError for a name that the actor does not take.
   */
  ask<K extends keyof P & AskName<P>>(name: K, ...rest: Rests<P, AskOptions>[K]): Promise<Replies<P>[K]>
  /**
   * Has a generator handler run, and gives its items as they come: at most a window of them ahead of the consumer. The
   * message is sent at the call; leaving a `for await` closes the generator before it goes on.
   *
   * An error comes after all items before it: ActorDownError when the generator throws or the actor ends, whatever `ask`
   * rejects with, TypeError for a handler that makes no stream.
   */
  stream<K extends keyof P & StreamName<P>>(
    name: K,
    ...rest: Rests<P, StreamOptions>[K]
  ): AsyncIterableIterator<Items<P>[K]>
}
