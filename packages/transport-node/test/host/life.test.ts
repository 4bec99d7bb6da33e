/** Every way through a host's life, taken from the machine itself; and what each state does with each event. */
import type { Clock, HostEnd } from '@troupe/core'
import { hostLife, type LifeEvent, startLife } from '@troupe/transport-node/internal'
import { type AnyMachineSnapshot, createActor, SimulatedClock } from 'xstate'
import { getShortestPaths, getSimplePaths } from 'xstate/graph'

const GRACE = 40
const ENDING_GRACE = 1_000

const events = {
  RUNNING: { type: 'RUNNING' },
  GREETED: { type: 'GREETED' },
  FITS: { type: 'FITS' },
  OOM: { type: 'OOM', error: 'too much' },
  DRAIN: { type: 'DRAIN', grace: GRACE },
  KILL: { type: 'KILL' },
  CLOSED: { type: 'CLOSED' },
  EXITED: { type: 'EXITED', code: 3, signal: null },
  FAILED: { type: 'FAILED', error: 'failed' },
} satisfies Record<LifeEvent['type'], LifeEvent>

const all = Object.values(events) as LifeEvent[]
/** What time does: XState sends these to itself. */
const times = [
  { type: `xstate.after.grace.process host.draining` },
  { type: `xstate.after.endingGrace.process host.ending` },
]

const serializeState = ({ value, context }: AnyMachineSnapshot): string => JSON.stringify([value, context])
const traversal = {
  events: [...all, ...times] as never,
  serializeState: serializeState as never,
  // A machine that is done takes no more events; its transitions alone do not say so.
  stopWhen: (({ status }: AnyMachineSnapshot) => status === 'done') as never,
}

/** A life on a clock of the test, with what it did to process and channel, and how often it had its memory measured. */
class Watched {
  readonly did: ('kill' | 'drop')[] = []
  measured = 0
  readonly clock = new SimulatedClock()
  readonly #life = startLife(
    { kill: () => this.did.push('kill'), drop: () => this.did.push('drop'), measure: () => (this.measured += 1) },
    this.clock as unknown as Clock,
  )
  end: HostEnd | undefined

  constructor() {
    void this.#life.gone.then((end) => {
      this.end = end
    })
  }

  async take(event: { readonly type: string }): Promise<void> {
    if (event.type.startsWith('xstate.after.grace')) this.clock.increment(GRACE)
    else if (event.type.startsWith('xstate.after.endingGrace')) this.clock.increment(ENDING_GRACE)
    else if (!event.type.startsWith('xstate.')) this.#life.send(event as LifeEvent)
    await Promise.resolve()
  }
}

const typesOf = (path: { steps: readonly { event: { type: string } }[] }): string[] =>
  path.steps.map(({ event }) => event.type)

const paths = getSimplePaths(hostLife, traversal)

test('the paths lead through all states, and through all events in most of them', () => {
  const states = new Set(paths.map((path) => path.state.value))
  expect(states).toEqual(new Set(['starting', 'greeting', 'ready', 'draining', 'ending', 'gone']))
  expect(paths.length).toBeGreaterThan(100)
  const seen = new Set(paths.flatMap((path) => typesOf(path)))
  // No path goes by what leaves all as it is.
  for (const { type } of [...all, ...times]) if (type !== 'FITS') expect(seen).toContain(type)
})

test('on every path a life is over exactly when both channel and process are, or it never began', async () => {
  for (const path of paths) {
    const life = new Watched()
    const taken: string[] = []
    for (const { event } of path.steps) {
      await life.take(event)
      taken.push(event.type)
      const closed = taken.includes('CLOSED') || life.did.includes('drop')
      const over = (closed && taken.includes('EXITED')) || taken.includes('FAILED')
      expect({ taken, over: life.end !== undefined }).toEqual({ taken, over })
    }
    expect({ taken, over: life.end !== undefined }).toEqual({ taken, over: path.state.value === 'gone' })
  }
})

test('on every path the process is killed only when somebody said so, it holds too much, its time to end was over, or it outlived its channel', async () => {
  for (const path of paths) {
    const life = new Watched()
    const taken: string[] = []
    for (const { event } of path.steps) {
      const [kills, drops] = ['kill', 'drop'].map((what) => life.did.filter((each) => each === what).length)
      await life.take(event)
      const killed = life.did.filter((each) => each === 'kill').length - kills!
      const dropped = life.did.filter((each) => each === 'drop').length - drops!
      const outlived = taken.includes('CLOSED') && !taken.includes('EXITED')
      const allowed =
        event.type === 'OOM' ||
        event.type === 'KILL' ||
        event.type.includes('after.grace') ||
        (event.type.includes('endingGrace') && outlived)
      taken.push(event.type)
      expect({ taken, killed }).toEqual({ taken, killed: killed > 0 && allowed ? 1 : 0 })
      if (event.type === 'OOM' || event.type === 'KILL') expect({ taken, killed }).toEqual({ taken, killed: 1 })
      if (dropped > 0) {
        const exited = taken.includes('EXITED') && event.type.includes('endingGrace')
        expect({ taken, dropped, reason: exited || event.type === 'FAILED' }).toEqual({
          taken,
          dropped: 1,
          reason: true,
        })
      }
    }
  }
})

