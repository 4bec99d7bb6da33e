/** A supervisor's children at each place, a desk that notes what they do, and what is told of them. */
import {
  type ActorRef,
  child,
  type ChildSpec,
  defineActor,
  type Launcher,
  type Placement,
  type Supervising,
  type Supervisor,
  type SupervisorEvent,
  type SupervisorSpec,
  type System,
  type SystemEvent,
} from '@troupe/core'
import { childProcess, remote, workerThread } from '@troupe/transport-node'
import { type Desk, type Gate, type Start, worker } from '../fixtures/workers.js'
import { stopSystems, testSystem, until } from './support.js'

export type Home = 'here' | 'thread' | 'process' | 'shared process'
export const homes: readonly Home[] = ['here', 'thread', 'process', 'shared process']

const workers = remote<typeof import('../fixtures/workers.js')>(new URL('../fixtures/workers.js', import.meta.url))

type Protocol = typeof worker extends import('@troupe/core').ActorDefinition<any, infer P> ? P : never
export type Worker = ActorRef<Protocol>

export type WorkerSpec = ChildSpec<string, Worker, 'worker'>
export type Team = Supervisor<readonly WorkerSpec[]>

export interface WorkerOptions {
  readonly restart?: 'permanent' | 'transient' | 'temporary'
  readonly significant?: boolean
  readonly shutdown?: 'brutal_kill' | number
  readonly handover?: number
  readonly name?: string
  /** It joins that group. */
  readonly group?: string
}

export interface Crew {
  readonly system: System
  /** All that the system has told. */
  readonly events: SystemEvent[]
  /** Starts, stops and records, in order. */
  readonly lines: string[]
  /** What the next starts of a child do. */
  script(id: string, ...starts: Start[]): void
  /** A child at that home. */
  worker(id: string, options?: WorkerOptions): WorkerSpec
  /** A supervisor of such children, whose budget is large unless told otherwise. */
  supervise(spec: Partial<SupervisorSpec<readonly WorkerSpec[]>>): Promise<{ app: Team; told: Told }>
  /** Where it lives, unless that is here. */
  readonly on: Placement<'elsewhere'> | undefined
  gate(): Promise<{ ref: Gate; open(): void }>
  /** Resolves once that has been noted so many times. */
  noted(line: string, times?: number): Promise<void>
}

const gates: (() => void)[] = []

export async function crewAt(home: Home): Promise<Crew> {
  const { system, events } = testSystem()
  const lines: string[] = []
  const scripts = new Map<string, Start[]>()
  const desk: Desk = await system.spawn(
    defineActor({
      init: () => undefined,
      on: {
        start(_: undefined, id: string): Start {
          lines.push(`start ${id}`)
          return scripts.get(id)?.shift() ?? 'ready'
        },
        note(_: undefined, line: string): void {
          lines.push(line)
        },
      },
    }),
  )
  const on = await placementAt(system, home)
  return {
    system,
    events,
    lines,
    on,
    script: (id, ...starts) => void scripts.set(id, starts),
    worker(id, { group, ...options } = {}) {
      const input = { id, desk, ...(group === undefined ? {} : { group }) }
      return (
        on === undefined
          ? child(id, worker, input, options as object)
          : child(id, workers.worker, input, { ...(options as object), on })
      ) as WorkerSpec
    },
    async supervise(spec) {
      const app = await system.supervise<readonly WorkerSpec[]>({ intensity: 100, children: [], ...spec })
      return { app, told: new Told(app) }
    },
    gate: () => newGate(system),
    noted: (line, times = 1) =>
      until(() => lines.filter((each) => each === line).length >= times, `${times} x '${line}' in ${lines.join(', ')}`),
  }
}

/** Opens what is closed still, so that nobody waits, and stops the systems. */
export async function endCrews(): Promise<void> {
  for (const open of gates.splice(0)) open()
  await stopSystems()
}

/** What a supervisor tells of its children from now on. */
export class Told {
  readonly all: SupervisorEvent[] = []

  constructor(app: Supervising) {
    app.events$.subscribe((event) => this.all.push(event))
  }

  of(type: SupervisorEvent['type'], id: string): SupervisorEvent[] {
    return this.all.filter((event) => event.type === type && (event as { child?: string }).child === id)
  }

  /** Does `work`, and resolves once one more such event of that child has been told. */
  async next(type: SupervisorEvent['type'], id: string, work: () => unknown): Promise<any> {
    const before = this.of(type, id).length
    work()
    await until(() => this.of(type, id).length > before, `${id} ${type}`)
    return this.of(type, id)[before]
  }
}

/** By id, as `which()` lists them. */
export const statuses = (app: Supervising): Record<string, string> =>
  Object.fromEntries(app.which().map(({ id, status }) => [id, status]))

async function placementAt(system: System, home: Home): Promise<Placement<'elsewhere'> | undefined> {
  const launcher = (): Launcher => (home === 'thread' ? workerThread() : childProcess())
  if (home === 'here') return undefined
  return home === 'shared process' ? system.launch(launcher()) : launcher()
}

async function newGate(system: System): Promise<{ ref: Gate; open(): void }> {
  let open = (): void => undefined
  const opened = new Promise<void>((resolve) => {
    open = resolve
  })
  gates.push(open)
  const ref = await system.spawn(defineActor({ init: () => undefined, on: { pass: (): Promise<void> => opened } }))
  return { ref, open }
}
