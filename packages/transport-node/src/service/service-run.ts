/** One run of a service: what happens to it, and what is then done. Where that leads is decided in course.ts. */
import { inspect } from 'node:util'
import { createSystem, type Supervising, type System, type SystemOptions } from '@troupe/core'
import type { ActorSystem } from '@troupe/core/internal'
import { type Course, type CourseEvent, next, START } from './course.js'
import { exitNow, exitSoon } from './exit.js'
import { childrenLeft } from './left.js'
import { watchSignificant } from './last-end.js'
import { listen } from './process-events.js'

/** How a service ended. */
export interface ServiceEnd {
  /** What its process exits with. */
  readonly code: number
  /** The signal that asked for the end. */
  readonly signal: NodeJS.Signals | null
  /** What made it fail. */
  readonly error?: unknown
}

/** Milliseconds that a kill may take. */
const OBEDIENCE = 1_000

export class ServiceRun {
  readonly system: System
  /** Resolves when nothing is left. */
  readonly exited: Promise<ServiceEnd>
  readonly #deadline: number
  readonly #over: () => void
  readonly #silent: () => void
  #course: Course = START
  #app: Supervising | undefined
  #timer: NodeJS.Timeout | undefined
  #end: ((end: ServiceEnd) => void) | undefined

  /** `over` is called at its end. */
  constructor(options: SystemOptions, deadline: number, over: () => void) {
    this.system = createSystem(options)
    this.#deadline = deadline
    this.#over = over
    this.exited = new Promise((resolve) => {
      this.#end = resolve
    })
    this.#silent = listen({
      ends: (signal, number) => this.#take({ type: 'signal', signal, number, at: performance.now() }),
      tree: () => void process.stderr.write(`${this.system.tree()}\n`),
      uncaught: (error) => {
        this.#say(`an error that nobody caught: ${inspect(error)}`)
        this.#take({ type: 'error', error })
      },
    })
  }

  /**
   * Starts what is to run. Rejects when that fails, once nothing is left. When the end is asked for before, the process
   * ends: whoever waits here has nothing that he could go on with.
   */
  async start<A extends Supervising>(supervise: () => Promise<A>): Promise<A> {
    let failure: { error: unknown } | undefined
    const started = supervise().catch((error: unknown) => {
      if (this.#course.phase === 'starting') failure = { error }
      this.#take({ type: 'failed', error })
    })
    // What is still being prepared does not hold up an end.
    const app = await Promise.race([started, this.exited.then(() => undefined)])
    if (app === undefined || this.#course.phase !== 'starting') {
      const { code } = await this.exited
      if (failure === undefined) return exitNow(code)
      process.exitCode = code
      throw failure.error
    }
    this.#app = app
    this.#take({ type: 'started' })
    const significant = watchSignificant(app)
    void app.exited.then((reason) => {
      if (this.#course.phase !== 'running') return
      const cause = significant.causeOf(reason)
      if ('error' in cause) this.#say(`its supervisor has ended: ${String(cause.error)}`)
      this.#take({ type: 'down', ...cause })
    })
    return app
  }

  stop(): Promise<ServiceEnd> {
    this.#take({ type: 'stop' })
    return this.exited
  }

  kill(): Promise<ServiceEnd> {
    this.#take({ type: 'kill' })
    return this.exited
  }

  #take(event: CourseEvent): void {
    const { phase } = this.#course
    this.#course = next(this.#course, event)
    if (this.#course.phase === phase) return
    clearTimeout(this.#timer)
    if (this.#course.phase === 'stopping') this.#stop()
    if (this.#course.phase === 'killing') this.#kill(event)
    if (this.#course.phase === 'ended') this.#ended()
  }

  #stop(): void {
    if (this.#deadline !== Infinity) this.#timer = setTimeout(() => this.#take({ type: 'late' }), this.#deadline)
    // Behind our own timer: what is late is to be named before it is killed.
    void this.system.stop({ timeout: this.#deadline }).then(() => this.#take({ type: 'over' }))
  }

  #kill(event: CourseEvent): void {
    if (event.type !== 'kill') {
      const why = event.type === 'late' ? `not stopped within ${this.#deadline} ms` : 'a second signal while stopping'
      const left = this.#app === undefined ? [] : childrenLeft(this.#app)
      this.#say(`${why}, killed: ${left.join(', ') || 'what is left'}\n${this.system.tree()}`)
    }
    const { children, hosts } = this.system as ActorSystem
    void this.system.stop({ timeout: 0 }).then(() => this.#take({ type: 'over' }))
    void children.kill()
    void hosts.end()
    // Of what does not even obey a kill, the end of this process takes care.
    this.#timer = setTimeout(() => this.#take({ type: 'over' }), OBEDIENCE)
  }

  #ended(): void {
    this.#silent()
    this.#over()
    const { code, signal, error } = this.#course
    this.#end?.({ code, signal, ...(error === undefined ? {} : { error }) })
  }

  /** To be called once it has ended, by whoever knows that the process has nothing else to do. */
  leave(another: () => boolean): void {
    void this.exited.then(({ code }) => exitSoon(code, (line) => this.#say(line), another))
  }

  #say(line: string): void {
    process.stderr.write(`${this.system.name}: ${line}\n`)
  }
}
