import { ManualClock } from '@troupe/core/testing'
import type { Target } from '@troupe/core/internal'
import fc from 'fast-check'
import { type Bounds, readSize } from '../../dist/schedule/bounds.js'
import { Crew, type CrewOwner, type Recycling } from '../../dist/schedule/crew.js'
import type { WorkerSlot } from '../../dist/schedule/worker-slot.js'

/** Starts and ends nobody: says what was wanted. */
class Owner implements CrewOwner {
  readonly clock = new ManualClock()
  readonly spares: number
  readonly recycling: Recycling
  readonly said: string[] = []
  ready = 0

  constructor({ spares = 0, recycling = { tasks: Infinity, rss: undefined } }: Partial<CrewOwner> = {}) {
    this.spares = spares
    this.recycling = recycling
  }

  startWorker(id: string): void {
    this.said.push(`start ${id}`)
  }

  replaceWorker(id: string, why: string): void {
    this.said.push(`replace ${id} for ${why}`)
  }

  endWorker(id: string): void {
    this.said.push(`end ${id}`)
  }

  workerReady(): void {
    this.ready += 1
  }

  take(): string[] {
    return this.said.splice(0)
  }
}

const fixed = (size: number): Bounds => readSize(size, () => 1)
const target = (): Target => ({ ended: undefined }) as never
const start = (crew: Crew, pid: number | undefined = 1): void => {
  for (const slot of crew.slots) if (slot.state.phase === 'starting') crew.started(slot, target(), pid)
}
const slotOf = (crew: Crew, number: number): WorkerSlot => crew.get(`worker-${number}`) as WorkerSlot
/** It has something in hand, and then not. */
const use = (crew: Crew, slot: WorkerSlot, now = 0): void => {
  const attempt = { work: {} } as never
  slot.take(attempt, now)
  slot.drop(attempt, now)
  crew.used(slot)
  crew.rests(slot)
}

test('as many places are opened as are wanted, within the bounds, with spares beside them once there is work', () => {
  const owner = new Owner({ spares: 1 })
  const crew = new Crew(owner, fixed(2))
  crew.want(0)
  expect(owner.take()).toEqual([])
  crew.want(1)
  expect(owner.take()).toEqual(['start worker-1', 'start worker-2'])
  crew.want(9)
  expect(owner.take()).toEqual(['start worker-3'])
  expect(crew.full).toBe(false)
  start(crew)
  expect(crew.full).toBe(true)
  expect(owner.ready).toBe(3)
})

test('a worker that has had its tasks is replaced once it rests', () => {
  const owner = new Owner({ recycling: { tasks: 2, rss: undefined } })
  const crew = new Crew(owner, fixed(1))
  crew.want(1)
  start(crew)
  owner.take()
  const slot = slotOf(crew, 1)
  use(crew, slot)
  expect(owner.take()).toEqual([])
  use(crew, slot)
  expect(owner.take()).toEqual(['replace worker-1 for tasks'])
  expect(slot.state.phase).toBe('starting')
  start(crew)
  use(crew, slot)
  expect(owner.take()).toEqual([])
})

test('its memory is read at most every 250 ms, and what is too much counts when it rests', async () => {
  let mib = 10
  let reads = 0
  const read = (): Promise<number> => {
    reads += 1
    return Promise.resolve(mib)
  }
  const owner = new Owner({ recycling: { tasks: Infinity, rss: { limit: 100, read } } })
  const crew = new Crew(owner, fixed(1))
  crew.want(1)
  start(crew)
  owner.take()
  const slot = slotOf(crew, 1)
  for (let task = 0; task < 5; task += 1) use(crew, slot)
  expect(reads).toBe(1)
  await owner.clock.advance(250)
  mib = 101
  const attempt = { work: {} } as never
  slot.take(attempt, 0)
  crew.used(slot)
  await owner.clock.advance(0)
  expect(owner.take()).toEqual([])
  expect(slot.leaving).toBe('memory')
  slot.drop(attempt, 0)
  crew.rests(slot)
  expect(owner.take()).toEqual(['replace worker-1 for memory'])
})

