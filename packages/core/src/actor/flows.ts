/**
 * The streams that an actor is giving. Their steps start between messages; what a generator awaits may interleave with
 * them. Each has a scope of its own, whose signal aborts when its consumer leaves.
 */
import { ActorDownError } from '../errors/kinds.js'
import { crashed } from '../errors/reason.js'
import { Ring } from '../mailbox/ring.js'
import type { Consumer } from '../message/envelope.js'
import { Outflow, type Source, sourceOf } from '../stream/outflow.js'
import { LazyAbort } from './abort.js'
import type { RunTime } from './run-time.js'
import type { Scope } from './scope.js'
import type { Context } from '../definition/context.js'

/** What the flows need of their actor. */
export interface FlowsOwner {
  readonly label: string
  readonly runTime: RunTime | undefined
  /** In what the handler that makes the stream for `consumer` runs. */
  contextFor(consumer: Consumer, abort: LazyAbort): Context
  /** There is a step to run. */
  mayGoOn(): void
  /** A generator threw: that is a crash, as of any handler. */
  handCrashed(error: unknown): void
}

export class Flows {
  readonly #owner: FlowsOwner
  readonly #steps = new Ring<() => void>()
  readonly #outflows = new Set<Outflow>()

  constructor(owner: FlowsOwner) {
    this.#owner = owner
  }

  /** In what a handler runs that makes a stream for `consumer`. */
  scopeFor(consumer: Consumer): Scope {
    const abort = new LazyAbort()
    return { abort, context: this.#owner.contextFor(consumer, abort) }
  }

  /** The handler that ran in `scope` has answered with `result`; `consumer` is rejected when that is no stream. */
  start(consumer: Consumer, result: unknown, { abort }: Scope): void {
    let source: Source | undefined
    try {
      source = sourceOf(result)
    } catch (error) {
      return consumer.reject(this.#crashed(error))
    }
    if (source === undefined) return consumer.reject(noStream(this.#owner.label, result))
    const outflow = new Outflow(source, consumer, {
      schedule: (step) => {
        this.#steps.push(step)
        this.#owner.mayGoOn()
      },
      threw: (error) => (abort.isCauseOf(error) ? error : this.#crashed(error)),
      abort: (reason) => {
        abort.abort(reason)
        return true
      },
      over: () => this.#outflows.delete(outflow),
    })
    this.#outflows.add(outflow)
    outflow.start()
  }

  /** Runs the next step; false when none waits. */
  step(): boolean {
    const step = this.#steps.shift()
    if (step === undefined) return false
    step()
    // What comes in the same turn has its time from now on.
    this.#owner.runTime?.next()
    return true
  }

  /** The actor ends: consumers are told what `errorOf` gives, sources are closed. Resolves when they are. */
  async end(errorOf: () => unknown): Promise<void> {
    if (this.#outflows.size === 0) return
    const error = errorOf()
    await Promise.all([...this.#outflows].map((outflow) => outflow.end(error)))
  }

  #crashed(error: unknown): unknown {
    this.#owner.handCrashed(error)
    return new ActorDownError(crashed(error), { actor: this.#owner.label })
  }
}

function noStream(label: string, result: unknown): TypeError {
  const problem = `${label} answers with ${result === null ? 'null' : typeof result}, which is no stream`
  return new TypeError(`${problem}: use ask, or make the handler a generator`)
}
