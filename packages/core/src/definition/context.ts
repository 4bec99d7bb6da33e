import type { Reason } from '../errors/reason.js'
import type { Signal } from '../ports/signal.js'
import type { ActorRef, AskOptions, RefBase } from '../ref/actor-ref.js'
import type { AskName, Items, Replies, Rests, StreamName } from '../ref/protocol.js'
import type { StreamOptions } from '../stream/options.js'
import type { Spawn } from './spawn.js'
import type { System } from './system.js'

/** What an actor's own code is handed. Valid while the actor lives, and only within it. */
export interface Context<P = any> {
  /** This actor. `ctx.self.ask` awaited in a handler waits for itself: use `tell`. */
  readonly self: ActorRef<P>
  /** The actor that spawned this one; undefined for one that the system itself spawned. */
  readonly parent: ActorRef<any> | undefined
  readonly system: System
  /**
   * Aborts at kill, at the actor's end, when the ask in hand is given up, and in a generator when its consumer leaves. A
   * handler that ends with its reason then is no crash. Made when first read.
   */
  readonly signal: Signal
  /**
   * Resolves after `ms` milliseconds; rejects with the signal's reason when `signal` aborts. Holds the mailbox while a
   * handler awaits it; for something to be done later, see `setTimer`.
   */
  sleep(ms: number): Promise<void>
  /**
   * As `system.spawn`, and linked: the child is stopped when this actor ends, and this actor ends with the child's
   * reason when the child ends abnormally (OTP's spawn_link); a clean end, `normal` or `shutdown`, is none of its business.
   * While this actor traps exits every end of the child is an `onExit` call instead; `unlink` takes the link away, and
   * `link` makes it one as any other.
   */
  readonly spawn: Spawn
  /**
   * As `ref.ask`, but it carries on whose behalf it is asked. Awaiting it holds this actor's mailbox: other messages wait.
   *
   * @throws DeadlockError as a rejection, at once, when the question comes back to an actor that waits for its answer.
   */
  ask<Q, K extends keyof Q & AskName<Q>>(
    ref: ActorRef<Q>,
    name: K,
    ...rest: Rests<Q, AskOptions>[K]
  ): Promise<Replies<Q>[K]>
  /**
   * As `ref.stream`, with the chain of `ask`: its error is DeadlockError where `ask` would reject with that. Closed at the
   * latest when this actor ends.
   */
  stream<Q, K extends keyof Q & StreamName<Q>>(
    ref: ActorRef<Q>,
    name: K,
    ...rest: Rests<Q, StreamOptions>[K]
  ): AsyncIterableIterator<Items<Q>[K]>
  /**
   * Has `onDown` called once when that actor ends, after all messages that it sent before. At once, with reason
   * `noproc`, when it is gone already. Watches stack: each has its own token and its own call.
   */
  watch(ref: RefBase): WatchToken
  /** Takes a watch back (all watches of that actor, given a ref), and news of its end that already wait. */
  unwatch(watch: WatchToken | RefBase): void
  /**
   * Links the two: when either ends, the other gets an exit signal with the reason, after all messages that it was sent.
   * `normal` is ignored; every other reason, `shutdown` too, ends it with that reason, without `onStop`, unless it traps
   * exits. One link a pair, however often it is made and by whom; `ctx.self` is no other. For one that is gone the signal
   * comes at once, with `noproc`; when the connection is lost, with `noconnection`.
   *
   * @throws TypeError for what is no ref.
   */
  link(ref: RefBase): void
  /**
   * Takes the link with that actor back, for both. No signal of it comes any more, nor an `onExit` call that waits already.
   * Of a child of `ctx.spawn`: its end is none of this actor's business any more; it still ends with this actor.
   *
   * @throws TypeError for what is no ref.
   */
  unlink(ref: RefBase): void
  /**
   * While on, an exit signal is an `onExit` call, `normal` too, and ends nobody. `kill()` cannot be trapped by the actor
   * that is killed; those linked to it see `killed`. Default: off.
   *
   * @throws TypeError for what is no boolean.
   */
  trapExit(on: boolean): void
  /**
   * Keeps the message in hand for later: what its handler returns is ignored, and who asked goes on waiting, at the
   * longest until the actor ends. Kept messages take no room in the mailbox; as many may be kept as it takes.
   *
   * @throws MailboxFullError beyond that; Error where no message is in hand: in `init`, `onDown`, `onExit`, `onStop`, and for a
   *   message that is kept already.
   */
  stash(): void
  /** Has all that `stash` has kept handled again, in the order in which it came, before what waits in the mailbox. */
  unstash(): void
  /**
   * Tells this actor `message` after `ms` milliseconds, once; Infinity for never. Another timer of that key is replaced,
   * also when its message waits in the mailbox already. The message always finds room; its argument is not copied. The
   * timer ends with the actor, and does not keep the process alive.
   *
   * @throws TypeError for a message that the actor does not take; TypeError, RangeError for a wrong key or time.
   */
  setTimer<K extends keyof P & AskName<P>>(
    key: string | number,
    ms: number,
    message: K,
    ...arg: Rests<P, never>[K]
  ): void
  /** Takes that timer back, and its message that waits already. Does nothing when there is none of that key. */
  clearTimer(key: string | number): void
  /**
   * Ends this actor itself once the message in hand is done; `onStop` runs. Default reason: `normal`.
   *
   * @throws TypeError for what is no reason.
   */
  exit(reason?: Reason): void
}

/** Made by `ctx.watch`: names that one watch, for `ctx.unwatch`. */
export interface WatchToken {
  readonly '~watch': true
}
