import type { Reason } from '../errors/reason.js'
import type { Chain } from './chain.js'

/** What lies in a mailbox: one message, who waits for its reply, and to whom its room is given back. */
export interface Envelope {
  readonly name: string
  readonly arg: unknown
  /** Who asked; undefined for a tell. */
  readonly asker: Asker | undefined
  /** The peer it came over, and what it charged; undefined for messages of this thread. */
  readonly sender: Sender | undefined
  readonly bytes: number
  /** Through whom it came, when that one outlives the actor: what is not handled goes back there. */
  readonly through?: Returns | undefined
  /** Set when this is news of a watched or linked actor, or the message of a timer: it takes no room, and may be taken back. */
  readonly note?: Note
}

/** What is kept in the order of arrival, and always finds room. */
export interface Note {
  readonly kind: 'down' | 'exit' | 'timer'
  /** Taken back, by `unwatch`, `unlink` or `clearTimer`, while it waits already. */
  cancelled: boolean
}

/** Settled once, by whichever comes first: the reply, an error, the actor's end, timeout or abort. */
export interface Asker {
  readonly settled: boolean
  /** Nobody waits for the answer any more. */
  readonly abandoned: boolean
  /** The messages that wait for this answer. */
  readonly chain?: Chain | undefined
  /** Set when the answer is to be a stream: then it is a `Consumer`. */
  readonly window?: Window | undefined
  /** Buffers that go with the question, handed over where that can be. */
  readonly transfer?: readonly ArrayBuffer[] | undefined
  resolve(value: unknown): void
  reject(error: unknown): void
  /** Called when the asker gave up before the reply, by timeout or abort. */
  onAbandon?: ((asker: Asker, reason: unknown) => void) | undefined
}

/** How much may be on its way and not taken yet. */
export interface Window {
  readonly items: number
  readonly bytes: number
}

/** Who takes a stream: its items one by one, then the end (`resolve`) or an error (`reject`). */
export interface Consumer extends Asker {
  readonly window: Window
  /**
   * Takes an item, and the bytes that it came in. Gives those that it took of the window, 0 within a thread.
   *
   * @throws SerializationError for one that cannot travel.
   */
  item(value: unknown, bytes?: number): number
  /** False while the way to it is full. */
  readonly open: boolean
  /** Has `waiter` told once when it is open again. */
  whenOpen(waiter: { opened(): void }): void
  /** Told when so many items and bytes have been taken. */
  onGrant?: ((items: number, bytes: number) => void) | undefined
}

export function isConsumer(asker: Asker | undefined): asker is Consumer {
  return asker?.window !== undefined
}

/** Takes messages back that an actor has not handled when it ends. */
export interface Returns {
  takeBack(envelope: Envelope, reason: Reason): void
}

/** Gets back the room of a message that has been handled or dropped. */
export interface Sender {
  handled(bytes: number): void
}
