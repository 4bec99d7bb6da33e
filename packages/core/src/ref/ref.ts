/** The value that users hold: it checks arguments, keeps the promises of waiting calls, and hands on to its target. */
import { expectBoolean, expectOptions, expectString, expectTimeout } from '../errors/expect.js'
import type { Reason } from '../errors/reason.js'
import { idOf } from '../message/address.js'
import { PORTABLE } from '../message/data.js'
import type { Asker } from '../message/envelope.js'
import { Inflow } from '../stream/inflow.js'
import type { StreamOptions } from '../stream/options.js'
import type { WaitOptions, Waits } from '../wait/wait.js'
import type { ActorRef, AskOptions, RefBase, StopOptions, TellOptions } from './actor-ref.js'
import { Ask } from './ask.js'
import { isSameActor, type Target } from './target.js'

export class Ref implements ActorRef<any> {
  declare readonly '~types': { protocol: any; strict: any }
  readonly #target: Target
  readonly #waits: Waits
  readonly #askTimeout: number | undefined

  constructor(target: Target, waits: Waits, askTimeout: number | undefined) {
    this.#target = target
    // Hidden: for those who carry refs over a channel, in any copy of this package.
    Object.defineProperty(this, PORTABLE, { value: target })
    this.#waits = waits
    this.#askTimeout = askTimeout
  }

  get id(): string {
    return idOf(this.#target.address)
  }

  get incarnation(): number {
    return this.#target.address.incarnation
  }

  get exited(): Promise<Reason> {
    return this.#target.exited
  }

  equals(other: RefBase): boolean {
    const target = targetOf(other)
    return target !== undefined && isSameActor(target, this.#target)
  }

  tell(name: string, arg?: unknown, options?: TellOptions): boolean {
    return this.#target.tell(name, arg, options)
  }

  ask(name: string, arg?: unknown, options?: AskOptions): Promise<any> {
    let ask: Ask
    try {
      expectString('name', name)
      ask = new Ask(this.#waits, () => `ask('${name}') of ${this.#target.label}`, options, this.#askTimeout)
    } catch (error) {
      return Promise.reject(error as Error)
    }
    this.#put(name, arg, ask)
    return ask.promise
  }

  stream(name: string, arg?: unknown, options?: StreamOptions): AsyncIterableIterator<any> {
    try {
      expectString('name', name)
      const flow = new Inflow(this.#waits, () => `stream('${name}') of ${this.#target.label}`, options)
      this.#put(name, arg, flow)
      return flow
    } catch (error) {
      // Told where all errors of a stream are.
      const flow = new Inflow(this.#waits, () => 'a stream')
      flow.reject(error)
      return flow
    }
  }

  ready(options: WaitOptions = {}): Promise<void> {
    if (this.#target.open) return READY
    return this.#waits.bounded(() => `ready() of ${this.#target.label}`, this.#target.room(), options)
  }

  async stop(options: StopOptions = {}): Promise<Reason> {
    expectOptions('stop options', options, ['drain', 'timeout'])
    const { drain = false, timeout = 5_000 } = options
    expectBoolean('drain', drain)
    expectTimeout('timeout', timeout)
    // Read first: soon there may be another life.
    const { exited } = this.#target
    this.#target.stop({ drain, timeout })
    return this.#waits.bounded(() => `stop() of ${this.#target.label}`, exited)
  }

  async kill(): Promise<Reason> {
    const { exited } = this.#target
    this.#target.kill()
    return this.#waits.bounded(() => `kill() of ${this.#target.label}`, exited)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop()
  }

  toString(): string {
    return `ActorRef(${this.#target.label})`
  }

  /** Settles `asker`, whatever happens. */
  #put(name: string, arg: unknown, asker: Asker): void {
    try {
      this.#target.ask(name, arg, asker)
    } catch (error) {
      asker.reject(error)
    }
  }
}

/** One for all who ask while there is room: a sender that asks before each message allocates nothing. */
const READY = Promise.resolve()

/** The target behind a ref of any copy of this package. Undefined for what is no ref. */
export function targetOf(ref: unknown): Target | undefined {
  if (typeof ref !== 'object' || ref === null || !(PORTABLE in ref)) return undefined
  return (ref as { [PORTABLE]: Target })[PORTABLE]
}
