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
  /** Same actor of the same system, by id. */
  equals(other: RefBase): boolean
  /**
   * Resolves when the mailbox has room; one shared, resolved promise while it has. Resolves for an actor that is down
   * too: `tell` then says so.
   *
   * @throws TimeoutError, or the signal's reason, as a rejection.
   */
  ready(options?: WaitOptions): Promise<void>
  /**
   * Lets it finish the message in hand, refuses what is queued, ends its children, runs `onStop`; kills it after `timeout`.
   * Resolves with the reason, at once for one that is down. Whoever holds a ref may stop and kill.
   *
   * @throws TypeError, RangeError for wrong options, as rejections.
   */
  stop(options?: StopOptions): Promise<Reason>
  /**
   * Ends it at once, without `onStop`. A handler that runs in this thread cannot be interrupted, only disowned. Resolves
   * with the reason once it, its children and its process are gone.
   */
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
   *   actor does not take, when it lives in this process, and for wrong options. Never because of the receiver. An actor
   *   elsewhere that does not take the name tells of a `deadLetter`.
   */
  tell<K extends keyof P & AskName<P>>(name: K, ...rest: Rests<P, TellOptions>[K]): boolean
  /**
   * Sends a message and resolves with the handler's result. Waits for room when the mailbox is full, unless its overflow
   * refuses. There is no time limit but `timeout` or the system's `askTimeout`.
   *
   * Rejects with the refusal's error; ActorDownError when the actor is down or ends first (it may have been at work on
   * it); TimeoutError or the signal's reason (it may still be handled); MailboxFullError (it was not handled);
   * SerializationError; TypeError for a name that the actor does not take, for a generator, and for wrong options. Never
   * throws at the call.
   */
  ask<K extends keyof P & AskName<P>>(name: K, ...rest: Rests<P, AskOptions>[K]): Promise<Replies<P>[K]>
  /**
   * Has a generator handler run, and gives its items as they come: at most a window of them ahead of the consumer. The
   * message is sent at the call; leaving a `for await` closes the generator before it goes on.
   *
   * An error comes after all items before it, once, as a rejection of `next`; the call itself never throws.
   * ActorDownError when the generator throws or the actor ends; TimeoutError or the signal's reason, which close it;
   * SerializationError for an item that is no data; whatever `ask` rejects with; TypeError for a handler that makes no
   * stream. An idle stream keeps no process alive, a pending `next` does.
   */
  stream<K extends keyof P & StreamName<P>>(
    name: K,
    ...rest: Rests<P, StreamOptions>[K]
  ): AsyncIterableIterator<Items<P>[K]>
}
