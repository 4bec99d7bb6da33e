/** Questions that came from one host. Each is answered exactly once, whatever happens to those who handle it. */
import { AbortError, ActorDownError, ProtocolError } from '../errors/kinds.js'
import type { Reason } from '../errors/reason.js'
import type { Chain } from '../message/chain.js'
import { findBadMember, notData } from '../message/data.js'
import { isConsumer, type Window } from '../message/envelope.js'
import { isHandedOver } from '../message/handed-over.js'
import { withMoved } from '../message/moved.js'
import { salvage } from '../message/salvage.js'
import { portableFailure } from '../message/wire-error.js'
import type { Allowance } from './allowance.js'
import type { Outbox } from './outbox.js'
import type { PeerPortables } from './portables.js'
import { type ItemWay, RemoteAsker, RemoteConsumer } from './remote-asker.js'
import { To } from './reserved.js'

/** Numbers are handed out one after the other; so far beyond the last a new one may be. */
const GAP = 1_024

export class Answers {
  readonly #outbox: Outbox
  readonly #way: ItemWay
  readonly #portables: PeerPortables
  readonly #allowance: Allowance
  readonly #askers: (RemoteAsker | undefined)[] = []
  #silent = false

  /** Answers go by `outbox`, items of streams by `way`. */
  constructor(outbox: Outbox, way: ItemWay, portables: PeerPortables, allowance: Allowance) {
    this.#outbox = outbox
    this.#portables = portables
    this.#way = way
    this.#allowance = allowance
  }

  /** Questions that have no answer yet. */
  get length(): number {
    return this.#askers.reduce((sum, asker) => (asker === undefined ? sum : sum + 1), 0)
  }

  /** Who asked question `id`. Throws ProtocolError for a number that is not free. */
  asker(id: number, chain?: Chain): RemoteAsker {
    return this.#enter(id, new RemoteAsker((ok, value) => this.#answer(id, ok, value), chain))
  }

  /** Who takes the stream that answers question `id`. Throws as `asker` does. */
  consumer(id: number, window: Window, chain?: Chain): RemoteConsumer {
    const way = this.#way
    return this.#enter(id, new RemoteConsumer((ok, value) => this.#answer(id, ok, value), { way, id, window, chain }))
  }

  /** Who asked has given up. */
  abandon(id: number): void {
    this.#askers[id]?.abandon(new AbortError({ what: 'The question' }))
  }

  granted(id: number, items: number, bytes: number): void {
    const asker = this.#askers[id]
    if (isConsumer(asker)) (asker as RemoteConsumer).granted(items, bytes)
  }

  /** From now on nobody is answered: the end of this process is the answer. */
  silence(): void {
    this.#silent = true
  }

  /** Nobody is there any more to take answers: what still flows is closed. */
  end(reason: Reason): void {
    this.#silent = true
    for (const asker of this.#askers) {
      if (asker !== undefined) this.#allowance.free('questions')
      if (isConsumer(asker)) (asker as RemoteConsumer).abandon(new ActorDownError(reason, { actor: 'the consumer' }))
    }
  }

  #enter<A extends RemoteAsker>(id: number, asker: A): A {
    if (!Number.isInteger(id) || id < 1 || id > this.#askers.length + GAP || this.#askers[id] !== undefined) {
      throw new ProtocolError({ peer: 'at the other end', problem: `a question numbered ${id}, which is not free` })
    }
    this.#allowance.take('questions')
    this.#askers[id] = asker
    return asker
  }

  #answer(id: number, ok: boolean, value: unknown): void {
    this.#askers[id] = undefined
    if (this.#silent) return
    this.#allowance.free('questions')
    try {
      if (ok) this.#reply(id, value)
      else this.#outbox.append(To.fail, undefined, id, portableFailure(value), () => 'The error of a reply')
    } catch (error) {
      this.#answerMended(id, value, error)
    }
  }

  #reply(id: number, value: unknown): void {
    if (!isHandedOver(value)) return void this.#outbox.append(To.reply, undefined, id, value, THE_REPLY)
    const reply = withMoved(value.value, value.buffers)
    try {
      this.#portables.moving(reply, value.buffers, THE_REPLY())
      this.#outbox.append(To.reply, undefined, id, reply, THE_REPLY)
    } finally {
      this.#portables.packed()
    }
  }

  #answerMended(id: number, value: unknown, error: unknown): void {
    const reply = isHandedOver(value) ? value.value : value
    const mended = salvage(reply, (part) =>
      findBadMember(part) === undefined ? undefined : notData(part, error, 'The result'),
    )
    if (mended === undefined) this.#outbox.append(To.fail, undefined, id, error, () => 'The error of a reply')
    else this.#outbox.append(To.reply, undefined, id, mended, THE_REPLY)
  }
}

const THE_REPLY = (): string => 'The reply'
