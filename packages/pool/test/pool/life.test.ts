/** Every way through a pool's life, taken from the machine itself. */
import { type AnyMachineSnapshot, createActor } from 'xstate'
import { getShortestPaths, getSimplePaths } from 'xstate/graph'
import { poolLife, type PoolLifeEvent, startPoolLife } from '../../dist/pool/life.js'

const error = (name: string): Error => new Error(name)
const events: PoolLifeEvent[] = [
  { type: 'STARTED' },
  { type: 'CLOSE', error: error('closed') },
  { type: 'IDLE' },
  { type: 'TERMINATE', error: error('terminated') },
  { type: 'GAVE_UP', error: error('gave up') },
  { type: 'ENDED', error: error('ended') },
]
const serializeState = ({ value, context }: AnyMachineSnapshot): string =>
  JSON.stringify([value, (context as { error?: Error }).error?.message])
const traversal = {
  events: events as never,
  serializeState: serializeState as never,
  stopWhen: (({ status }: AnyMachineSnapshot) => status === 'done') as never,
}

/** A life with what it did. */
function watched(): { did: string[]; life: ReturnType<typeof startPoolLife> } {
  const did: string[] = []
  const note =
    (what: string) =>
    (why?: unknown): void =>
      void did.push(why instanceof Error ? `${what}: ${why.message}` : what)
  const life = startPoolLife({
    drain: () => note('drain')(),
    stop: () => note('stop')(),
    fail: note('fail'),
    kill: () => note('kill')(),
    giveUp: note('give up'),
    complete: () => note('complete')(),
  })
  return { did, life }
}

const paths = getSimplePaths(poolLife, traversal)
const typesOf = (path: (typeof paths)[0]): string[] => path.steps.map(({ event }) => event.type)

test('the paths lead through all states', () => {
  const states = new Set(paths.map((path) => path.state.value))
  expect(states).toEqual(new Set(['starting', 'running', 'draining', 'stopping', 'terminating', 'ended']))
  expect(paths.length).toBeGreaterThan(20)
})

test('on every path: what is asked fails once at most while it lives, it completes exactly at its end, and the error stays', () => {
  for (const path of paths) {
    const { did, life } = watched()
    let first: string | undefined
    for (const { event } of path.steps) {
      if (event.type.startsWith('xstate.')) continue
      life.send(event as PoolLifeEvent)
      const message = life.error?.message
      // Only a termination, or a pool that gave up, has the last word over an orderly end.
      if (first !== undefined && message !== first) expect(['TERMINATE', 'GAVE_UP']).toContain(event.type)
      first = message
    }
    const taken = typesOf(path)
    expect({ taken, phase: life.phase }).toEqual({ taken, phase: path.state.value })
    const count = (what: string): number => did.filter((each) => each.startsWith(what)).length
    expect({ taken, complete: count('complete') }).toEqual({ taken, complete: life.phase === 'ended' ? 1 : 0 })
    expect({ taken, fails: count('fail') <= 1 }).toEqual({ taken, fails: true })
    if (life.phase === 'terminating') expect({ taken, fails: count('fail') }).toEqual({ taken, fails: 1 })
    if (taken.includes('TERMINATE')) expect({ taken, kills: count('kill') >= 1 }).toEqual({ taken, kills: true })
    expect({ taken, error: life.error !== undefined }).toEqual({
      taken,
      error: life.phase !== 'starting' && life.phase !== 'running',
    })
  }
})

test('from every state there is a way to the end', () => {
  for (const path of getShortestPaths(poolLife, traversal)) {
    const actor = createActor(poolLife, { snapshot: path.state as never, input: undefined })
    actor.start()
    actor.send({ type: 'ENDED', error: error('ended') })
    expect(actor.getSnapshot().value).toBe('ended')
  }
})

test('a pool that was closed and has nothing to do stops; the end of its supervisor then is no failure', () => {
  const { did, life } = watched()
  for (const each of [events[0], events[1], events[2], events[4], events[5]] as PoolLifeEvent[]) life.send(each)
  expect(did).toEqual(['drain', 'stop', 'fail: closed', 'complete'])
  expect(life.error?.message).toBe('closed')
})

test('one whose supervisor gave up ends by itself and says why', () => {
  const { did, life } = watched()
  for (const each of [events[0], events[4], events[3], events[5]] as PoolLifeEvent[]) life.send(each)
  expect(did).toEqual(['fail: gave up', 'give up: gave up', 'kill', 'complete'])
  expect(life.error?.message).toBe('gave up')
})
