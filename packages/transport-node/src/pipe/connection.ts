import type { Proxied, WaitOptions } from '@troupe/core'
import type { Selectable } from './selectable.js'

/** What both halves of a connection have. A value: in a message to another process it moves there. */
interface End extends Proxied, Selectable, Disposable {
  /** Direction, not readiness. */
  readonly readable: boolean
  readonly writable: boolean
  /** Closed here, or moved away. */
  readonly closed: boolean
  /** The other end then gets what was sent before, and the end of file. Idempotent. */
  close(): void
}

/** The end of a pipe that sends. */
export interface PipeWriter<in Out> extends End {
  /**
   * Resolves when the message is on its way; one shared promise while there is room.
   *
   * @throws SerializationError at the call; PeerClosedError, ConnectionClosedError, TimeoutError (it was not sent), the
   *   signal's reason, as rejections.
   */
  readonly send: (value: Out, options?: WaitOptions) => Promise<void>
  /** Sends when there is room now. @throws SerializationError, PeerClosedError, ConnectionClosedError. */
  readonly trySend: (value: Out) => boolean
  /**
   * A message of bytes, copied at the call: `size` of them (default: to the end) from `offset` (default 0). None is one too.
   *
   * @throws TypeError for what are no bytes, RangeError for places that it does not have.
   */
  sendBytes(bytes: Uint8Array, options?: { readonly offset?: number; readonly size?: number }): Promise<void>
}

/** The end of a pipe that receives. Leaving its iterator loses nothing and closes nothing. */
export interface PipeReader<out In> extends End, AsyncIterable<In> {
  /**
   * The next message.
   *
   * @throws EndOfStreamError once the other end is closed and all that it sent received; ConnectionClosedError; TimeoutError;
   *   the signal's reason; as rejections. One that is given up takes no message.
   */
  recv(options?: WaitOptions): Promise<In>
  /** Whether `recv` has something to give or to say within `ms` milliseconds (default 0): true at the end of file too. */
  poll(ms?: number): Promise<boolean>
  /**
   * The next message, of bytes.
   *
   * @throws BufferTooShortError for one of more than `maxLength` bytes, which it takes; TypeError for one that is no bytes,
   *   which stays; as `recv`.
   */
  recvBytes(options?: WaitOptions & { readonly maxLength?: number | undefined }): Promise<Uint8Array>
  /** Writes the next message, of bytes, into `into` from `offset` on (default 0). Its length. @throws as `recvBytes`. */
  recvBytesInto(into: Uint8Array, options?: WaitOptions & { readonly offset?: number | undefined }): Promise<number>
}

/** One end of a pipe of two directions. */
export interface Connection<in Out, out In = Out> extends PipeWriter<Out>, PipeReader<In> {}
