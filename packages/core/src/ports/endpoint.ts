import type { Channel } from './channel.js'
import type { Codec } from './codec.js'
import type { Loader } from './loader.js'
import type { Signal } from './signal.js'

/**
 * A place where systems meet: one listens there, others connect. The channels it gives are authenticated already, and
 * no byte of a stranger has reached one.
 */
export interface Endpoint {
  /** For errors and listings: `unix:/run/shop.sock`, `tcp:host:port`, `tls:host:port`. */
  readonly label: string
  /** For the channels of both ends. A fit one trusts no bytes: it bounds what it reads, and keeps no state of it. */
  readonly codec: Codec
  /** Whether whoever comes in has proven that it may (a key, or the file's permissions): it may then name modules to load. */
  readonly trusted: boolean
  /** A new one each time: what loads modules for one who came in. */
  loader(): Loader
  /**
   * Lets others in, until closed. None of them can harm the listening itself.
   *
   * @throws (rejects) what the system says: the place is taken, or not ours to take.
   */
  listen(events: EndpointEvents): Promise<Listening>
  /**
   * Comes in. Open the channel as soon as you have it: what a peer says before it dies is kept for no longer.
   *
   * @throws (rejects) AuthenticationError; ProtocolError when something else lives there; TimeoutError; the signal's
   *   reason; what the network says. Nothing is left open then.
   */
  connect(options?: ConnectOptions): Promise<Channel>
}

export interface ConnectOptions {
  /** Milliseconds from the call, name lookup and handshake included. Default: no limit but the endpoint's own. */
  readonly timeout?: number | undefined
  /** Its abort rejects the call with the signal's reason. */
  readonly signal?: Signal | undefined
}

/** Whom a listening endpoint tells. `from` is for errors and listings, and nothing to rely on. */
export interface EndpointEvents {
  /** Somebody came in. Open its channel within this call: what a peer says before it dies is kept for no longer. */
  onChannel(channel: Channel, from: string): void
  /** Somebody was turned away, alone; also when the system could not accept a connection. */
  onRefused(error: Error, from: string): void
}

/** The listening half of an endpoint. Like channels it never keeps the process alive. */
export interface Listening {
  /** As the endpoint's, with the port that was given for port 0. */
  readonly label: string
  readonly port?: number | undefined
  /** Frees the place, and turns away those who are not in yet. Channels that came in go on. Never rejects. */
  close(): Promise<void>
}
