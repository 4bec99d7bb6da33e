/** A system for each test of a file, ended after it, and the places where its actors may live. */
import { type ActorDefinition, createSystem, type RefOf, type RemoteActor, type System } from '@troupe/core'
import { memoryHost, memoryModule } from './memory-host.js'

export interface Crew {
  /** The system of the running test. Reports of crashes are switched off in it. */
  readonly system: System
  /** Spawns in `place`: in this thread, or in a host of its own behind a memory channel. */
  spawn<A extends ActorDefinition<any, any>>(place: Place, definition: A, input?: unknown): Promise<RefOf<A>>
}

export type Place = 'here' | 'elsewhere'
export const places: readonly [Place, Place] = ['here', 'elsewhere']

export function crew(): Crew {
  let system: System
  beforeEach(() => {
    system = createSystem({ name: 'test' })
    system.events$.subscribe(() => undefined)
  })
  afterEach(() => system.stop({ timeout: 200 }))
  return {
    get system() {
      return system
    },
    spawn(place, definition, input) {
      if (place === 'here') return system.spawn(definition, input as never)
      const { actor } = memoryModule({ actor: definition })
      return system.spawn(actor as RemoteActor<any, any>, input as never, { on: memoryHost() }) as never
    },
  }
}
