import { type ActorRef, child, defineActor, type Reason, RestartLimitError, type RestartType } from '@troupe/core'
import { published } from '../support/diagnostics.js'
import { stateOf } from '../support/settle.js'
import { failing, heard, said, scene, statuses } from '../support/supervision.js'

const plain = { jitter: 0 } as const

describe('the restart of a child', () => {
  const ends: Record<string, [Reason['type'], (ref: ActorRef<any>) => unknown]> = {
    'a normal exit': ['normal', (ref) => ref.tell('quit', { type: 'normal' })],
    'an exit by shutdown': ['shutdown', (ref) => ref.tell('quit', { type: 'shutdown' })],
    'a stop from outside': ['shutdown', (ref) => ref.stop()],
    'a kill from outside': ['killed', (ref) => ref.kill()],
    'a crash': ['error', (ref) => ref.tell('fail')],
  }
  test.each<[RestartType, keyof typeof ends, string[]]>([
    ['permanent', 'a normal exit', ['a running', 'b running']],
    ['permanent', 'an exit by shutdown', ['a running', 'b running']],
    ['permanent', 'a stop from outside', ['a running', 'b running']],
    ['permanent', 'a kill from outside', ['a running', 'b running']],
    ['permanent', 'a crash', ['a running', 'b running']],
    ['transient', 'a normal exit', ['a down', 'b running']],
    ['transient', 'an exit by shutdown', ['a down', 'b running']],
    ['transient', 'a stop from outside', ['a down', 'b running']],
    ['transient', 'a kill from outside', ['a running', 'b running']],
    ['transient', 'a crash', ['a running', 'b running']],
    ['temporary', 'a normal exit', ['b running']],
    ['temporary', 'a kill from outside', ['b running']],
    ['temporary', 'a crash', ['b running']],
  ])('that is %s, after %s: %j', async (restart, how, expected) => {
    const { of, system, quiet } = scene()
    const app = await system.supervise({ children: [of('a', { restart }), of('b')] })
    const events = heard(app)
    const ref = app.ref('a')
    const [type, end] = ends[how] as (typeof ends)[string]
    end(ref)
    await quiet()
    expect(statuses(app)).toEqual(expected)
    const clean = type === 'normal' || type === 'shutdown'
    const restarted = expected[0] === 'a running'
    expect(events).toEqual([...(clean ? [] : ['crashed a']), `down a ${type}`, ...(restarted ? ['restarted a 1'] : [])])
    expect(ref.incarnation).toBe(restarted ? 1 : 0)
    await app.stop()
  })

  test('concerns nobody else under one_for_one', async () => {
    const { log, of, system, quiet } = scene()
    const app = await system.supervise({ children: [of('a'), of('b'), of('c')] })
    app.ref('b').tell('fail')
    await quiet()
    expect(log).toEqual(['start a', 'start b', 'start c', 'start b'])
    await app.stop()
  })

  test.each([
    ['one_for_all', 'b', ['stop c', 'stop a', 'start a', 'start b', 'start c']],
    ['one_for_all', 'c', ['stop b', 'stop a', 'start a', 'start b', 'start c']],
    ['rest_for_one', 'b', ['stop c', 'start b', 'start c']],
    ['rest_for_one', 'a', ['stop c', 'stop b', 'start a', 'start b', 'start c']],
    ['rest_for_one', 'c', ['start c']],
  ] as const)(
    'under %s of %s stops others in reverse, then starts all in order: %j',
    async (strategy, id, expected) => {
      const { log, of, system, quiet } = scene()
      const app = await system.supervise({ strategy, children: [of('a'), of('b'), of('c')] })
      log.length = 0
      app.ref(id).tell('fail')
      await quiet()
      expect(log).toEqual(expected)
      expect(statuses(app)).toEqual(['a running', 'b running', 'c running'])
      await app.stop()
    },
  )

  test('with others counts as one', async () => {
    const { of, system, quiet } = scene()
    const app = await system.supervise({ strategy: 'one_for_all', intensity: 1, children: [of('a'), of('b'), of('c')] })
    app.ref('a').tell('fail')
    await quiet()
    expect(await stateOf(app.exited)).toBe('pending')
    app.ref('b').tell('fail')
    await quiet()
    expect(await app.exited).toMatchObject({ error: { code: 'ERR_RESTART_LIMIT' } })
  })

  test('forgets temporary bystanders that it stops', async () => {
    const { log, of, system, quiet } = scene()
    const children = [of('a'), of('t', { restart: 'temporary' }), of('c', { restart: 'transient' })]
    const app = await system.supervise({ strategy: 'one_for_all', children })
    log.length = 0
    app.ref('a').tell('fail')
    await quiet()
    expect(log).toEqual(['stop c', 'stop t', 'start a', 'start c'])
    expect(statuses(app)).toEqual(['a running', 'c running'])
    await app.stop()
  })

  test('brings back transient bystanders that had ended, and leaves out those that were terminated', async () => {
    const { of, system, quiet } = scene()
    const children = [of('a'), of('b', { restart: 'transient' }), of('c')]
    const app = await system.supervise({ strategy: 'one_for_all', children })
    app.ref('b').tell('quit', { type: 'normal' })
    await app.terminateChild('c')
    await quiet()
    expect(statuses(app)).toEqual(['a running', 'b down', 'c down'])
    app.ref('a').tell('fail')
    await quiet()
    // OTP starts every spec of the group; one that somebody has terminated stays down here.
    expect(statuses(app)).toEqual(['a running', 'b running', 'c down'])
    await app.stop()
  })

  test('of a group that a sibling fails: under one_for_all those restarted are stopped again', async () => {
    const { clock, log, starts, of, system, quiet } = scene()
    const children = [of('a'), of('b'), of('c')]
    const app = await system.supervise({ strategy: 'one_for_all', intensity: 9, backoff: plain, children })
    log.length = 0
    starts.set('b', [failing, failing])
    app.ref('c').tell('fail')
    await quiet()
    expect(log).toEqual([
      ...['stop b', 'stop a', 'start a', 'start b'],
      // b failed: its first retry is immediate, the second waits.
      ...['stop a', 'start a', 'start b'],
    ])
    expect(statuses(app)).toEqual(['a running', 'b restarting', 'c down'])
    log.length = 0
    await clock.advance(100)
    expect(log).toEqual(['stop a', 'start a', 'start b', 'start c'])
    expect(statuses(app)).toEqual(['a running', 'b running', 'c running'])
    await app.stop()
  })

  test('of a group that a sibling fails: under rest_for_one only that one and its followers are tried again', async () => {
    const { clock, log, starts, of, system, quiet } = scene()
    const children = [of('a'), of('b'), of('c'), of('d')]
    const app = await system.supervise({ strategy: 'rest_for_one', intensity: 9, backoff: plain, children })
    log.length = 0
    starts.set('c', [failing])
    app.ref('b').tell('fail')
    await quiet()
    await clock.advance(100)
    expect(log).toEqual(['stop d', 'stop c', 'start b', 'start c', 'start c', 'start d'])
    expect(statuses(app)).toEqual(['a running', 'b running', 'c running', 'd running'])
    await app.stop()
  })

  test.each<[Reason['type'], RestartType, string[]]>([
    ['normal', 'transient', ['a down']],
    ['normal', 'temporary', []],
    ['error', 'transient', ['a running']],
  ])(
    'goes by the true reason (%s) of a %s child that ended as soon as it was there',
    async (type, restart, expected) => {
      const { system, quiet } = scene()
      let lives = 0
      const hasty = defineActor({
        init: (_: undefined, ctx): void => {
          lives += 1
          if (lives === 1) ctx.self.tell(type === 'error' ? 'fail' : 'quit')
        },
        on: { fail: failing, quit: (_, _arg, ctx) => ctx.exit() },
      })
      const app = await system.supervise({ children: [child('a', hasty, undefined, { restart })] })
      await quiet()
      expect([statuses(app), lives]).toEqual([expected, type === 'error' ? 2 : 1])
      await app.stop()
    },
  )

  test('is told to the system and to the diagnostics, one that fails too, and no first start', async () => {
    const { clock, starts, of, system, quiet } = scene()
    const told: unknown[] = []
    system.events$.subscribe(({ type, child: id, ...event }) => {
      if (type === 'restarted') told.push([id, event])
    })
    let supervisor: string | undefined
    const seen = await published(['troupe:actor:restart'], async () => {
      const app = await system.supervise({ intensity: 9, backoff: plain, children: [of('a')] })
      supervisor = app.id
      starts.set('a', [failing])
      app.ref('a').tell('fail')
      await quiet()
      await clock.advance(100)
      await app.stop()
    })
    const about = { system: 'test', supervisor, child: 'a', at: expect.any(Number) }
    expect(seen.map(({ message }) => message)).toEqual([
      { ...about, restarts: 1, error: expect.objectContaining({ code: 'ERR_ACTOR_DOWN' }) },
      { ...about, restarts: 2, id: expect.any(String) },
    ])
    expect(told).toEqual([['a', expect.objectContaining({ restarts: 2, id: seen[1]?.message.id })]])
  })
})