test('on every path the end tells how the process ended, and whether we killed it', async () => {
  for (const path of paths.filter(({ state }) => state.value === 'gone')) {
    const life = new Watched()
    for (const { event } of path.steps) await life.take(event)
    const taken = typesOf(path)
    const exited = taken.includes('EXITED')
    const oom = taken.includes('OOM')
    expect(life.end).toEqual({
      code: exited ? 3 : null,
      signal: null,
      killed: life.did.includes('kill'),
      ...(oom ? { oom, error: 'too much' } : taken.includes('FAILED') ? { error: 'failed' } : {}),
    })
  }
})

test('from wherever it is, a life comes to its end when its process and its channel do, at any later time', async () => {
  for (const path of getShortestPaths(hostLife, traversal)) {
    for (const order of [
      [events.CLOSED, events.EXITED],
      [events.EXITED, events.CLOSED],
    ]) {
      const life = new Watched()
      for (const { event } of path.steps) await life.take(event)
      for (const event of order) {
        life.clock.increment(60_000)
        await life.take(event)
      }
      expect({ path: typesOf(path), over: life.end !== undefined }).toEqual({ path: typesOf(path), over: true })
    }
  }
})

test('from wherever it is, a killed life is over soon after its process ended, though its channel never ends', async () => {
  for (const path of getShortestPaths(hostLife, traversal)) {
    const life = new Watched()
    for (const { event } of path.steps) await life.take(event)
    await life.take(events.KILL)
    // It may take the process longer than the grace to die.
    life.clock.increment(5 * ENDING_GRACE)
    await life.take(events.EXITED)
    life.clock.increment(ENDING_GRACE)
    await Promise.resolve()
    expect({ path: typesOf(path), over: life.end !== undefined }).toEqual({ path: typesOf(path), over: true })
  }
})

/** Once for each answer, and for the first time after the hello. */
const measures: Record<string, string[]> = { greeting: ['GREETED'], ready: ['FITS'], draining: ['GREETED', 'FITS'] }

test('from wherever it is, memory is measured from the hello on, once for each answer, and not once it is ending', async () => {
  for (const path of getShortestPaths(hostLife, traversal)) {
    for (const event of all) {
      const life = new Watched()
      for (const { event: step } of path.steps) await life.take(step)
      const before = life.measured
      await life.take(event)
      const expected = measures[String(path.state.value)]?.includes(event.type) === true ? 1 : 0
      expect({ path: typesOf(path), event: event.type, measured: life.measured - before }).toEqual({
        path: typesOf(path),
        event: event.type,
        measured: expected,
      })
    }
  }
})

/** Where each event leads from each state: a dot where it stays. */
const table: Record<string, Partial<Record<LifeEvent['type'], string>>> = {
  starting: {
    RUNNING: 'greeting',
    GREETED: '.',
    FITS: '.',
    OOM: '.',
    DRAIN: 'draining',
    KILL: 'ending',
    CLOSED: 'ending',
    EXITED: 'ending',
    FAILED: 'gone',
  },
  greeting: {
    RUNNING: '.',
    GREETED: 'ready',
    FITS: '.',
    OOM: '.',
    DRAIN: 'draining',
    KILL: 'ending',
    CLOSED: 'ending',
    EXITED: 'ending',
    FAILED: 'gone',
  },
  ready: {
    RUNNING: '.',
    GREETED: '.',
    FITS: '.',
    OOM: 'ending',
    DRAIN: 'draining',
    KILL: 'ending',
    CLOSED: 'ending',
    EXITED: 'ending',
    FAILED: 'gone',
  },
  draining: {
    RUNNING: '.',
    GREETED: '.',
    FITS: '.',
    OOM: 'ending',
    DRAIN: '.',
    KILL: 'ending',
    CLOSED: 'ending',
    EXITED: 'ending',
    FAILED: 'gone',
  },
  ending: {
    RUNNING: '.',
    GREETED: '.',
    FITS: '.',
    OOM: '.',
    DRAIN: '.',
    KILL: '.',
    CLOSED: '.',
    EXITED: '.',
    FAILED: 'gone',
  },
  gone: {
    RUNNING: '.',
    GREETED: '.',
    FITS: '.',
    OOM: '.',
    DRAIN: '.',
    KILL: '.',
    CLOSED: '.',
    EXITED: '.',
    FAILED: '.',
  },
}

test.each(Object.keys(table))('what the state %s does with each event', (state) => {
  const way = getShortestPaths(hostLife, {
    ...traversal,
    // Not by way of an end that is noted already.
    toState: (({ value, context }: AnyMachineSnapshot) =>
      value === state && !context['closed'] && !context['exited']) as never,
  })[0]
  const actual = Object.fromEntries(
    all.map((event) => {
      const actor = createActor(hostLife, { clock: new SimulatedClock() as never }).start()
      for (const { event: step } of way?.steps ?? []) actor.send(step)
      expect(actor.getSnapshot().value).toBe(state)
      actor.send(event)
      const { value } = actor.getSnapshot() as AnyMachineSnapshot
      return [event.type, value === state ? '.' : value]
    }),
  )
  expect(actual).toEqual(table[state])
})

test('a later grace replaces the one before', async () => {
  const life = new Watched()
  for (const event of [events.RUNNING, events.GREETED, { type: 'DRAIN', grace: 10_000 } as const])
    await life.take(event)
  life.clock.increment(9_000)
  await life.take({ type: 'DRAIN', grace: 100 } as LifeEvent)
  life.clock.increment(99)
  expect(life.did).toEqual([])
  life.clock.increment(1)
  expect(life.did).toEqual(['kill'])
})
