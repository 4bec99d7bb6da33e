import type { Asker, Consumer, Inflow, Window } from '@troupe/core/internal'

/** What becomes of a piece of work. */
export interface Outcome {
  done(reply: unknown): void
  failed(error: unknown): void
}

/** One piece of work on its way to a worker: settles once, when the worker answers or ends. */
export class Dispatch implements Asker {
  settled = false
  abandoned = false
  onAbandon: ((asker: Asker, reason: unknown) => void) | undefined
  readonly transfer: readonly ArrayBuffer[] | undefined
  readonly #outcome: Outcome

  constructor(outcome: Outcome, transfer: readonly ArrayBuffer[] | undefined) {
    this.#outcome = outcome
    this.transfer = transfer
  }

  resolve(reply: unknown): void {
    if (this.settled) return
    this.settled = true
    this.#outcome.done(reply)
  }

  reject(error: unknown): void {
    if (this.settled) return
    this.settled = true
    this.#outcome.failed(error)
  }

  /** Tells the worker that nobody waits any more. It still answers, and is free only then. */
  abandon(reason: unknown): void {
    if (this.settled || this.abandoned) return
    this.abandoned = true
    this.onAbandon?.(this, reason)
  }
}

/** A generator task on its way: its items go to whoever iterates, its end frees the worker. */
export class StreamDispatch extends Dispatch implements Consumer {
  readonly window: Window
  readonly open = true
  readonly #flow: Inflow

  constructor(outcome: Outcome, transfer: readonly ArrayBuffer[] | undefined, flow: Inflow) {
    super(outcome, transfer)
    this.window = flow.window
    this.#flow = flow
  }

  /** Set by the way to the worker: room that the consumer gives goes there. */
  set onGrant(grant: ((items: number, bytes: number) => void) | undefined) {
    this.#flow.onGrant = grant
  }

  whenOpen(): void {}

  item(value: unknown, bytes?: number): number {
    return this.#flow.item(value, bytes)
  }
}
