import { ActorDownError } from '../errors/kinds.js'
import { KILLED, type Reason } from '../errors/reason.js'
import type { Neighbour } from '../peer/neighbour.js'
import type { Peer } from '../peer/peer.js'
import type { HostEnd, Launch } from '../ports/placement.js'

/** How long a host may take to end by itself once its one actor has ended, in milliseconds. */
const LAST_GRACE = 1_000

/** A host that this system has started: the way to it, and what is known of its end. */
export class Host {
  readonly number: number
  readonly peer: Peer
  readonly neighbour: Neighbour
  readonly gone: Promise<Reason>
  readonly #launch: Launch
  /** What the host said of its own end before it went. */
  #lastWords: Reason | undefined
  #broken: unknown
  /** Who else tells of its crash: while that one is observed, the system's events do not. */
  reportsTo: { readonly observed: boolean } | undefined

  constructor(given: { number: number; peer: Peer; neighbour: Neighbour; launch: Launch }) {
    this.number = given.number
    this.peer = given.peer
    this.neighbour = given.neighbour
    this.#launch = given.launch
    this.gone = given.launch.gone.then((end) => this.#reasonOf(end))
  }

  /** It ended without a word: nobody was told what it left undone. */
  get silent(): boolean {
    return this.#lastWords === undefined
  }

  get pid(): number | undefined {
    return this.#launch.pid
  }

  /** Lives for one actor: stopping and killing that one is done to the process. */
  keepOneActor(): void {
    this.peer.soleKeeper = {
      stop: (timeout) => {
        if (timeout !== Infinity) this.#launch.drain(timeout)
      },
      kill: () => this.kill(),
    }
  }

  /** It broke the protocol; its end will be put down to that. */
  broke(error: unknown): void {
    this.#broken = error
    this.#launch.kill()
  }

  /** It told why it is about to end. */
  ending(reason: Reason): void {
    this.#lastWords = reason
    this.#launch.drain(LAST_GRACE)
  }

  kill(): void {
    this.#launch.kill()
  }

  #reasonOf(end: HostEnd): Reason {
    if (this.#lastWords !== undefined) return this.#lastWords
    if (this.#broken !== undefined) return { type: 'error', error: this.#broken }
    if (end.error !== undefined) return { type: 'error', error: end.error }
    if (end.killed) return KILLED
    return { type: 'exit', code: end.code, signal: end.signal }
  }
}

/** What to report of a host that ended without a word; undefined when it was told to end. */
export function unexplained(reason: Reason, actor: string): unknown {
  if (reason.type === 'error') return reason.error
  return reason.type === 'exit' || reason.type === 'oom' ? new ActorDownError(reason, { actor }) : undefined
}
