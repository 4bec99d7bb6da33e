/**
 * Ordered bytes to one neighbour, both ways; it keeps no message borders. Frames are made above it.
 * Filled by pipes, threads, sockets; the in-memory pair of `@troupe/core/testing` is the reference.
 */
export interface Channel {
  /**
   * Sends `bytes`, which the caller may overwrite as soon as this returns.
   *
   * @returns true when the channel takes more; false when it is full: send nothing until `onDrain`.
   *   Whatever was given is sent in both cases, unless the other end is gone. Never throws for a lost way out.
   */
  send(bytes: Uint8Array): boolean
  /**
   * Where both ends share memory: hands `buffers` over under that number, without copying; they are detached then.
   * `onMove` brings them before any byte that is sent later. Throws for one that cannot be handed over; then none is.
   */
  move?(parcel: number, buffers: readonly ArrayBuffer[]): void
  /** Starts reading. Called once; nothing is delivered before. The chunks belong to the receiver. */
  open(events: ChannelEvents): void
  /**
   * Ends this way after all that was sent. The other way stays open until the peer ends it too, which the peer's channel
   * may do by itself as soon as it has read the last byte.
   */
  close(): void
  /** Drops what waits and ends both ways at once. */
  destroy(): void
  /** Writes what still waits, blocking; for a process that is about to end. Bounded in time by `deadline` ms. */
  flushNow?(rest: readonly Uint8Array[], deadline: number): void
}

/** Whom a channel tells; never before `open`, and never from within a call of the channel. */
export interface ChannelEvents {
  /** Bytes in order, cut anywhere. */
  onData(chunk: Uint8Array): void
  /** Buffers of the other end's `move`. */
  onMove?(parcel: number, buffers: readonly ArrayBuffer[]): void
  /** There is room again after `send` returned false. */
  onDrain(): void
  /** Once, after the last byte: both ways are over. */
  onClose(): void
}
