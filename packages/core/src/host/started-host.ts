import { ActorDownError } from '../errors/kinds.js'
import { KILLED, NOCONNECTION, type Reason, SHUTDOWN } from '../errors/reason.js'
import type { Neighbour } from '../peer/neighbour.js'
import type { Peer } from '../peer/peer.js'
import type { HostEnd, HostUse, Launch } from '../ports/placement.js'

/** How long a host may take to end by itself once it has said that it does, in milliseconds. */
const LAST_GRACE = 1_000

/** A host that this system has started: the way to it, and what is known of its end. */
export class StartedHost {
  readonly number: number
  readonly label: string
  readonly use: HostUse
  readonly peer: Peer
  readonly neighbour: Neighbour
  /** Milliseconds for an actor's start there, unless its spawn says otherwise. */
  readonly startTimeout: number
  readonly gone: Promise<Reason>
  /** Settles after `gone`, once all have been told. */
  readonly exited: Promise<Reason>
  /** Both hellos have been exchanged. Rejects with ActorDownError when it is gone before. */
  readonly greeted: Promise<void>
  /** Why nothing more is spawned there. */
  ending: Reason | undefined
  readonly #launch: Launch
  /** What the host said of its own end before it went. */
  #lastWords: Reason | undefined
  #broken: unknown
  #answers = false
  #greet: () => void = () => undefined
  #exit: (reason: Reason) => void = () => undefined
  /** Who else tells of its crash: while that one is observed, the system's events do not. */
  reportsTo: { readonly observed: boolean } | undefined

  constructor(given: {
    number: number
    label: string
    use: HostUse
    startTimeout: number
    peer: Peer
    neighbour: Neighbour
    launch: Launch
  }) {
    this.number = given.number
    this.label = given.label
    this.use = given.use
    this.startTimeout = given.startTimeout
    this.peer = given.peer
    this.neighbour = given.neighbour
    this.#launch = given.launch
    this.gone = given.launch.gone.then((end) => this.#reasonOf(end))
    this.exited = new Promise((resolve) => {
      this.#exit = resolve
    })
    this.greeted = new Promise((resolve, reject) => {
      this.#greet = resolve
      void this.exited.then((reason) => reject(new ActorDownError(reason, { actor: given.label })))
    })
    this.greeted.catch(() => undefined)
    if (given.use === 'sole') this.peer.soleKeeper = { stop: (ms) => this.#drain(ms), kill: () => this.kill() }
  }

  /** It ended without a word: nobody was told what it left undone. */
  get silent(): boolean {
    return this.#lastWords === undefined
  }

  /** Somebody else tells of its crash: who is observed in the system's place, or who waits for it to answer. */
  get reported(): boolean {
    return this.reportsTo?.observed === true || (this.use === 'shared' && !this.#answers)
  }

  get pid(): number | undefined {
    return this.#launch.pid
  }

  get threadId(): number | undefined {
    return this.#launch.threadId
  }

  get stdout(): AsyncIterable<Uint8Array> | undefined {
    return this.#launch.stdout
  }

  get stderr(): AsyncIterable<Uint8Array> | undefined {
    return this.#launch.stderr
  }

  /** It has answered our hello. */
  answered(): void {
    this.#answers = true
    this.#launch.greeted()
    this.#greet()
  }

  /** It broke the protocol; its end will be put down to that. */
  broke(error: unknown): void {
    this.#broken = error
    this.#launch.kill()
  }

  /** It told why it is about to end. */
  lastWords(reason: Reason): void {
    this.#lastWords = reason
    this.ending ??= reason
    this.#launch.drain(LAST_GRACE)
  }

  /** Has it stop its actors and end, within `timeout` milliseconds. */
  stop(timeout: number): void {
    if (this.ending === undefined) this.peer.note('stop', null)
    this.ending ??= SHUTDOWN
    this.#drain(timeout)
  }

  kill(): void {
    this.ending ??= KILLED
    this.#launch.kill()
  }

  /** All have been told of its end. */
  over(reason: Reason): void {
    this.ending = reason
    this.#exit(reason)
  }

  #drain(timeout: number): void {
    if (timeout !== Infinity) this.#launch.drain(timeout)
  }

  #reasonOf(end: HostEnd): Reason {
    if (this.#lastWords !== undefined) return this.#lastWords
    if (this.#broken !== undefined) return { type: 'error', error: this.#broken }
    if (end.oom === true) return { type: 'oom', error: end.error }
    if (end.error !== undefined) return { type: 'error', error: end.error }
    if (end.killed) return KILLED
    if (end.lost === true) return NOCONNECTION
    return { type: 'exit', code: end.code, signal: end.signal }
  }
}

/** What to report of a host that ended without a word; undefined when it was told to end. */
export function unexplained(reason: Reason, actor: string): unknown {
  if (reason.type === 'error') return reason.error
  return reason.type === 'exit' || reason.type === 'oom' ? new ActorDownError(reason, { actor }) : undefined
}
