import type { WaitOptions } from '@troupe/core'
import type { ActorSystem, Target } from '@troupe/core/internal'
import type { Readiness } from '../pipe/selectable.js'
import { exitCodeOf, type ProcessEnd, processEnd } from './process-end.js'
import type { Process } from './process.js'

type Phase =
  | { readonly at: 'starting' }
  | { readonly at: 'running'; readonly target: Target }
  | { readonly at: 'ended'; readonly end: ProcessEnd }

export class StartedProcess implements Process {
  readonly name: string
  readonly daemon: boolean
  readonly #system: ActorSystem
  readonly #running: Set<unknown>
  readonly #exited: Promise<ProcessEnd>
  readonly #starting = new AbortController()
  readonly #watching = new Set<() => void>()
  #phase: Phase = { at: 'starting' }
  #pid: number | undefined
  #threadId: number | undefined
  /** The last signal that was asked for, which a kill stands for. */
  #asked: NodeJS.Signals | undefined
  /** Somebody waits for how it ends. */
  #looked = false

  constructor(
    system: ActorSystem,
    { name, daemon, running }: { name: string; daemon: boolean; running: Set<unknown> },
    start: (signal: AbortSignal) => Promise<Target | undefined>,
  ) {
    this.name = name
    this.daemon = daemon
    this.#system = system
    this.#running = running
    running.add(this)
    if (!daemon) system.waits.keepAlive.hold()
    this.#exited = this.#live(start)
  }

  get pid(): number | undefined {
    return this.#pid
  }

  get alive(): boolean {
    return this.#phase.at !== 'ended'
  }

  get exitCode(): number | undefined {
    return this.#phase.at === 'ended' ? exitCodeOf(this.#phase.end) : undefined
  }

  get exited(): Promise<ProcessEnd> {
    this.#looked = true
    return this.#exited
  }

  join(options: WaitOptions = {}): Promise<ProcessEnd> {
    return this.#system.waits.bounded(() => `join() of ${this.name}`, this.exited, options)
  }

  terminate(): void {
    this.#end('SIGTERM')
  }

  kill(): void {
    this.#end('SIGKILL')
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.terminate()
    await this.join()
  }

  get [Symbol.toStringTag](): string {
    return 'StartedProcess'
  }

  get '~selectable'(): Readiness {
    return {
      isReady: !this.alive,
      whenReady: (call) => {
        this.#watching.add(call)
        return () => this.#watching.delete(call)
      },
    }
  }

  async #live(start: (signal: AbortSignal) => Promise<Target | undefined>): Promise<ProcessEnd> {
    const end = await this.#course(start)
    this.#phase = { at: 'ended', end }
    this.#running.delete(this)
    if (!this.daemon) this.#system.waits.keepAlive.release()
    for (const call of this.#watching) call()
    this.#watching.clear()
    return end
  }

  async #course(start: (signal: AbortSignal) => Promise<Target | undefined>): Promise<ProcessEnd> {
    try {
      const target = (await start(this.#starting.signal)) as Target
      const host = this.#system.hosts.get(target.address.host)
      this.#pid = host?.pid
      this.#threadId = host?.threadId
      this.#phase = { at: 'running', target }
      target.tell('run', undefined, undefined)
      return processEnd(await target.exited, this.#asked)
    } catch (error) {
      if (this.#asked !== undefined) return { code: null, signal: this.#asked }
      // Who looks at the end finds the error there; else it is reported as a crash is.
      setImmediate(() => {
        if (!this.#looked) console.error(`Troupe: the process ${this.name} could not start:`, error)
      })
      return { code: 1, signal: null, error }
    }
  }

  #end(signal: NodeJS.Signals): void {
    if (this.#phase.at === 'ended') return
    this.#asked = signal
    if (this.#phase.at === 'starting') this.#starting.abort()
    else if (signal === 'SIGKILL' || this.#threadId !== undefined) this.#phase.target.kill()
    else if (this.#pid !== undefined) {
      try {
        process.kill(this.#pid, signal)
      } catch {
        // It has ended, and the word of that is on its way.
      }
    }
  }
}
