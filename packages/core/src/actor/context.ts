import { expectTimeout, wrongType } from '../errors/expect.js'
import { NORMAL, type Reason } from '../errors/reason.js'
import type { Context, WatchToken } from '../definition/context.js'
import type { Spawn } from '../definition/spawn.js'
import type { System } from '../definition/system.js'
import type { Clock } from '../ports/clock.js'
import type { Signal } from '../ports/signal.js'
import type { ActorRef, AskOptions, RefBase } from '../ref/actor-ref.js'
import type { Ref } from '../ref/ref.js'

/** What the context needs of the actor that it belongs to. */
export interface ContextOwner {
  readonly ref: Ref
  readonly parent: Ref | undefined
  readonly system: System
  readonly signal: Signal
  readonly clock: Clock
  readonly spawn: Spawn
  watch(ref: RefBase): WatchToken
  unwatch(watch: WatchToken | RefBase): void
  exit(reason: Reason): void
}

/** The one context of an actor's life; handed to each of its handlers. */
export class ActorContext implements Context {
  readonly #owner: ContextOwner

  constructor(owner: ContextOwner) {
    this.#owner = owner
  }

  get self(): ActorRef<any> {
    return this.#owner.ref
  }

  get parent(): ActorRef<any> | undefined {
    return this.#owner.parent
  }

  get system(): System {
    return this.#owner.system
  }

  get signal(): Signal {
    return this.#owner.signal
  }

  get spawn(): Spawn {
    return this.#owner.spawn
  }

  sleep(ms: number): Promise<void> {
    expectTimeout('ms', ms)
    const { signal, clock } = this.#owner
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
    return ref.ask(name, arg, options)
  }

  watch(ref: RefBase): WatchToken {
    return this.#owner.watch(ref)
  }

  unwatch(watch: WatchToken | RefBase): void {
    this.#owner.unwatch(watch)
  }

  exit(reason: Reason = NORMAL): void {
    if (typeof reason?.type !== 'string') throw wrongType('reason', 'a reason such as { type: "normal" }', reason)
    this.#owner.exit(reason)
  }
}
