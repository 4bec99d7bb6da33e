import type { Channel } from './channel.js'
import type { Clock } from './clock.js'
import type { Codec } from './codec.js'

/** `here`: in this process. `elsewhere`: in another, so that code must travel by name. */
export type Reach = 'here' | 'elsewhere'

/** Where an actor is to live. `childProcess()` is one; a host that runs already is another. */
export interface Placement<R extends Reach = Reach> {
  readonly reach: R
}

/** A placement that starts a host of its own each time it is used. */
export interface Launcher<R extends Reach = 'elsewhere'> extends Placement<R> {
  /** Starts a host. What fails later is told through `gone`; this throws only for what is wrong with the options. */
  launch(context: LaunchContext): Launch
  /** Milliseconds for start, load and init together, unless the spawn or launch says otherwise; Infinity for no limit. */
  readonly startTimeout: number
  /** Of one whose hosts are threads of this process: its memory is theirs. */
  readonly sharesMemory?: boolean
  /** Of one whose hosts are in this process: under which name they will load that definition. */
  nameOf?(definition: object): { readonly url: string; readonly export: string }
}

/** What a launcher is given by the system. */
export interface LaunchContext {
  readonly clock: Clock
  /** A name for its process in errors and listings. */
  readonly label: string
  readonly use: HostUse
}

/** `sole`: for one actor, with which it ends. `shared`: for as many as are spawned there, until it is ended itself. */
export type HostUse = 'sole' | 'shared'

/** A host being started: the way to it, and its life as far as its keeper must know. */
export interface Launch {
  readonly channel: Channel
  readonly codec: Codec
  /** The process that it is, or that its thread belongs to. */
  readonly pid: number | undefined
  /** Of a host that is a thread of the process `pid`. */
  readonly threadId?: number | undefined
  /** What it writes there, where that is kept for whoever holds the host. */
  readonly stdout?: AsyncIterable<Uint8Array> | undefined
  readonly stderr?: AsyncIterable<Uint8Array> | undefined
  /** Both hellos have been exchanged. */
  greeted(): void
  /** It has been asked to end by itself: it is killed unless gone within `grace` ms. */
  drain(grace: number): void
  /** Ends it at once. */
  kill(): void
  /** Settles once, after both the end of the channel and the end of the process; never rejects. */
  readonly gone: Promise<HostEnd>
}

/**
 * How a host ended, `code` and `signal` as Node tells them. `killed` when we did it; `error` when it never started, or
 * why it had to end; `oom` when that was for want of memory; `lost` when only the way to it is known to have ended.
 */
export interface HostEnd {
  readonly code: number | null
  readonly signal: string | null
  readonly killed: boolean
  readonly error?: unknown
  readonly oom?: boolean
  readonly lost?: boolean
}
