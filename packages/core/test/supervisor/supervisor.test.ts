import { type ActorRef, defineActor, ignore, type Reason, RestartLimitError } from '@troupe/core'
import {
  ActorSystem,
  type ChildSpec,
  type RestartType,
  supervisor,
  type SupervisorInput,
  type SupervisorProtocol,
  type Target,
} from '@troupe/core/internal'
import { ManualClock } from '@troupe/core/testing'
import { published } from '../support/diagnostics.js'
import { deferred, stateOf } from '../support/settle.js'

type Spec = ChildSpec<ActorRef<any>>

/** A worker that can be told to end in each way, and a supervisor for it, on a clock that is turned by hand. */
function scene(options: Partial<SupervisorInput> = {}) {
  const clock = new ManualClock()
  const system = new ActorSystem({ name: 'test', clock, askTimeout: undefined, host: 1 })
  system.events$.subscribe(() => undefined)
  const log: string[] = []
  /** What the next starts do, by id; without an entry they succeed. */
  const starts = new Map<string, (() => unknown)[]>()
  const worker = defineActor({
    init: (id: string) => {
      log.push(`start ${id}`)
      return (starts.get(id)?.shift()?.() ?? id) as string
    },
    on: {
      fail() {
        throw new Error('failed')
      },
      quit: (_, reason: Reason, ctx) => ctx.exit(reason),
    },
    onStop: (id) => void log.push(`stop ${id}`),
  })
  const spec = (id: string, more: Partial<Spec> = {}): Spec => ({
    id,
    restart: 'permanent',
    shutdown: 5_000,
    async start(parent: Target) {
      const target = await system.spawner.start(worker, id, {}, parent as never, false)
      return target === undefined ? undefined : system.refOf(target)
    },
    ...more,
  })
  const input = (children: readonly Spec[]): SupervisorInput => ({
    clock,
    intensity: 3,
    period: 5_000,
    intensityCounts: 'restarts',
    backoff: { min: 100, max: 10_000, factor: 2 },
    children,
    observer: {
      started: (id, _ref, restarts) => log.push(`ready ${id} ${restarts}`),
      ended: (id, reason) => log.push(`ended ${id} ${reason.type}`),
      failed: (id) => log.push(`failed ${id}`),
    },
    ...options,
  })
  const supervise = (...children: Spec[]): Promise<ActorRef<SupervisorProtocol>> =>
    system.spawn(supervisor as never, input(children) as never) as never
  const refOf = async (app: ActorRef<SupervisorProtocol>, id: string): Promise<ActorRef<any>> => {
    const ref = (await app.ask('which')).find((child) => child.id === id)?.ref
    if (ref === undefined) throw new Error(`${id} does not run`)
    return ref
  }
  const phases = async (app: ActorRef<SupervisorProtocol>) =>
    (await app.ask('which')).map(({ id, phase }) => `${id} ${phase}`)
  /** Lets all that follows from an event happen; no time passes. */
  const quiet = () => clock.advance(0)
  return { clock, system, log, starts, spec, supervise, refOf, phases, quiet }
}

const fail = () => {
  throw new Error('no start')
}

