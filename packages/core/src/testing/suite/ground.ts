/** A system for one case, and an eye on the hosts that are started for it. */
import type { ActorDefinition, RemoteActor, SpawnOptions } from '../../definition/spawn.js'
import type { System } from '../../definition/system.js'
import type { Channel } from '../../ports/channel.js'
import type { Launch, Launcher, Placement, Reach } from '../../ports/placement.js'
import type { ActorRef } from '../../ref/actor-ref.js'
import { createSystem } from '../../system/create-system.js'
import type * as actors from '../actors.js'
import { createProbe, type Probe } from '../probe.js'
import { pause, type Scope } from './case.js'
import { check } from './check.js'

type Actors = typeof actors
type Named<T> = T extends ActorDefinition<infer I, infer P> ? ActorDefinition<I, P> | RemoteActor<I, P> : never
/** The actors of `@troupe/core/testing/actors` as the placement takes them: named, or themselves. */
export type TestActors = { readonly [K in keyof Actors]: Named<Actors[K]> }
type Input<K extends keyof Actors> = Actors[K] extends ActorDefinition<infer I, any> ? I : never
type Protocol<K extends keyof Actors> = Actors[K] extends ActorDefinition<any, infer P> ? P : never

/** What `placementSuite` needs. */
export interface PlacementSetup {
  /** The placement to be tested; made anew for each actor. `system` is the case's own. */
  placement(system: System): Placement | Promise<Placement>
  readonly actors: TestActors
  /** Whether what `launch` started is running still: where that can be found out. */
  isAlive?(launch: Launch): boolean
}

interface Watched {
  readonly launch: Launch
  state: 'open' | 'closed'
}

export class Ground {
  readonly system: System
  readonly probe: Probe<any>
  readonly #setup: PlacementSetup
  readonly #launches: Watched[] = []

  private constructor(setup: PlacementSetup, system: System, probe: Probe<any>) {
    this.#setup = setup
    this.system = system
    this.probe = probe
  }

  static async lay(setup: PlacementSetup, scope: Scope): Promise<Ground> {
    const system = createSystem({ name: 'suite' })
    // Crashes are what the cases are about: none is to be printed.
    system.events$.subscribe(() => undefined)
    scope.defer(() => system.stop({ timeout: 500 }))
    return new Ground(setup, system, await createProbe(system))
  }

  async spawn<K extends keyof Actors>(
    name: K,
    input: Input<K>,
    options: Omit<SpawnOptions, 'on'> = {},
  ): Promise<ActorRef<Protocol<K>>> {
    const on = this.#watched(await this.#setup.placement(this.system))
    const spawn = this.system.spawn as unknown as (...given: unknown[]) => Promise<ActorRef<Protocol<K>>>
    return spawn(this.#setup.actors[name], input, { ...options, on })
  }

  /** Looks again and again; the case's deadline bounds it. */
  async until(holds: () => boolean): Promise<void> {
    while (!holds()) await pause(2)
  }

  /** All hosts that were started have ended. */
  async allGone(): Promise<void> {
    await Promise.all(this.#launches.map(({ launch }) => launch.gone))
  }

  async leavesNothing(name: string): Promise<void> {
    await this.allGone()
    check(`whereis('${name}')`, await this.system.whereis(name), undefined)
    const next = await this.spawn('counter', { start: 1 }, { name } as never)
    check('The answer of the next of that name', await next.ask('get'), 1)
  }

  /** Channels that have not ended, and what runs behind them. */
  stillThere(): string[] {
    return this.#launches.flatMap(({ launch, state }, index) => [
      ...(state === 'open' ? [`the channel of host ${index}`] : []),
      ...(this.#setup.isAlive?.(launch) === true ? [`what runs behind host ${index}`] : []),
    ])
  }

  #watched(placement: Placement): Placement {
    const { launch } = placement as Partial<Launcher<Reach>>
    if (launch === undefined) return placement
    return {
      ...(placement as Launcher<Reach>),
      launch: (context) => this.#watch(launch.call(placement, context)),
    } as Launcher<Reach>
  }

  #watch(launch: Launch): Launch {
    const watched: Watched = { launch, state: 'open' }
    this.#launches.push(watched)
    return {
      channel: withEnd(launch.channel, () => {
        watched.state = 'closed'
      }),
      codec: launch.codec,
      pid: launch.pid,
      greeted: () => launch.greeted(),
      drain: (grace) => launch.drain(grace),
      kill: () => launch.kill(),
      gone: launch.gone,
    }
  }
}

/** `onEnd` is told before the receiver. */
function withEnd(channel: Channel, onEnd: () => void): Channel {
  const watched: Channel = {
    send: (bytes) => channel.send(bytes),
    open: (events) =>
      channel.open({
        onData: (chunk) => events.onData(chunk),
        onDrain: () => events.onDrain(),
        onClose: () => {
          onEnd()
          events.onClose()
        },
      }),
    close: () => channel.close(),
    destroy: () => channel.destroy(),
  }
  if (channel.flushNow === undefined) return watched
  return { ...watched, flushNow: (rest, deadline) => channel.flushNow?.(rest, deadline) }
}
