import { expectTimeout, wrongType } from '../errors/expect.js'
import { NORMAL, type Reason } from '../errors/reason.js'
import type { Context, WatchToken } from '../definition/context.js'
import type { Spawn } from '../definition/spawn.js'
import type { System } from '../definition/system.js'
import type { Clock } from '../ports/clock.js'
import type { Signal } from '../ports/signal.js'
import { type Chain, withChain } from '../message/chain.js'
import type { ActorRef, AskOptions, RefBase } from '../ref/actor-ref.js'
import type { Ref } from '../ref/ref.js'
import type { StreamOptions } from '../stream/options.js'
import type { LazyAbort } from './abort.js'
import type { Consuming } from './consuming.js'
import type { TimerKey, Timers } from './timers.js'
import type { Ties } from './ties.js'

/** What the context needs of the actor that it belongs to. */
export interface ContextOwner {
  readonly ref: Ref
  readonly parent: Ref | undefined
  exit(reason: Reason): void
}

/** What it offers beside that. */
export interface ContextParts {
  readonly system: System
  readonly clock: Clock
  readonly abort: LazyAbort
  readonly ties: Ties
  readonly consuming: Consuming
  readonly timers: Timers
  readonly spawn: () => Spawn
  /** Who waits for what is asked in this context. */
  readonly chain: () => Chain
  readonly stash: () => void
  readonly unstash: () => void
}

/** The one context of an actor's life; handed to each of its handlers. */
export class ActorContext implements Context {
  readonly #owner: ContextOwner
  readonly #parts: ContextParts
  #spawn: Spawn | undefined

  constructor(owner: ContextOwner, parts: ContextParts) {
    this.#owner = owner
    this.#parts = parts
  }

  get self(): ActorRef<any> {
    return this.#owner.ref
  }

  get parent(): ActorRef<any> | undefined {
    return this.#owner.parent
  }

  get system(): System {
    return this.#parts.system
  }

  get signal(): Signal {
    return this.#parts.abort.signal
  }

  get spawn(): Spawn {
    return (this.#spawn ??= this.#parts.spawn())
  }

  sleep(ms: number): Promise<void> {
    expectTimeout('ms', ms)
    const { clock, abort } = this.#parts
    const { signal } = abort
    return new Promise<void>((resolve, reject) => {
      if (signal.aborted) return reject(signal.reason as Error)
      const onAbort = (): void => {
        clock.clearTimeout(timer)
        reject(signal.reason as Error)
      }
      const timer = clock.setTimeout(() => {
        signal.removeEventListener('abort', onAbort)
        resolve()
      }, ms)
      signal.addEventListener('abort', onAbort)
    })
  }

  ask(ref: ActorRef<any>, name: string, arg?: unknown, options?: AskOptions): Promise<any> {
    return ref.ask(name, arg, withChain(options, this.#parts.chain()))
  }

  stream(ref: ActorRef<any>, name: string, arg?: unknown, options?: StreamOptions): AsyncIterableIterator<any> {
    const { chain, consuming } = this.#parts
    return consuming.add(ref.stream(name, arg, withChain(options, chain())))
  }

  watch(ref: RefBase): WatchToken {
    return this.#parts.ties.watching.watch(ref)
  }

  unwatch(watch: WatchToken | RefBase): void {
    this.#parts.ties.watching.unwatch(watch)
  }

  link(ref: RefBase): void {
    this.#parts.ties.links.link(ref)
  }

  unlink(ref: RefBase): void {
    this.#parts.ties.links.unlink(ref)
  }

  trapExit(on: boolean): void {
    this.#parts.ties.links.trap(on)
  }

  stash(): void {
    this.#parts.stash()
  }

  unstash(): void {
    this.#parts.unstash()
  }

  setTimer(key: TimerKey, ms: number, message: string, arg?: unknown): void {
    this.#parts.timers.set(key, ms, message, arg)
  }

  clearTimer(key: TimerKey): void {
    this.#parts.timers.clear(key)
  }

  exit(reason: Reason = NORMAL): void {
    if (typeof reason?.type !== 'string') throw wrongType('reason', 'a reason such as { type: "normal" }', reason)
    this.#owner.exit(reason)
  }
}