describe('the back-off of a child', () => {
  test('restarts at once a first time, then after min, min x factor, …, whether lives or starts fail', async () => {
    const { clock, log, starts, of, system, quiet } = scene()
    const app = await system.supervise({ intensity: 99, backoff: { ...plain, min: 100 }, children: [of('a')] })
    const tries = () => said(log, 'start').length
    app.ref('a').tell('fail')
    await quiet()
    expect(tries()).toBe(2)
    starts.set('a', [failing])
    app.ref('a').tell('fail')
    await clock.advance(99)
    expect(tries()).toBe(2)
    await clock.advance(1)
    expect(tries()).toBe(3)
    await clock.advance(199)
    expect([tries(), statuses(app)]).toEqual([3, ['a restarting']])
    await clock.advance(1)
    expect([tries(), statuses(app)]).toEqual([4, ['a running']])
    await system.stop()
    expect(clock.pending).toBe(0)
  })

  test('begins anew after a life that lasted resetAfter', async () => {
    const { clock, log, of, system, quiet } = scene()
    const backoff = { ...plain, min: 100, resetAfter: 1_000 }
    const app = await system.supervise({ intensity: 99, backoff, children: [of('a')] })
    for (const lived of [1_000, 999, 1_000]) {
      await quiet()
      await clock.advance(lived)
      const before = said(log, 'start').length
      app.ref('a').tell('fail')
      await quiet()
      // The second restart is one in a row with the first.
      expect(said(log, 'start').length - before).toBe(lived === 999 ? 0 : 1)
      if (lived === 999) await clock.advance(100)
    }
    await app.stop()
  })

  test('without one a start that fails is tried again at once, while others have their turn', async () => {
    const { log, starts, of, system, quiet } = scene()
    const app = await system.supervise({ intensity: 9, children: [of('a'), of('b')] })
    starts.set('a', [failing, failing, failing])
    app.ref('a').tell('fail')
    await quiet()
    expect([said(log, 'start').filter((id) => id === 'a').length, statuses(app)]).toEqual([
      5,
      ['a running', 'b running'],
    ])
    await app.stop()
  })

  test('keeps no sibling from its restart', async () => {
    const { starts, of, system, quiet } = scene()
    const app = await system.supervise({ intensity: 9, backoff: plain, children: [of('a'), of('b')] })
    starts.set('a', [failing, failing])
    app.ref('a').tell('fail')
    app.ref('b').tell('fail')
    await quiet()
    expect(statuses(app)).toEqual(['a restarting', 'b running'])
    expect(app.ref('b').incarnation).toBe(1)
    await app.stop()
  })
})

