import type { StopOptions } from '../ref/actor-ref.js'
import type { WaitOptions } from '../wait/wait.js'
import type { ActorRef } from '../ref/actor-ref.js'
import type { Host } from './host.js'

/**
 * Where other systems come in, made by `system.listen`. Each that does has this process as one of its hosts, until its
 * channel ends or the door is stopped: what it spawned here ends then. It sees of this system what it finds by
 * `far.whereis`, and what it is sent. Idle, a door keeps no program alive.
 */
export interface Door extends AsyncDisposable {
  /** `unix:/run/shop.sock`, `tcp:127.0.0.1:4000`; with the port that was given for port 0. */
  readonly label: string
  /** Of a TCP socket; undefined for a Unix socket. */
  readonly port: number | undefined
  /** How many systems are in. */
  readonly guests: number
  /**
   * Lets nobody in any more, has what guests spawned here stop (`onStop` runs), and closes their channels; what takes
   * longer than `timeout` milliseconds is killed. Default 5,000. Idempotent: the first call's `timeout` counts.
   *
   * @throws TypeError, RangeError for wrong options.
   */
  stop(options?: Pick<StopOptions, 'timeout'>): Promise<void>
}

/** Options of `system.listen`. */
export interface ListenOptions {
  /**
   * Modules that guests may name, as remote names of them. Default: of an endpoint that has them prove who they are,
   * whatever they name, since they could as well start a process here; of an insecure one, none.
   */
  readonly modules?: readonly { readonly url: string }[] | undefined
}

/** `timeout` in milliseconds, from the call until the other system has answered. Default 30,000. */
export type ConnectSystemOptions = WaitOptions

/**
 * Another system's process, come into by `system.connect`: a host of this system, used as one that was launched. `stop`
 * and `kill` end what was spawned there and the connection, never the process.
 */
export interface FarHost extends Host {
  /**
   * The ref of the living actor that the other system knows by that name; undefined when there is none. What it takes
   * cannot be checked: name its protocol, `far.whereis<Stock>('stock')`.
   *
   * @throws ActorDownError as a rejection when the connection has ended; TypeError for what is no name.
   */
  whereis<P = any>(name: string): Promise<ActorRef<P> | undefined>
}
