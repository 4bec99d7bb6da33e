/** A system for each test of a file, ended after it, and the places where its actors may live. */
import {
  type ActorDefinition,
  createSystem,
  type Host,
  type Placement,
  type RefOf,
  type RemoteActor,
  type System,
} from '@troupe/core'
import { memoryHost, memoryModule } from './memory-host.js'

export interface Crew {
  /** The system of the running test. Reports of crashes are switched off in it. */
  readonly system: System
  /** Spawns in `place`. */
  spawn<A extends ActorDefinition<any, any>>(place: Place, definition: A, input?: unknown): Promise<RefOf<A>>
  /** The placement for a remote name in `place`. */
  on(place: Exclude<Place, 'here'>): Promise<Placement<'elsewhere'>>
}

/** In this thread; in a host of its own behind a memory channel; in such a host with all others of the test. */
export type Place = 'here' | 'elsewhere' | 'shared'
export const places: readonly [Place, Place, Place] = ['here', 'elsewhere', 'shared']

export function crew(): Crew {
  let system: System
  let shared: Promise<Host> | undefined
  beforeEach(() => {
    system = createSystem({ name: 'test' })
    system.events$.subscribe(() => undefined)
    shared = undefined
  })
  afterEach(() => system.stop({ timeout: 200 }))
  const on = async (place: Place): Promise<Placement<'elsewhere'>> =>
    place === 'shared' ? await (shared ??= system.launch(memoryHost())) : memoryHost()
  return {
    get system() {
      return system
    },
    on,
    async spawn(place, definition, input) {
      if (place === 'here') return system.spawn(definition, input as never)
      const { actor } = memoryModule({ actor: definition })
      return system.spawn(actor as RemoteActor<any, any>, input as never, { on: await on(place) }) as never
    },
  }
}
