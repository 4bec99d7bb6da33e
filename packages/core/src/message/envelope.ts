/** What lies in a mailbox: one message, who waits for its reply, and to whom its room is given back. */
export interface Envelope {
  readonly name: string
  readonly arg: unknown
  /** Who asked; undefined for a tell. */
  readonly asker: Asker | undefined
  /** The peer it came over, and what it charged; undefined for messages of this thread. */
  readonly sender: Sender | undefined
  readonly bytes: number
  /** Set when this is no message but news of a watched actor; it takes no room. */
  readonly note?: Note
}

/** News of an actor's end, kept in the order of arrival. */
export interface Note {
  /** Set by `unwatch`, which also takes back news that wait already. */
  cancelled: boolean
}

/** Settled once, by whichever comes first: the reply, an error, the actor's end, timeout or abort. */
export interface Asker {
  readonly settled: boolean
  /** Nobody waits for the answer any more. */
  readonly abandoned: boolean
  resolve(value: unknown): void
  reject(error: unknown): void
  /** Called when the asker gave up before the reply, by timeout or abort. */
  onAbandon?: ((asker: Asker, reason: unknown) => void) | undefined
}

/** Gets back the room of a message that has been handled or dropped. */
export interface Sender {
  handled(bytes: number): void
}
