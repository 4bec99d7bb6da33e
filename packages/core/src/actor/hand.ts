/**
 * The one message that an actor has in hand: runs its handler and answers who asked. Sync handlers are done when `take`
 * returns; of async ones the owner is told later.
 */
import type { Behaviour, HandlerFunction, News } from '../definition/define.js'
import { ActorDownError, DeadlockError } from '../errors/kinds.js'
import { crashed, type Reason } from '../errors/reason.js'
import { Detached } from '../message/detached.js'
import type { Chain } from '../message/chain.js'
import { type Asker, type Envelope, isConsumer } from '../message/envelope.js'
import { isRefusal } from '../message/refusal.js'
import { isThenable } from '../wait/thenable.js'
import type { Flows } from './flows.js'
import type { RunTime } from './run-time.js'
import type { Scope } from './scope.js'

/** What the hand needs of its actor. */
export interface HandOwner {
  readonly label: string
  readonly behaviour: Behaviour
  readonly runTime: RunTime | undefined
  /** An async handler is done: the next message may come. */
  mayGoOn(): void
  /** A handler threw; its asker has been told. */
  handCrashed(error: unknown): void
}

export class Hand {
  /** What `init` made. */
  state: unknown
  readonly #owner: HandOwner
  readonly #flows: Flows
  /** Of all handlers that give a reply. */
  readonly #common: Scope
  #scope: Scope
  #envelope: Envelope | undefined
  /** Names this handling in chains; made when first asked for. */
  #link: string | undefined
  #links = 0
  #begun = false

  constructor(owner: HandOwner, common: Scope, flows: Flows) {
    this.#owner = owner
    this.#flows = flows
    this.#common = common
    this.#scope = common
  }

  get empty(): boolean {
    return this.#envelope === undefined
  }

  /** Whether that one's question is at work. */
  holds(asker: Asker): boolean {
    return this.#envelope?.asker === asker
  }

  /** `init` is done. */
  begin(state: unknown): void {
    this.state = state
    this.#begun = true
    this.#link = undefined
  }

  /** Who waits for what is asked from now on: those who wait for this handling, and itself. None between two messages. */
  get chain(): Chain {
    if (this.#begun && this.#envelope === undefined) return NOBODY
    this.#link ??= `${this.#owner.label}#${(this.#links += 1)}`
    return [...(this.#envelope?.asker?.chain ?? []), this.#link]
  }

  /** The same in a scope of its own: a handler at work on its stream keeps the actor, a generator does not. */
  chainFor(consumer: Asker): Chain {
    return this.holds(consumer) ? this.chain : (consumer.chain ?? NOBODY)
  }

  /** What to tell an asker on whose behalf the message in hand was sent: this very handling waits for the answer. */
  deadlock({ chain }: Asker): DeadlockError | undefined {
    if (chain === undefined || this.#link === undefined || !chain.includes(this.#link)) return undefined
    return new DeadlockError({ chain: [...chain, this.#owner.label].join(' -> ') })
  }

  take(envelope: Envelope, handler: HandlerFunction): void {
    this.#envelope = envelope
    this.#link = undefined
    this.#scope = isConsumer(envelope.asker) ? this.#flows.scopeFor(envelope.asker) : this.#common
    try {
      const result = handler(this.state, envelope.arg, this.#scope.context)
      if (isThenable(result)) result.then(this.#done, this.#failed)
      else if (result instanceof Detached) this.#answerLater(this.#envelope ?? envelope, result)
      else this.#answer(this.#envelope ?? envelope, result)
    } catch (error) {
      this.#crash(error, this.#envelope ?? envelope)
    }
  }

  /** News of another actor's end, unless it was taken back or there is no hook for it; nobody is answered. */
  takeNews(envelope: Envelope, news: News | undefined): void {
    const { behaviour } = this.#owner
    if (news === undefined || behaviour[news.hook] === undefined) return
    this.take(envelope, (state, _, context) => behaviour[news.hook]?.(state, news.told, context))
  }

  /** Its asker gave up. */
  giveUp(reason: unknown): void {
    this.#scope.abort.abort(reason)
  }

  /**
   * Gives the message in hand to `keep`; its handler runs on and answers nobody. One whose asker has given up stays: it
   * is not to be handled again.
   *
   * @throws Error when there is none; what `keep` throws.
   */
  stash(keep: (envelope: Envelope) => void): void {
    const envelope = this.#envelope
    if (envelope === undefined || envelope === STASHED || envelope.note !== undefined) throw nothingToStash(envelope)
    if (envelope.asker?.abandoned === true) return
    keep(envelope)
    this.#envelope = STASHED
  }

  /** The actor ends meanwhile: whatever the handler still does, nobody hears of it. */
  disown(reason: Reason): void {
    const envelope = this.#envelope
    this.#envelope = undefined
    this.#owner.runTime?.end()
    const error = once(() => new ActorDownError(reason, { actor: this.#owner.label }))
    this.#scope.abort.abortBy(error)
    this.#common.abort.abortBy(error)
    envelope?.asker?.reject(error())
    envelope?.sender?.handled(envelope.bytes)
  }

  /** Two functions for the whole life instead of two closures a message. */
  readonly #done = (result: unknown): void => {
    if (this.#envelope === undefined) return
    this.#answer(this.#envelope, result)
    this.#owner.mayGoOn()
  }

  readonly #failed = (error: unknown): void => {
    const envelope = this.#envelope
    if (envelope === undefined) return
    // The asker gave up and the handler obeyed `ctx.signal`: that is no crash.
    if (envelope.asker?.abandoned === true && this.#scope.abort.isCauseOf(error)) return this.#done(undefined)
    this.#crash(error, envelope)
  }

  #answer(envelope: Envelope, result: unknown): void {
    this.#envelope = undefined
    this.#link = undefined
    this.#common.abort.renew()
    const { asker } = envelope
    if (asker !== undefined) {
      if (isRefusal(result)) asker.reject(result.error)
      else if (isConsumer(asker)) this.#flows.start(asker, result, this.#scope)
      else asker.resolve(result)
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
    this.#owner.handCrashed(error)
    envelope.sender?.handled(envelope.bytes)
  }
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined
  return () => (made ??= { value: make() }).value
}

const NOBODY: Chain = []
/** In hand while the handler of a stashed message goes on. */
const STASHED: Envelope = {
  name: '',
  arg: undefined,
  asker: undefined,
  sender: undefined,
  bytes: 0,
}

function nothingToStash(envelope: Envelope | undefined): Error {
  const problem = envelope === STASHED ? 'it is stashed already' : 'there is none'
  return new Error(`ctx.stash() keeps the message in hand, and ${problem}: call it once within a handler of \`on\``)
}
