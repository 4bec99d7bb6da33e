/** Pools, their system and their desk live for one test, whatever becomes of it. */
import { createSystem, type System } from '@troupe/core'
import { createPool, type Initializer, type Pool, type PoolEvent, type PoolOptions } from '@troupe/pool'
import { type Desk, createDesk } from './desk.js'
import { workers } from './place.js'

type AnyFunction = (...args: any) => any

let system: System | undefined
const pools: Pool[] = []
const desks: Desk[] = []

/** The system of this test. */
export function testSystem(): System {
  if (system === undefined) {
    system = createSystem({ name: 'test' })
    // Crashes that nobody observes are written to stderr.
    system.events$.subscribe(() => undefined)
  }
  return system
}

export function newPool<F extends AnyFunction = () => void>(options?: PoolOptions & Initializer<F>): Pool {
  const pool = createPool<F>({ system: testSystem(), on: workers(), ...options } as PoolOptions & Initializer<F>)
  pools.push(pool)
  return pool
}

export async function newDesk(): Promise<Desk> {
  const desk = await createDesk(testSystem())
  desks.push(desk)
  return desk
}

/** A pool for all tests of a file: a fresh one for each would spend most of the time on starting processes. */
export function sharedPool(size: number): () => Pool {
  let shared: Pool | undefined
  afterAll(() => shared?.terminate())
  return () => (shared ??= createPool({ size, on: workers() }))
}

/** All events of `pool` from now on. */
export function eventsOf(pool: Pool): PoolEvent[] {
  const events: PoolEvent[] = []
  pool.events$.subscribe((event) => void events.push(event))
  return events
}

/** The next event of that type. */
export function eventOf<T extends PoolEvent['type']>(pool: Pool, type: T): Promise<PoolEvent & { type: T }> {
  return new Promise((resolve) => {
    const subscription = pool.events$.subscribe((event) => {
      if (event.type !== type) return
      subscription.unsubscribe()
      resolve(event as PoolEvent & { type: T })
    })
  })
}

afterEach(async () => {
  for (const desk of desks.splice(0)) desk.open()
  await Promise.all(pools.splice(0).map((pool) => pool.terminate()))
  const ended = system
  system = undefined
  await ended?.stop()
})