test('workers that are idle too long end, the last first, down to as many as stay', async () => {
  const owner = new Owner()
  const crew = new Crew(owner, { min: 1, max: 3, idleTimeout: 100 })
  crew.want(3)
  start(crew)
  owner.take()
  await owner.clock.advance(60)
  use(crew, slotOf(crew, 3), 60)
  await owner.clock.advance(40)
  expect(owner.take()).toEqual(['end worker-2', 'end worker-1'])
  await owner.clock.advance(1_000)
  expect(owner.take()).toEqual([])
  expect([...crew.slots].map(({ id }) => id)).toEqual(['worker-3'])
  expect(owner.clock.pending).toBe(0)
})

test('a place for which work waits stays, and no timer runs for it', async () => {
  const owner = new Owner()
  const crew = new Crew(owner, { min: 0, max: 1, idleTimeout: 100 })
  crew.want(1)
  slotOf(crew, 1).line.push({ priority: 0 } as never)
  start(crew)
  await owner.clock.advance(500)
  expect(crew.size).toBe(1)
  expect(owner.clock.pending).toBe(0)
  slotOf(crew, 1).line.shift()
  use(crew, slotOf(crew, 1), 500)
  await owner.clock.advance(100)
  expect(crew.size).toBe(0)
})

test('a look at the times changes nothing about who is idle', async () => {
  const owner = new Owner()
  const crew = new Crew(owner, { min: 0, max: 1, idleTimeout: 100 })
  crew.want(1)
  start(crew)
  await owner.clock.advance(90)
  slotOf(crew, 1).timesAt(90)
  await owner.clock.advance(10)
  expect(crew.size).toBe(0)
})

test('those beyond a smaller size end when they rest, or when they are started, and no sooner than what waits for them is done', () => {
  const owner = new Owner()
  const crew = new Crew(owner, fixed(3))
  crew.want(2)
  start(crew)
  crew.want(3)
  owner.take()
  const attempt = { work: {} } as never
  slotOf(crew, 2).take(attempt, 0)
  crew.resize(fixed(1))
  // The third has nothing in hand: its start is taken back.
  expect(owner.take()).toEqual(['end worker-3'])
  slotOf(crew, 2).drop(attempt, 0)
  crew.rests(slotOf(crew, 2))
  expect(owner.take()).toEqual(['end worker-2'])
  crew.resize(fixed(2))
  crew.want(2)
  expect(owner.take()).toEqual(['start worker-2'])
})

test('whatever happens, there are no more places than the bounds say, and as many as are wanted', () => {
  const step = fc.oneof(
    fc.record({ kind: fc.constant('want' as const), count: fc.nat(6) }),
    fc.record({ kind: fc.constant('start' as const), count: fc.constant(0) }),
    fc.record({ kind: fc.constant('resize' as const), count: fc.integer({ min: 1, max: 5 }) }),
    fc.record({ kind: fc.constant('use' as const), count: fc.nat(6) }),
  )
  fc.assert(
    fc.property(fc.array(step, { maxLength: 50 }), fc.nat(2), (steps, spares) => {
      const owner = new Owner({ spares, recycling: { tasks: 3, rss: undefined } })
      const crew = new Crew(owner, fixed(2))
      for (const { kind, count } of steps) {
        if (kind === 'want') crew.want(count)
        else if (kind === 'start') start(crew)
        else if (kind === 'resize') crew.resize(fixed(count))
        else for (const slot of [...crew.slots].slice(0, count)) if (slot.idle) use(crew, slot)
        expect(crew.size).toBeLessThanOrEqual(crew.bounds.max + spares)
        if (kind === 'want' && count > 0)
          expect(crew.size).toBeGreaterThanOrEqual(Math.min(count, crew.bounds.max) + spares)
      }
      // Each place was started once more than it was ended.
      const started = owner.said.filter((text) => text.startsWith('start')).length
      const ended = owner.said.filter((text) => text.startsWith('end')).length
      expect(started - ended).toBe(crew.size)
    }),
  )
})
