/** One piece of work in the hand of one worker, until it is answered or its worker has ended. */
import type { Clock, Timer } from '@troupe/core'
import type { Target, Waits } from '@troupe/core/internal'
import type { Work } from '../call/work.js'
import { Dispatch, StreamDispatch } from './dispatch.js'
import type { Line } from './line.js'

/** Whom an attempt tells; `S` is a place for a worker. */
export interface AttemptOwner<S> {
  answered(attempt: Attempt<S>, reply: unknown): void
  failed(attempt: Attempt<S>, error: unknown): void
  /** Its caller is to be told: nobody waits for the worker's answer any more. */
  givenUp(attempt: Attempt<S>, error: unknown): void
}

/** What bounds an attempt in time. */
export interface AttemptLimits {
  readonly waits: Waits
  readonly clock: Clock
  /** Milliseconds from an abort until the worker is killed. */
  readonly cancelGrace: number
}

export class Attempt<S = unknown> {
  readonly slot: S
  readonly work: Work
  readonly target: Target
  readonly pid: number | undefined
  readonly ticket: number
  /** Where it waited. */
  readonly line: Line
  /** Of the word that it has begun. */
  word: 'none' | 'awaited' | 'here'
  /** `ahead`: the worker has it, and will begin it after what it has before. */
  phase: 'ahead' | 'working' | 'over' = 'ahead'
  caller: 'waits' | 'told' = 'waits'
  /** When it began, in ms. */
  since = 0
  readonly #owner: AttemptOwner<S>
  readonly #limits: AttemptLimits
  readonly #dispatch: Dispatch
  #endLimits: (() => void) | undefined
  #grace: Timer | undefined

  constructor(
    owner: AttemptOwner<S>,
    limits: AttemptLimits,
    given: Pick<Attempt<S>, 'slot' | 'work' | 'target' | 'pid' | 'ticket' | 'line' | 'word'>,
  ) {
    this.#owner = owner
    this.#limits = limits
    this.slot = given.slot
    this.work = given.work
    this.target = given.target
    this.pid = given.pid
    this.ticket = given.ticket
    this.line = given.line
    this.word = given.word
    const outcome = {
      done: (reply: unknown): void => owner.answered(this, reply),
      failed: (error: unknown): void => owner.failed(this, error),
    }
    const { flow, options } = given.work
    this.#dispatch =
      flow === undefined ? new Dispatch(outcome, options.transfer) : new StreamDispatch(outcome, options.transfer, flow)
  }

  send(): void {
    try {
      const { message, arg } = this.work.request(this.ticket, this.word === 'awaited')
      this.target.ask(message, arg, this.#dispatch)
    } catch (error) {
      this.#dispatch.reject(error)
    }
  }

  /** Its worker has come to it: its own time runs from now. */
  begin(now: number): void {
    this.phase = 'working'
    this.since = now
    if (this.caller === 'told') this.#armGrace()
  }

  /** Watches its time and its signal, from the beginning on. */
  limit(): void {
    if (this.#dispatch.settled || this.caller === 'told') return
    const { timeout, signal } = this.work.options
    try {
      this.#endLimits = this.#limits.waits.limit(
        () => `The task ${this.work.label}`,
        { timeout, signal },
        (error) => this.giveUp(error),
      )
    } catch (error) {
      this.giveUp(error)
    }
  }

  /** The caller is told at once; the worker is asked to leave off, and killed if it does not in time. */
  giveUp(error: unknown): void {
    if (this.caller === 'told' || this.phase === 'over') return
    this.caller = 'told'
    this.#owner.givenUp(this, error)
    this.leaveOff(error)
  }

  /** The caller waits for the end of it, which is to come soon. */
  leaveOff(reason: unknown): void {
    if (this.#dispatch.settled || this.#dispatch.abandoned) return
    this.#dispatch.abandon(reason)
    // Of one that was handed ahead the worker takes notice before it begins: what it does until then is another's.
    if (this.phase === 'working') this.#armGrace()
  }

  /** Whatever comes of it now, nobody is told. */
  end(): void {
    this.phase = 'over'
    this.#dispatch.settled = true
    this.endWatch()
  }

  endWatch(): void {
    this.#endLimits?.()
    if (this.#grace !== undefined) this.#limits.clock.clearTimeout(this.#grace)
  }

  #armGrace(): void {
    const { cancelGrace, clock } = this.#limits
    if (cancelGrace === Infinity || this.#grace !== undefined) return
    this.#grace = clock.setTimeout(() => this.target.kill(), cancelGrace)
  }
}