describe('the budget of a supervisor', () => {
  test('gives up when there are more restarts than its intensity within the period: children end in reverse, and it exits shutdown', async () => {
    const { log, of, system, quiet } = scene()
    const app = await system.supervise({ intensity: 2, children: [of('a'), of('b'), of('c')] })
    const events = heard(app)
    for (let life = 0; life < 3; life += 1) {
      app.ref('b').tell('fail')
      await quiet()
    }
    const reason = await app.exited
    expect(reason).toMatchObject({ type: 'shutdown', error: { code: 'ERR_RESTART_LIMIT' } })
    expect(reason.error).toBeInstanceOf(RestartLimitError)
    expect((reason.error as Error).message).toMatch(
      /saw 3 restarts within 5000 ms, more than its intensity of 2 allows/,
    )
    expect((reason.error as Error).cause).toMatchObject({ message: 'failed' })
    expect(said(log, 'stop')).toEqual(['c', 'a'])
    expect(said(log, 'start').filter((id) => id === 'b').length).toBe(3)
    expect(events.slice(-5)).toEqual(['crashed b', 'down b error', 'escalated', 'down c shutdown', 'down a shutdown'])
  })

  test('of 0 allows none, and the default is one', async () => {
    const { of, system, quiet } = scene()
    const none = await system.supervise({ intensity: 0, children: [of('a')] })
    const one = await system.supervise({ children: [of('a')] })
    none.ref('a').tell('fail')
    one.ref('a').tell('fail')
    await quiet()
    expect([await stateOf(none.exited), await stateOf(one.exited)]).toEqual(['fulfilled', 'pending'])
    one.ref('a').tell('fail')
    await quiet()
    expect(await stateOf(one.exited)).toBe('fulfilled')
  })

  test('forgets restarts that are older than the period', async () => {
    const { clock, of, system } = scene()
    const app = await system.supervise({ intensity: 1, period: 1_000, children: [of('a')] })
    for (let life = 0; life < 5; life += 1) {
      app.ref('a').tell('fail')
      await clock.advance(1_000)
    }
    expect(await stateOf(app.exited)).toBe('pending')
    await app.stop()
  })

  test.each([
    ['supervisor', 'fulfilled'],
    ['child', 'pending'],
  ] as const)('is that of the %s: two children that crash once each leave it %s', async (intensityScope, state) => {
    const { of, system, quiet } = scene()
    const app = await system.supervise({ intensity: 1, intensityScope, children: [of('a'), of('b')] })
    app.ref('a').tell('fail')
    app.ref('b').tell('fail')
    await quiet()
    expect(await stateOf(app.exited)).toBe(state)
    await app.kill()
  })

  test('by child is spent by one child all the same', async () => {
    const { of, system, quiet } = scene()
    const app = await system.supervise({ intensity: 1, intensityScope: 'child', children: [of('a'), of('b')] })
    for (const id of ['a', 'b', 'a'] as const) {
      app.ref(id).tell('fail')
      await quiet()
    }
    expect(await app.exited).toMatchObject({ error: { code: 'ERR_RESTART_LIMIT' } })
  })

  test('counts only starts that never got ready, when told so', async () => {
    const { of, system, quiet } = scene()
    const app = await system.supervise({ intensity: 1, intensityCounts: 'starts', children: [of('a')] })
    for (let life = 0; life < 5; life += 1) {
      app.ref('a').tell('fail')
      await quiet()
    }
    expect(await stateOf(app.exited)).toBe('pending')
    await app.stop()
  })

  test('of starts is spent by failures in a row, however slowly they come', async () => {
    const { clock, starts, of, system } = scene()
    const backoff = { ...plain, min: 10_000 }
    const app = await system.supervise({
      intensity: 1,
      period: 100,
      intensityCounts: 'starts',
      backoff,
      children: [of('a')],
    })
    starts.set('a', [failing, failing, failing])
    app.ref('a').tell('fail')
    await clock.advance(60_000)
    expect(await app.exited).toMatchObject({ error: { code: 'ERR_RESTART_LIMIT' } })
  })

  test('of starts begins its row anew with a life that got ready', async () => {
    const { clock, starts, of, system, quiet } = scene()
    const backoff = { ...plain, min: 10_000 }
    const rules = { intensity: 1, period: 100, intensityCounts: 'starts', backoff } as const
    const app = await system.supervise({ ...rules, children: [of('a')] })
    for (let life = 0; life < 3; life += 1) {
      starts.set('a', [failing])
      app.ref('a').tell('fail')
      await clock.advance(60_000)
      await quiet()
      expect(statuses(app)).toEqual(['a running'])
    }
    await app.stop()
  })

  test('counts every attempt of a restart that keeps failing, with the error of the start as cause', async () => {
    const { clock, log, starts, of, system } = scene()
    const app = await system.supervise({ intensity: 2, children: [of('a')] })
    starts.set('a', [failing, failing, failing, failing])
    app.ref('a').tell('fail')
    await clock.advance(1_000)
    expect(await app.exited).toMatchObject({
      type: 'shutdown',
      error: { code: 'ERR_RESTART_LIMIT', cause: { code: 'ERR_ACTOR_DOWN', cause: { message: 'no start' } } },
    })
    expect(said(log, 'start').length).toBe(3)
  })

  test('counts ten that crash in one moment as ten, and each has one life afterwards', async () => {
    const ids = Array.from({ length: 10 }, (_, index) => `c${index}`)
    for (const [intensity, state] of [
      [10, 'pending'],
      [9, 'fulfilled'],
    ] as const) {
      const { of, system, quiet } = scene()
      const app = await system.supervise({ intensity, children: ids.map((id) => of(id)) })
      for (const id of ids) app.ref<{ fail(): void }>(id).tell('fail')
      await quiet()
      expect(await stateOf(app.exited)).toBe(state)
      if (state === 'fulfilled') continue
      expect(app.count()).toEqual({ specs: 10, active: 10, supervisors: 0, workers: 10 })
      expect(ids.map((id) => app.ref<object>(id).incarnation)).toEqual(ids.map(() => 1))
      // The supervisor, and its ten.
      expect(system.tree().split('\n').length).toBe(12)
      await app.stop()
    }
  })

  test('under one_for_all ten that crash in one moment are restarted once more each, not ten times', async () => {
    const { log, of, system, quiet } = scene()
    const ids = Array.from({ length: 10 }, (_, index) => `c${index}`)
    const app = await system.supervise({ strategy: 'one_for_all', intensity: 10, children: ids.map((id) => of(id)) })
    for (const id of ids) app.ref<{ fail(): void }>(id).tell('fail')
    await quiet()
    expect(said(log, 'start').length).toBe(20)
    expect(app.count().active).toBe(10)
    expect(system.tree().split('\n').length).toBe(12)
    await app.stop()
  })
})

