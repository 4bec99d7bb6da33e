/** Supervisors of workers that end in each way when told to, on a clock that is turned by hand. */
import { child, type ChildOptions, defineActor, type Reason, type Supervising } from '@troupe/core'
import { ActorSystem } from '@troupe/core/internal'
import { ManualClock } from '@troupe/core/testing'

export interface Scene {
  readonly clock: ManualClock
  readonly system: ActorSystem
  /** `start a` when its init runs, `stop a` when it stops by being asked, `crash a …` and so on never: see `events`. */
  readonly log: string[]
  /** What the next starts do, by id; without an entry they succeed. */
  readonly starts: Map<string, (() => unknown)[]>
  /** A worker as a child; its input is its id. */
  of(id: string, options?: ChildOptions<'here'>): ReturnType<typeof workerChild>
  /** Lets all that follows from an event happen; no time passes. */
  quiet(): Promise<void>
}

export const worker = (log: string[], starts: Map<string, (() => unknown)[]>) =>
  defineActor({
    init: (id: string) => {
      log.push(`start ${id}`)
      return (starts.get(id)?.shift()?.() ?? id) as string
    },
    on: {
      fail() {
        throw new Error('failed')
      },
      quit: (_, reason: Reason, ctx) => ctx.exit(reason),
      id: (id) => id,
    },
    onStop: (id) => void log.push(`stop ${id}`),
  })

const workerChild = (id: string, definition: ReturnType<typeof worker>, options: ChildOptions<'here'>) =>
  child(id, definition, id, options)

export function scene(): Scene {
  const clock = new ManualClock()
  const system = new ActorSystem({ name: 'test', clock, askTimeout: undefined, host: 1 })
  system.events$.subscribe(() => undefined)
  const log: string[] = []
  const starts = new Map<string, (() => unknown)[]>()
  const definition = worker(log, starts)
  return {
    clock,
    system,
    log,
    starts,
    of: (id, options = {}) => workerChild(id, definition, options),
    quiet: () => clock.advance(0),
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
    const more = event.type === 'down' ? ` ${event.reason.type}` : event.type === 'restarted' ? ` ${event.restarts}` : ''
    events.push(`${event.type}${child}${more}`)
  })
  return events
}

export const failing = (): never => {
  throw new Error('no start')
}

export const never = (): Promise<never> => new Promise(() => undefined)
