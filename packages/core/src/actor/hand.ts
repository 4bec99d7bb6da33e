/**
 * The one message that an actor has in hand: runs its handler and answers who asked. Sync handlers are done when `take`
 * returns; of async ones the owner is told later.
 */
import type { Context } from '../definition/context.js'
import type { Behaviour, Down, HandlerFunction } from '../definition/define.js'
import { ActorDownError } from '../errors/kinds.js'
import { crashed, type Reason } from '../errors/reason.js'
import { Detached } from '../message/detached.js'
import type { Asker, Envelope } from '../message/envelope.js'
import { isRefusal } from '../message/refusal.js'
import { isThenable } from '../wait/thenable.js'
import type { LazyAbort } from './abort.js'

/** What the hand needs of its actor. */
export interface HandOwner {
  readonly label: string
  readonly behaviour: Behaviour
  /** An async handler is done: the next message may come. */
  handDone(): void
  /** A handler threw; its asker has been told. */
  handCrashed(error: unknown): void
}

export class Hand {
  /** What `init` made. */
  state: unknown
  readonly #owner: HandOwner
  readonly #context: Context
  readonly #abort: LazyAbort
  #envelope: Envelope | undefined

  constructor(owner: HandOwner, context: Context, abort: LazyAbort) {
    this.#owner = owner
    this.#context = context
    this.#abort = abort
  }

  get empty(): boolean {
    return this.#envelope === undefined
  }

  /** Whether that one's question is at work. */
  holds(asker: Asker): boolean {
    return this.#envelope?.asker === asker
  }

  take(envelope: Envelope, handler: HandlerFunction): void {
    this.#envelope = envelope
    try {
      const result = handler(this.state, envelope.arg, this.#context)
      if (isThenable(result)) result.then(this.#done, this.#failed)
      else if (result instanceof Detached) this.#answerLater(envelope, result)
      else this.#answer(envelope, result)
    } catch (error) {
      this.#crash(error, envelope)
    }
  }

  /** News of a watched actor; nobody is answered. */
  takeNews(envelope: Envelope, down: Down): void {
    this.take(envelope, (state, _, context) => this.#owner.behaviour.onDown?.(state, down, context))
  }

  /** The actor ends meanwhile: whatever the handler still does, nobody hears of it. */
  disown(reason: Reason): void {
    const envelope = this.#envelope
    this.#envelope = undefined
    const error = new ActorDownError(reason, { actor: this.#owner.label })
    this.#abort.abort(error)
    envelope?.asker?.reject(error)
    envelope?.sender?.handled(envelope.bytes)
  }

  /** Two functions for the whole life instead of two closures a message. */
  readonly #done = (result: unknown): void => {
    if (this.#envelope === undefined) return
    this.#answer(this.#envelope, result)
    this.#owner.handDone()
  }

  readonly #failed = (error: unknown): void => {
    const envelope = this.#envelope
    if (envelope === undefined) return
    // The asker gave up and the handler obeyed `ctx.signal`: that is no crash.
    if (envelope.asker?.abandoned === true && this.#abort.isCauseOf(error)) return this.#done(undefined)
    this.#crash(error, envelope)
  }

  #answer(envelope: Envelope, result: unknown): void {
    this.#envelope = undefined
    this.#abort.renew()
    if (envelope.asker !== undefined) {
      if (isRefusal(result)) envelope.asker.reject(result.error)
      else envelope.asker.resolve(result)
    }
    envelope.sender?.handled(envelope.bytes)
  }

  #answerLater(envelope: Envelope, { result }: Detached): void {
    const { asker } = envelope
    this.#answer({ ...envelope, asker: undefined }, undefined)
    result.then(
      (value) => asker?.resolve(value),
      (error: unknown) => asker?.reject(error),
    )
  }

  #crash(error: unknown, envelope: Envelope): void {
    this.#envelope = undefined
    envelope.asker?.reject(new ActorDownError(crashed(error), { actor: this.#owner.label }))
    envelope.sender?.handled(envelope.bytes)
    this.#owner.handCrashed(error)
  }
}