describe('a supervisor within another', () => {
  test('that gives up is restarted with its children in order, when permanent; those that were added are forgotten', async () => {
    const { log, of, system, quiet } = scene()
    const inner = { intensity: 0, children: [of('b'), of('c')] }
    const app = await system.supervise({ children: [of('a'), child.supervisor('in', inner)] })
    const nested = app.supervisor('in')
    const added = await nested.startChild(of('d'))
    log.length = 0
    nested.ref('b').tell('fail')
    await quiet()
    expect(log).toEqual(['stop d', 'stop c', 'start b', 'start c'])
    expect([statuses(app), statuses(nested)]).toEqual([
      ['a running', 'in running'],
      ['b running', 'c running'],
    ])
    expect(added.tell('fail')).toBe(false)
    expect(() => nested.ref('d' as never)).toThrow(expect.objectContaining({ code: 'ERR_CHILD_NOT_FOUND' }))
    // Its handles go on with the new life.
    expect(await nested.ref('c').ask('id')).toBe('c')
    await nested.startChild(of('d'))
    expect(statuses(nested)).toEqual(['b running', 'c running', 'd running'])
    await app.stop()
  })

  test.each([
    ['transient', ['in down']],
    ['temporary', []],
  ] as const)('that gives up is not restarted when %s: its end is clean', async (restart, expected) => {
    const { of, system, quiet } = scene()
    const inner = { intensity: 0, children: [of('b')] }
    const app = await system.supervise({ children: [child.supervisor('in', inner, { restart })] })
    const nested = app.supervisor('in')
    nested.ref('b').tell('fail')
    await quiet()
    expect(statuses(app)).toEqual(expected)
    expect([nested.which(), nested.count().specs]).toEqual([[], 0])
    await app.stop()
  })

  test('that keeps giving up takes the one above along, and that one tells why', async () => {
    const { of, system, quiet } = scene()
    const inner = { intensity: 0, children: [of('b')] }
    const app = await system.supervise({ intensity: 1, children: [of('a'), child.supervisor('in', inner)] })
    for (let life = 0; life < 2; life += 1) {
      app.supervisor('in').ref('b').tell('fail')
      await quiet()
    }
    expect(await app.exited).toMatchObject({
      type: 'shutdown',
      error: { code: 'ERR_RESTART_LIMIT', cause: { code: 'ERR_RESTART_LIMIT', cause: { message: 'failed' } } },
    })
    expect(system.tree()).toBe('test')
  })

  test('starts with all its children before its followers do', async () => {
    const { log, of, system } = scene()
    const inner = { children: [of('b'), of('c')] }
    const app = await system.supervise({ children: [of('a'), child.supervisor('in', inner), of('d')] })
    expect(said(log, 'start')).toEqual(['a', 'b', 'c', 'd'])
    expect(app.count()).toEqual({ specs: 3, active: 3, supervisors: 1, workers: 2 })
    await app.stop()
  })

  test('is restarted as a bystander with its children in order', async () => {
    const { log, of, system, quiet } = scene()
    const inner = { children: [of('b'), of('c')] }
    const app = await system.supervise({ strategy: 'one_for_all', children: [of('a'), child.supervisor('in', inner)] })
    log.length = 0
    app.ref('a').tell('fail')
    await quiet()
    expect(log).toEqual(['stop c', 'stop b', 'start a', 'start b', 'start c'])
    await app.stop()
  })
})
