import { Ring } from '../mailbox/ring.js'
import type { Chain } from '../message/chain.js'
import type { Asker, Consumer, Window } from '../message/envelope.js'

/** Who asked from another host: the answer goes back over its peer, once. */
export class RemoteAsker implements Asker {
  readonly chain: Chain | undefined
  settled = false
  abandoned = false
  onAbandon: ((asker: Asker, reason: unknown) => void) | undefined
  readonly #answer: (ok: boolean, value: unknown) => void

  constructor(answer: (ok: boolean, value: unknown) => void, chain: Chain | undefined) {
    this.#answer = answer
    this.chain = chain
  }

  resolve(value: unknown): void {
    this.#settle(true, value)
  }

  reject(error: unknown): void {
    this.#settle(false, error)
  }

  /** The asker gave up. It is answered all the same, once the handler is done with it: its number is free only then. */
  abandon(reason: unknown): void {
    if (this.settled || this.abandoned) return
    this.abandoned = true
    this.onAbandon?.(this, reason)
  }

  #settle(ok: boolean, value: unknown): void {
    if (this.settled) return
    this.settled = true
    this.#answer(ok, value)
  }
}

/** What a remote consumer needs of its peer. */
export interface ItemWay {
  readonly open: boolean
  whenOpen(waiter: { opened(): void }): void
  sendItem(id: number, value: unknown): number
}

/** Who takes a stream from another host. */
export class RemoteConsumer extends RemoteAsker implements Consumer {
  readonly window: Window
  onGrant: ((items: number, bytes: number) => void) | undefined
  readonly #way: ItemWay
  readonly #id: number
  /** Of relayed items that were not taken yet: the bytes in which each has come here. */
  readonly #came = new Ring<number>()

  constructor(
    answer: (ok: boolean, value: unknown) => void,
    given: { way: ItemWay; id: number; window: Window; chain: Chain | undefined },
  ) {
    super(answer, given.chain)
    this.window = given.window
    this.#way = given.way
    this.#id = given.id
  }

  get open(): boolean {
    return this.#way.open
  }

  whenOpen(waiter: { opened(): void }): void {
    this.#way.whenOpen(waiter)
  }

  /** `bytes` are those of an item that is relayed from another peer. */
  item(value: unknown, bytes?: number): number {
    if (bytes !== undefined) this.#came.push(bytes)
    return this.#way.sendItem(this.#id, value)
  }

  /** It has taken so much. Who relayed gets back what it had charged: elsewhere an item has another size. */
  granted(items: number, bytes: number): void {
    let room = bytes
    if (this.#came.length > 0) {
      room = 0
      for (let left = items; left > 0 && this.#came.length > 0; left -= 1) room += this.#came.shift() ?? 0
    }
    this.onGrant?.(items, room)
  }
}