describe('a supervisor', () => {
  test('starts its children in order and stops them in reverse', async () => {
    const { log, spec, supervise } = scene()
    const app = await supervise(spec('a'), spec('b'), spec('c'))
    expect(log).toEqual(['start a', 'ready a 0', 'start b', 'ready b 0', 'start c', 'ready c 0'])
    log.length = 0
    expect(await app.stop()).toEqual({ type: 'shutdown' })
    expect(log.filter((line) => line.startsWith('stop'))).toEqual(['stop c', 'stop b', 'stop a'])
  })

  test('whose child fails to start does not start, and stops those before it in reverse', async () => {
    const { log, starts, spec, supervise, system } = scene()
    starts.set('c', [fail])
    await expect(supervise(spec('a'), spec('b'), spec('c'))).rejects.toMatchObject({ code: 'ERR_ACTOR_DOWN' })
    expect(log.filter((line) => line.startsWith('stop'))).toEqual(['stop b', 'stop a'])
    expect(system.tree()).toBe('test')
  })

  test('keeps the id of a child whose init returned `ignore`, and does not start it again', async () => {
    const { log, starts, spec, supervise, phases, quiet } = scene()
    starts.set('a', [() => ignore])
    const app = await supervise(spec('a'), spec('b'))
    await quiet()
    expect(await phases(app)).toEqual(['a down', 'b running'])
    expect(log.filter((line) => line === 'start a').length).toBe(1)
    await app.stop()
  })

  const ends: Record<string, [Reason['type'], (ref: ActorRef<any>) => unknown]> = {
    'a normal exit': ['normal', (ref) => ref.tell('quit', { type: 'normal' })],
    'a stop from outside': ['shutdown', (ref) => ref.stop()],
    'a kill from outside': ['killed', (ref) => ref.kill()],
    'a crash': ['error', (ref) => ref.tell('fail')],
  }
  test.each<[RestartType, keyof typeof ends, 'running' | 'down' | undefined]>([
    ['permanent', 'a normal exit', 'running'],
    ['permanent', 'a stop from outside', 'running'],
    ['permanent', 'a kill from outside', 'running'],
    ['permanent', 'a crash', 'running'],
    ['transient', 'a normal exit', 'down'],
    ['transient', 'a stop from outside', 'down'],
    ['transient', 'a kill from outside', 'running'],
    ['transient', 'a crash', 'running'],
    ['temporary', 'a normal exit', undefined],
    ['temporary', 'a kill from outside', undefined],
    ['temporary', 'a crash', undefined],
  ])('after the end of a %s child by %s has it %s', async (restart, how, phase) => {
    const { log, spec, supervise, refOf, phases, quiet } = scene()
    const app = await supervise(spec('a', { restart }), spec('b'))
    const before = await refOf(app, 'a')
    const [type, end] = ends[how] as (typeof ends)[string]
    end(before)
    await before.exited
    await quiet()
    expect(await phases(app)).toEqual([...(phase === undefined ? [] : [`a ${phase}`]), 'b running'])
    expect(log).toContain(`ended a ${type}`)
    expect(log.includes('ready a 1')).toBe(phase === 'running')
    if (phase === 'running') expect((await refOf(app, 'a')).equals(before)).toBe(false)
    await app.stop()
  })

  test('tells the diagnostics of each restart, one that fails too, and of no first start', async () => {
    const { clock, starts, spec, supervise, refOf, quiet } = scene()
    let app: ActorRef<SupervisorProtocol> | undefined
    let restarted: ActorRef<any> | undefined
    const seen = await published(['troupe:actor:restart'], async () => {
      app = await supervise(spec('a'))
      const first = await refOf(app, 'a')
      starts.set('a', [fail])
      first.tell('fail')
      await first.exited
      await quiet()
      await clock.advance(100)
      restarted = await refOf(app, 'a')
    })
    const about = { system: 'test', supervisor: app?.id, child: 'a', at: expect.any(Number) }
    expect(seen.map(({ message }) => message)).toEqual([
      { ...about, restarts: 1, error: expect.objectContaining({ code: 'ERR_ACTOR_DOWN' }) },
      { ...about, restarts: 2, id: restarted?.id },
    ])
    await app?.stop()
  })

  test.each<[Reason['type'], RestartType, string[]]>([
    ['normal', 'transient', ['a down']],
    ['normal', 'temporary', []],
    ['error', 'transient', ['a running']],
  ])('hears the true reason (%s) of a %s child that ended as soon as it was there', async (type, restart, expected) => {
    const { log, system, spec, supervise, phases, quiet } = scene()
    let lives = 0
    const hasty = defineActor({
      init: (_: undefined, ctx): number => {
        lives += 1
        if (lives === 1) ctx.self.tell(type === 'error' ? 'fail' : 'quit')
        return lives
      },
      on: {
        fail() {
          throw new Error('at once')
        },
        quit: (_, _arg, ctx) => ctx.exit(),
      },
    })
    const start = async (parent: Target) =>
      system.refOf((await system.spawner.start(hasty, undefined, {}, parent as never, false)) as Target)
    const app = await supervise(spec('a', { restart, start }))
    await quiet()
    expect(await phases(app)).toEqual(expected)
    expect(log.filter((line) => line.startsWith('ended'))).toEqual([`ended a ${type}`])
    await app.stop()
  })

  test('starts a crashed child anew at once, however long it had lived', async () => {
    const { clock, log, spec, supervise, refOf, quiet } = scene()
    const app = await supervise(spec('a'))
    for (let life = 1; life <= 3; life += 1) {
      ;(await refOf(app, 'a')).tell('fail')
      await quiet()
      expect(log.at(-1)).toBe(`ready a ${life}`)
      await clock.advance(6_000)
    }
    await app.stop()
  })

  test('gives up when there are more restarts than its intensity within the period: children end in reverse, and it exits shutdown', async () => {
    const { log, spec, supervise, refOf, quiet } = scene({ intensity: 2 })
    const app = await supervise(spec('a'), spec('b'), spec('c'))
    for (let life = 0; life < 3; life += 1) {
      ;(await refOf(app, 'b')).tell('fail')
      await quiet()
    }
    const reason = await app.exited
    expect(reason).toMatchObject({ type: 'shutdown', error: { code: 'ERR_RESTART_LIMIT' } })
    expect(reason.error).toBeInstanceOf(RestartLimitError)
    expect((reason.error as Error).message).toMatch(
      /saw 3 restarts within 5000 ms, more than its intensity of 2 allows/,
    )
    expect((reason.error as Error).cause).toMatchObject({ message: 'failed' })
    expect(log.filter((line) => line.startsWith('stop'))).toEqual(['stop c', 'stop a'])
    expect(log.filter((line) => line === 'start b').length).toBe(3)
  })

  test('forgets restarts that are older than the period', async () => {
    const { clock, spec, supervise, refOf, quiet } = scene({ intensity: 1, period: 1_000 })
    const app = await supervise(spec('a'))
    for (let life = 0; life < 5; life += 1) {
      ;(await refOf(app, 'a')).tell('fail')
      await quiet()
      await clock.advance(1_000)
    }
    expect(await stateOf(app.exited)).toBe('pending')
    await app.stop()
  })

  test('counts only starts that never got ready, when told so', async () => {
    const { spec, supervise, refOf, quiet } = scene({ intensity: 1, intensityCounts: 'starts' })
    const app = await supervise(spec('a'))
    for (let life = 0; life < 5; life += 1) {
      ;(await refOf(app, 'a')).tell('fail')
      await quiet()
    }
    expect(await stateOf(app.exited)).toBe('pending')
    await app.stop()
  })

  test('tries a failed restart again, first at once, then after min, min x factor, …, and counts each', async () => {
    const { clock, log, starts, spec, supervise, refOf, quiet } = scene({ intensity: 5 })
    const app = await supervise(spec('a'))
    starts.set('a', [fail, fail, fail])
    ;(await refOf(app, 'a')).tell('fail')
    await quiet()
    const tries = () => log.filter((line) => line === 'start a').length
    // The first life, the restart, and the first retry, which is immediate.
    expect(tries()).toBe(3)
    await clock.advance(99)
    expect(tries()).toBe(3)
    await clock.advance(1)
    expect(tries()).toBe(4)
    await clock.advance(199)
    expect(tries()).toBe(4)
    await clock.advance(1)
    expect(log.filter((line) => line !== 'start a')).toEqual([
      'ready a 0',
      'ended a error',
      ...['failed a', 'failed a', 'failed a'],
      'ready a 4',
    ])
    await app.stop()
    expect(clock.pending).toBeLessThanOrEqual(1)
  })

  test('gives up when restarts keep failing, with the error of the start as cause', async () => {
    const { clock, starts, spec, supervise, refOf } = scene({ intensity: 2 })
    const app = await supervise(spec('a'))
    starts.set('a', [fail, fail, fail, fail])
    ;(await refOf(app, 'a')).tell('fail')
    await clock.advance(1_000)
    expect(await app.exited).toMatchObject({
      type: 'shutdown',
      error: { code: 'ERR_RESTART_LIMIT', cause: { code: 'ERR_ACTOR_DOWN', cause: { message: 'no start' } } },
    })
  })

  test('that is stopped while a restart waits for its time starts nothing any more, and leaves no timer', async () => {
    const { clock, log, starts, spec, supervise, refOf, phases, system } = scene({ intensity: 9 })
    const app = await supervise(spec('a'))
    starts.set('a', [fail, fail])
    ;(await refOf(app, 'a')).tell('fail')
    await clock.advance(50)
    expect(await phases(app)).toEqual(['a restarting'])
    const before = log.filter((line) => line === 'start a').length
    await app.stop()
    await system.stop()
    expect(clock.pending).toBe(0)
    await clock.advance(60_000)
    expect(log.filter((line) => line === 'start a').length).toBe(before)
  })

  test.each(['stop', 'kill'] as const)('that ends (%s) while a child is being started takes it along', async (how) => {
    const { clock, starts, spec, supervise, refOf, system } = scene()
    const app = await supervise(spec('a'), spec('b'))
    const gate = deferred<string>()
    starts.set('b', [() => gate.promise])
    ;(await refOf(app, 'b')).tell('fail')
    await clock.advance(0)
    const ended = app[how]()
    await clock.advance(5_000)
    await ended
    gate.resolve('b')
    await clock.advance(10_000)
    expect(system.tree()).toBe('test')
  })

  test.each<[string, Spec['shutdown'], string[], number]>([
    ['asks and waits', 5_000, ['stop a'], 0],
    ['kills at once', 'brutal_kill', [], 0],
  ])('%s when the shutdown of a child is %p', async (_, shutdown, stops) => {
    const { log, spec, supervise } = scene()
    const app = await supervise(spec('a', { shutdown }))
    await app.stop()
    expect(log.filter((line) => line.startsWith('stop'))).toEqual(stops)
  })

  test('kills a child that does not stop within its own shutdown', async () => {
    const { clock, spec, supervise, system } = scene()
    const stuck = defineActor({ init: () => undefined, on: {}, onStop: () => new Promise(() => undefined) })
    const start = async (parent: Target) =>
      system.refOf((await system.spawner.start(stuck, undefined, {}, parent as never, false)) as Target)
    const app = await supervise(spec('a', { shutdown: 70, start }))
    const stopped = app.stop({ timeout: Infinity })
    await clock.advance(69)
    expect(await stateOf(stopped)).toBe('pending')
    await clock.advance(1)
    expect(await stopped).toEqual({ type: 'shutdown' })
  })
})

