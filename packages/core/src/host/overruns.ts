/**
 * Ends actors that are at one message for too long: those of this host, and those in hosts that it has started, which
 * report how they get on. One that blocks its thread cannot be ended here; elsewhere it is.
 */
import type { Cell } from '../actor/cell.js'
import { RunTime } from '../actor/run-time.js'
import type { NewEvent } from '../events/observer.js'
import { idOf } from '../message/address.js'
import type { Peer } from '../peer/peer.js'
import type { Clock } from '../ports/clock.js'
import type { Target } from '../ref/target.js'
import type { StartedHost } from './started-host.js'
import { Watchdog } from './watchdog.js'

/** How long a host with several actors may take to end one of them, in milliseconds. */
const KILL_GRACE = 1_000

/** What is needed of the system. */
export interface OverrunKeeper {
  readonly clock: Clock
  emit(event: NewEvent): void
}

/** What an actor is called in events, which child it is a life of, and how long it may be at one message, in milliseconds. */
export interface Bounded {
  readonly name: string | undefined
  readonly child: string | undefined
  readonly maxRunTime: number
}

export class Overruns {
  readonly #system: OverrunKeeper
  /** Of actors elsewhere, by id. */
  readonly #watchdogs = new Map<string, Watchdog>()

  constructor(system: OverrunKeeper) {
    this.#system = system
  }

  /** Of an actor of this host. */
  bound(cell: Cell, bounded: Bounded): void {
    const { clock } = this.#system
    const id = idOf(cell.address)
    const watchdog = new Watchdog(bounded.maxRunTime, clock, (ran) => {
      this.#tell(id, bounded, ran)
      cell.kill()
    })
    cell.onEnd(() => watchdog.end())
    cell.runTime = new RunTime(bounded.maxRunTime, clock, {
      busy: () => watchdog.busy(),
      idle: () => watchdog.idle(),
      overran: (ran) => this.#tell(id, bounded, ran),
    })
  }

  /** Of an actor of this host, to the one that has spawned it: only there time goes on while the actor blocks. */
  report(cell: Cell, peer: Peer, maxRunTime: number): void {
    const { actor } = cell.address
    const tell = (name: 'busy' | 'idle'): void => {
      peer.note(name, actor)
      // Whatever comes next may block this thread.
      peer.flush()
    }
    cell.runTime = new RunTime(maxRunTime, this.#system.clock, { busy: () => tell('busy'), idle: () => tell('idle') })
    if (cell.phase === 'running' && !cell.free) cell.runTime.next()
  }

  /** Of an actor in another host, which reports. To be called before its first report may come. */
  watch(host: StartedHost, target: Target, bounded: Bounded): void {
    const { clock } = this.#system
    const id = idOf(target.address)
    const watchdog = new Watchdog(bounded.maxRunTime, clock, (ran) => {
      this.#tell(id, bounded, ran)
      target.kill()
      if (host.use === 'shared') this.#endWithHost(host, target)
    })
    this.#watchdogs.set(id, watchdog)
    target.onEnd(() => {
      watchdog.end()
      this.#watchdogs.delete(id)
    })
  }

  /** What a host says of one of its actors; of those that nobody bounds it says nothing that matters. */
  reported(host: number, actor: number, how: 'busy' | 'idle'): void {
    this.#watchdogs.get(idOf({ host, actor, incarnation: 0 }))?.[how]()
  }

  /** A thread that an actor blocks hears of no kill. */
  #endWithHost(host: StartedHost, target: Target): void {
    const { clock } = this.#system
    const timer = clock.setTimeout(() => host.kill(), KILL_GRACE)
    timer.unref?.()
    target.onEnd(() => clock.clearTimeout(timer))
  }

  #tell(id: string, { name, child, maxRunTime }: Bounded, ran: number): void {
    const about = { id, ...(name === undefined ? {} : { name }), ...(child === undefined ? {} : { child }) }
    this.#system.emit({ type: 'overrun', ...about, ran, maxRunTime })
  }
}
