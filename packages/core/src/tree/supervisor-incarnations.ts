/** The lives of a supervisor: started from its spec, as a child of another or of the system, behind one handle. */
import type { Cell } from '../actor/cell.js'
import type { Described } from '../definition/child-spec.js'
import type { SupervisorEvent } from '../definition/supervisor-event.js'
import { ActorDownError } from '../errors/kinds.js'
import { isClean, type Reason } from '../errors/reason.js'
import { EventStream, type NewEvent } from '../events/observer.js'
import type { Hosts } from '../host/hosts.js'
import { idOf } from '../message/address.js'
import type { Clock } from '../ports/clock.js'
import type { Signal } from '../ports/signal.js'
import type { Target } from '../ref/target.js'
import type { HostBehind } from '../supervisor/end-life.js'
import type { ChildPlan, Incarnations } from '../supervisor/incarnations.js'
import type { SupervisorObserver, SupervisorView } from '../supervisor/observer.js'
import { type RestartSettings, type SupervisorSettings, supervisorSettings } from '../supervisor/settings.js'
import type { SupervisorInput } from '../supervisor/input.js'
import { supervisor } from '../supervisor/supervisor.js'
import { ActorIncarnations, type ActorHome } from './actor-incarnations.js'
import type { Supervised } from './supervising-handle.js'
import { SupervisorHandle } from './supervisor-handle.js'

/** What a tree needs of the system that it grows in. */
export interface TreeHome extends ActorHome {
  readonly clock: Clock
  readonly hosts: Hosts
  emit(event: NewEvent): void
}

type Rules = RestartSettings & Pick<SupervisorInput, 'strategy' | 'autoShutdown' | 'maxChildren'>

/** Whatever its children are: one life of a supervisor after the other, and what others see of them. */
export class SupervisorLives implements Supervised {
  readonly home: TreeHome
  readonly events$: EventStream<SupervisorEvent> = new EventStream()
  readonly plans: readonly ChildPlan[]
  readonly #title: string
  readonly #rules: Rules
  #view: SupervisorView | undefined
  /** The last life, or the one that is. */
  #life: Target | undefined

  constructor(home: TreeHome, title: string, rules: Rules, children: readonly Described[]) {
    this.home = home
    this.#title = title
    this.#rules = rules
    this.plans = children.map((child) => planOf(home, child))
  }

  get view(): SupervisorView | undefined {
    return this.#view
  }

  get life(): Target | undefined {
    return this.#life
  }

  /** As a child of `parent`; of the system itself for undefined. */
  async start(parent: Target | undefined, number: number, signal: Signal | undefined): Promise<Target | undefined> {
    const title = this.#title
    const life = { child: title, incarnation: number, handover: Infinity }
    const options = { title, signal, ...(parent === undefined ? {} : { life }) }
    return this.home.spawner.start(supervisor, this.#input(), options, parent as Cell | undefined, false)
  }

  handleOf(id: string): unknown {
    const plan = this.#view?.get(id) ?? this.plans.find((each) => each.id === id)
    return plan?.incarnations.handle
  }

  planOf(described: Described, key?: string): ChildPlan {
    return planOf(this.home, described, key)
  }

  close(reason: Reason): void {
    for (const { incarnations } of this.plans) incarnations.close(reason)
  }

  end(reason: Reason): void {
    for (const { incarnations } of this.plans) incarnations.end(reason)
    this.events$.complete()
  }

  #input(): SupervisorInput {
    const { home } = this
    return {
      ...this.#rules,
      clock: home.clock,
      children: this.plans,
      observer: this.#observer(),
      refOf: (life) => home.refOf(life),
      hostBehind: (life) => sharedHost(home.hosts, life),
    }
  }

  #observer(): SupervisorObserver {
    return {
      opened: (view, self) => this.#opened(view, self),
      started: ({ id: child }, life, restarts) => {
        const id = idOf(life.address)
        if (restarts === 0) return this.#tell({ type: 'spawned', id, child })
        this.#tell({ type: 'restarted', id, child, restarts })
        this.home.emit({ type: 'restarted', id, child, restarts })
      },
      ended: ({ id: child }, life, reason) => {
        const id = idOf(life.address)
        if (!isClean(reason)) {
          const error = reason.error ?? new ActorDownError(reason, { actor: child })
          this.#tell({ type: 'crashed', id, child, error })
        }
        this.#tell({ type: 'down', id, child, reason })
      },
      failed: ({ id: child }, error) => this.#tell({ type: 'crashed', id: this.#id, child, error }),
      gaveUp: (error) => {
        this.#tell({ type: 'escalated', id: this.#id, error })
        this.home.emit({ type: 'escalated', id: this.#id, name: this.#title, error })
      },
    }
  }

  #opened(view: SupervisorView, self: Target): void {
    this.#view = view
    this.#life = self
    self.onEnd((reason) => {
      view.over(reason)
      if (this.#view === view) this.#view = undefined
    })
  }

  get #id(): string {
    return this.#life === undefined ? '' : idOf(this.#life.address)
  }

  #tell(event: WithoutTime<SupervisorEvent>): void {
    this.events$.emit({ at: this.home.clock.now(), ...event } as SupervisorEvent)
  }
}

type WithoutTime<E> = E extends unknown ? Omit<E, 'at'> : never

/** A supervisor that is a child of another. */
export class SupervisorIncarnations implements Incarnations {
  readonly handle: SupervisorHandle
  readonly #lives: SupervisorLives

  constructor(home: TreeHome, id: string, settings: SupervisorSettings) {
    this.#lives = livesOf(home, id, settings)
    this.handle = new SupervisorHandle(this.#lives, settings.autoShutdown)
  }

  start(parent: Target, number: number, signal: Signal): Promise<Target | undefined> {
    return this.#lives.start(parent, number, signal)
  }

  close(reason: Reason): void {
    this.#lives.close(reason)
  }

  end(reason: Reason): void {
    this.#lives.end(reason)
  }
}

/** The lives that a spec describes. */
export function livesOf(home: TreeHome, title: string, settings: SupervisorSettings): SupervisorLives {
  const { children, ...rules } = settings
  return new SupervisorLives(home, title, { ...rules, maxChildren: Infinity }, children)
}

/** What a supervisor must know of a described child. */
export function planOf(home: TreeHome, described: Described, key: string = described.id): ChildPlan {
  const { id, type, restart, shutdown, significant } = described
  return { key, id, type, restart, shutdown, significant, incarnations: incarnationsOf(home, described) }
}

function incarnationsOf(home: TreeHome, { id, body }: Described): Incarnations {
  if (body.kind === 'actor') return new ActorIncarnations(home, id, body)
  if (body.kind === 'own') return body.found(home as never) as Incarnations
  return new SupervisorIncarnations(home, id, supervisorSettings(body.spec))
}

/** One that a life has to itself is killed with it. */
function sharedHost(hosts: Hosts, life: Target): HostBehind | undefined {
  const host = hosts.get(life.address.host)
  return host?.use === 'shared' ? host : undefined
}