describe('the administration of children', () => {
  test('startChild starts one more, and its end is supervised', async () => {
    const { spec, supervise, phases, quiet } = scene()
    const app = await supervise()
    const ref = await app.ask('startChild', spec('a'))
    ref?.tell('fail')
    await quiet()
    expect(await phases(app)).toEqual(['a running'])
    await app.stop()
  })

  test.each([
    ['ERR_CHILD_RUNNING', 'running', undefined],
    ['ERR_CHILD_PRESENT', 'down', () => ignore],
    ['ERR_CHILD_PRESENT', 'starting', () => new Promise(() => undefined)],
  ])('startChild is refused with %s for an id that is %s', async (code, phase, first) => {
    const { starts, spec, supervise, phases, quiet, clock } = scene()
    if (first !== undefined) starts.set('a', [first])
    const app = await supervise()
    const started = app.ask('startChild', spec('a')).catch(() => undefined)
    await quiet()
    expect(await phases(app)).toEqual([`a ${phase}`])
    await expect(app.ask('startChild', spec('a'))).rejects.toMatchObject({ code })
    const stopped = app.stop()
    await clock.advance(5_000)
    await stopped
    await started
  })

  test('startChild rejects when the start fails, and the id is free again', async () => {
    const { starts, spec, supervise, phases } = scene()
    starts.set('a', [fail])
    const app = await supervise()
    await expect(app.ask('startChild', spec('a'))).rejects.toMatchObject({ code: 'ERR_ACTOR_DOWN' })
    expect(await phases(app)).toEqual([])
    await app.ask('startChild', spec('a'))
    expect(await phases(app)).toEqual(['a running'])
    await app.stop()
  })

  test('a persistent child whose first start fails is tried again like a restart', async () => {
    const { clock, log, starts, spec, supervise, phases } = scene({ intensity: 9 })
    starts.set('a', [fail, fail])
    const app = await supervise()
    expect(await app.ask('startChild', spec('a', { persistent: true }))).toBeUndefined()
    await clock.advance(100)
    expect(await phases(app)).toEqual(['a running'])
    expect(log.filter((line) => line !== 'start a')).toEqual(['failed a', 'failed a', 'ready a 2'])
    await app.stop()
  })

  test('terminateChild ends one for good', async () => {
    const { clock, log, spec, supervise, phases } = scene()
    const app = await supervise(spec('a'), spec('b'))
    await app.ask('terminateChild', 'a')
    expect(log.filter((line) => line.startsWith('stop'))).toEqual(['stop a'])
    await clock.advance(60_000)
    expect(await phases(app)).toEqual(['b running'])
    await expect(app.ask('terminateChild', 'a')).rejects.toMatchObject({ code: 'ERR_CHILD_NOT_FOUND' })
    await app.stop()
  })

  test('terminateChild of one that waits to be started anew ends the waiting', async () => {
    const { clock, log, starts, spec, supervise, refOf, phases } = scene({ intensity: 9 })
    const app = await supervise(spec('a'))
    starts.set('a', [fail, fail])
    ;(await refOf(app, 'a')).tell('fail')
    await clock.advance(50)
    const before = log.filter((line) => line === 'start a').length
    await app.ask('terminateChild', 'a')
    await clock.advance(60_000)
    expect(log.filter((line) => line === 'start a').length).toBe(before)
    expect(await phases(app)).toEqual([])
    await app.stop()
  })

  test('goes on being answered while a child takes its time to start', async () => {
    const { starts, spec, supervise, phases, quiet, clock } = scene()
    const gate = deferred<string>()
    starts.set('slow', [() => gate.promise])
    const app = await supervise()
    const slow = app.ask('startChild', spec('slow'))
    await quiet()
    await app.ask('startChild', spec('quick'))
    expect(await phases(app)).toEqual(['slow starting', 'quick running'])
    gate.resolve('slow')
    await slow
    expect(await phases(app)).toEqual(['slow running', 'quick running'])
    const stopped = app.stop()
    await clock.advance(0)
    await stopped
  })
})
