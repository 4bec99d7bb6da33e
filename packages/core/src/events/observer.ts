/** The one place where lives, crashes and drops are told: to subscribers, or of a crash to stderr. */
import type { Undelivered } from '../actor/refusing.js'
import type { SystemEvent } from '../definition/system.js'
import { portableError, portableReason } from '../message/wire-error.js'
import type { Clock } from '../ports/clock.js'
import type { Events, Observer as Subscriber } from '../ports/events.js'
import { type DiagnosticsChannel, diagnosticsChannel } from '../process/diagnostics.js'
import type { Population } from './population.js'

export type NewEvent = WithoutTime<SystemEvent>
type WithoutTime<E> = E extends unknown ? Omit<E, 'at'> : never

export class EventStream<T> implements Events<T> {
  declare [Symbol.observable]: () => Events<T>
  readonly #subscribers = new Set<Subscriber<T>>()

  constructor() {
    const key = Symbol.observable as symbol | undefined
    if (key !== undefined) Object.defineProperty(this, key, { value: () => this })
  }

  get observed(): boolean {
    return this.#subscribers.size > 0
  }

  subscribe(observer: Subscriber<T> | ((value: T) => void)): { unsubscribe(): void } {
    const subscriber = typeof observer === 'function' ? { next: observer } : observer
    this.#subscribers.add(subscriber)
    return { unsubscribe: () => void this.#subscribers.delete(subscriber) }
  }

  emit(event: T): void {
    this.#tell((subscriber) => subscriber.next?.(event))
  }

  complete(): void {
    this.#tell((subscriber) => subscriber.complete?.())
    this.#subscribers.clear()
  }

  #tell(each: (subscriber: Subscriber<T>) => void): void {
    for (const subscriber of [...this.#subscribers]) {
      try {
        each(subscriber)
      } catch (error) {
        print('Troupe: a subscriber of events threw:', error)
      }
    }
  }

  /** Where rxjs and xstate look when no polyfill defines `Symbol.observable`. */
  '@@observable'(): Events<T> {
    return this
  }
}

export class Observer {
  readonly events$: EventStream<SystemEvent> = new EventStream()
  readonly #system: string
  readonly #clock: Clock
  readonly #population: Population
  readonly #diagnostics = openDiagnostics()
  /** In a host: passes events on to the root, which alone reports. */
  forward: ((event: SystemEvent) => void) | undefined
  /** Actors that have lost a message already: one report each is enough. */
  readonly #overloaded = new Set<string>()

  constructor(system: string, clock: Clock, population: Population) {
    this.#system = system
    this.#clock = clock
    this.#population = population
  }

  emit(event: NewEvent): void {
    this.relay({ at: this.#clock.now(), ...event } as SystemEvent)
  }

  /** An event that has its time already: one of another host. */
  relay(event: SystemEvent): void {
    this.#population.observe(event)
    this.#publish(event)
    if (event.type === 'down') this.#overloaded.delete(event.id)
    if (this.forward !== undefined) this.forward(event)
    else if ((event.type === 'crashed' || event.type === 'escalated') && !this.events$.observed) report(event)
    this.events$.emit(event)
  }

  #publish(event: SystemEvent): void {
    const channel = this.#diagnostics[event.type]
    if (channel?.hasSubscribers !== true) return
    const { type: _, ...about } = event
    channel.publish({ system: this.#system, ...about })
  }

  /** A message that will not be handled. Told once an actor while its mailbox is full. */
  dropped(to: { id: string; label: string; capacity: number }, name: string, arg: unknown, why: Undelivered): void {
    if (why !== 'down' && why !== 'unknown') {
      if (this.#overloaded.has(to.id)) return
      this.#overloaded.add(to.id)
      this.emit({ type: 'overload', id: to.id, to: to.id, capacity: to.capacity })
    }
    this.emit({ type: 'deadLetter', id: to.id, to: to.id, message: { name, arg }, policy: why })
  }
}

/** Of the events that have one: a channel each. */
function openDiagnostics(): Partial<Record<SystemEvent['type'], DiagnosticsChannel>> {
  return {
    spawned: diagnosticsChannel('troupe:actor:spawn'),
    down: diagnosticsChannel('troupe:actor:down'),
    deadLetter: diagnosticsChannel('troupe:actor:deadletter'),
    hostUp: diagnosticsChannel('troupe:host:up'),
    hostDown: diagnosticsChannel('troupe:host:down'),
  }
}

/** An event as another host can be told it: whatever was thrown is an error there. */
export function portableEvent(event: SystemEvent): SystemEvent {
  if ('error' in event) return { ...event, error: portableError(event.error) }
  return event.type === 'down' ? { ...event, reason: portableReason(event.reason) } : event
}

function report(event: SystemEvent & { type: 'crashed' | 'escalated' }): void {
  const who = event.name === undefined ? event.id : `${event.name} (${event.id})`
  const error = event.error as { remoteStack?: string; stack?: string } | undefined
  const what = event.type === 'crashed' ? 'crashed' : 'gave up'
  print(`Troupe: ${who} ${what}:`, error?.remoteStack || error?.stack || error)
}

/** The runtime's own console; core knows no stderr. */
function print(...parts: unknown[]): void {
  ;(globalThis as unknown as { console: { error(...parts: unknown[]): void } }).console.error(...parts)
}
