/** Supervisors of workers that end in each way when told to, on a clock that is turned by hand. */
import {
  type ActorRef,
  child,
  type ChildOptions,
  type ChildSpec,
  defineActor,
  type Reason,
  type Supervising,
} from '@troupe/core'
import { ActorSystem } from '@troupe/core/internal'
import { ManualClock } from '@troupe/core/testing'
import { turn } from './settle.js'

export interface Worker {
  fail(): void
  quit(reason: Reason): void
  id(): string
}

export interface Scene {
  readonly clock: ManualClock
  readonly system: ActorSystem
  /** `start a` when its init runs, `stop a` when its onStop does. */
  readonly log: string[]
  /** What the next starts do, by id; without an entry they succeed. */
  readonly starts: Map<string, (() => unknown)[]>
  /** A worker as a child; its input is its id. */
  of<const Id extends string>(id: Id, options?: ChildOptions<'here'>): ChildSpec<Id, ActorRef<Worker>, 'worker'>
  /** Lets all that follows from an event happen; no time passes. */
  quiet(): Promise<void>
}

export function scene(): Scene {
  const clock = new ManualClock()
  const system = new ActorSystem({ name: 'test', clock, askTimeout: undefined, host: 1 })
  system.events$.subscribe(() => undefined)
  const log: string[] = []
  const starts = new Map<string, (() => unknown)[]>()
  const worker = defineActor.for<Worker>()({
    init: (id: string) => {
      log.push(`start ${id}`)
      return (starts.get(id)?.shift()?.() ?? id) as string
    },
    on: {
      fail() {
        throw new Error('failed')
      },
      quit: (_, reason, ctx) => ctx.exit(reason),
      id: (id) => id,
    },
    onStop: (id) => void log.push(`stop ${id}`),
  })
  return {
    clock,
    system,
    log,
    starts,
    of: (id, options = {}) => child(id, worker, id, options),
    async quiet() {
      for (let round = 0; round < 4; round += 1) {
        await turn()
        await clock.advance(0)
      }
    },
  }
}

/** `a running` and so on, in the order of their start. */
export const statuses = (app: Supervising): string[] => app.which().map(({ id, status }) => `${id} ${status}`)

/** The lines of `log` of that word: the ids. */
export const said = (log: readonly string[], word: 'start' | 'stop'): string[] =>
  log.filter((line) => line.startsWith(`${word} `)).map((line) => line.slice(word.length + 1))

/** What a supervisor tells of its children, from now on: `down a error`, `restarted a 1`. */
export function heard(app: Supervising): string[] {
  const events: string[] = []
  app.events$.subscribe((event) => {
    const child = 'child' in event ? ` ${event.child}` : ''
    const more =
      event.type === 'down' ? ` ${event.reason.type}` : event.type === 'restarted' ? ` ${event.restarts}` : ''
    events.push(`${event.type}${child}${more}`)
  })
  return events
}

export const failing = (): never => {
  throw new Error('no start')
}

export const never = (): Promise<never> => new Promise(() => undefined)
