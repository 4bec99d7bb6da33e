import { child, defineActor, ignore } from '@troupe/core'
import { deferred, stateOf } from '../support/settle.js'
import { failing, heard, never, said, scene, statuses } from '../support/supervision.js'

const plain = { jitter: 0 } as const

describe('startChild', () => {
  test('starts one more, last in the order, and its end is supervised', async () => {
    const { log, of, system, quiet } = scene()
    const app = await system.supervise({ children: [of('a')] })
    const ref = await app.startChild(of('b'))
    expect(await ref.ask('id')).toBe('b')
    expect(ref.equals(app.ref('b' as 'a'))).toBe(true)
    ref.tell('fail')
    await quiet()
    expect([statuses(app), ref.incarnation]).toEqual([['a running', 'b running'], 1])
    await app.stop()
    expect(said(log, 'stop')).toEqual(['b', 'a'])
  })

  test('resolves with undefined for an init that returned `ignore`, whose spec is kept', async () => {
    const { starts, of, system } = scene()
    const app = await system.supervise({ children: [] })
    starts.set('a', [() => ignore])
    starts.set('t', [() => ignore])
    expect(await app.startChild(of('a'))).toBeUndefined()
    expect(await app.startChild(of('t', { restart: 'temporary' }))).toBeUndefined()
    expect(statuses(app)).toEqual(['a down'])
    await app.restartChild('a')
    expect(statuses(app)).toEqual(['a running'])
    await app.stop()
  })

  test.each([
    ['ERR_CHILD_RUNNING', 'running', undefined],
    ['ERR_CHILD_PRESENT', 'down', () => ignore],
    ['ERR_CHILD_PRESENT', 'restarting', never],
  ] as const)('is refused with %s for an id that is %s', async (code, status, first) => {
    const { starts, of, system, quiet } = scene()
    if (first !== undefined) starts.set('a', [first])
    const app = await system.supervise({ children: [] })
    const started = app.startChild(of('a')).catch(() => undefined)
    await quiet()
    expect(statuses(app)).toEqual([`a ${status}`])
    await expect(app.startChild(of('a'))).rejects.toMatchObject({ name: 'SupervisorError', code })
    await app.kill()
    await started
  })

  test('rejects when the start fails: the spec is not kept, the id is free', async () => {
    const { starts, of, system } = scene()
    starts.set('a', [failing])
    const app = await system.supervise({ children: [] })
    await expect(app.startChild(of('a'))).rejects.toMatchObject({ code: 'ERR_ACTOR_DOWN' })
    expect(app.which()).toEqual([])
    await app.startChild(of('a'))
    expect(statuses(app)).toEqual(['a running'])
    await app.stop()
  })

  test('of a supervisor gives that one', async () => {
    const { of, system } = scene()
    const app = await system.supervise({ children: [] })
    const nested = await app.startChild(child.supervisor('in', { children: [of('a')] }))
    expect([statuses(nested), statuses(app)]).toEqual([['a running'], ['in running']])
    await app.stop()
  })

  test('refuses what the spec of the supervisor would have refused', async () => {
    const { of, system } = scene()
    const app = await system.supervise({ children: [] })
    await expect(app.startChild({ id: 'a' } as never)).rejects.toThrow('`spec`')
    await expect(app.startChild(of('a', { restart: 'temporary', significant: true }))).rejects.toThrow('significant')
    await expect(app.startChild(child.supervisor('in', { intensity: -1, children: [] }))).rejects.toThrow('intensity')
    expect(app.which()).toEqual([])
    await app.stop()
  })

  test('of one that is slow keeps nobody waiting', async () => {
    const { starts, of, system, quiet } = scene()
    const gate = deferred<string>()
    starts.set('slow', [() => gate.promise])
    const app = await system.supervise({ children: [] })
    const slow = app.startChild(of('slow'))
    await quiet()
    await app.startChild(of('quick'))
    expect(statuses(app)).toEqual(['slow restarting', 'quick running'])
    gate.resolve('slow')
    await slow
    expect(statuses(app)).toEqual(['slow running', 'quick running'])
    await app.stop()
  })
})

describe('terminateChild', () => {
  test('ends a child for good, and keeps its spec unless temporary', async () => {
    const { clock, log, of, system } = scene()
    const app = await system.supervise({ children: [of('a'), of('b'), of('t', { restart: 'temporary' })] })
    const ref = app.ref('a')
    await app.terminateChild('a')
    await app.terminateChild('t')
    expect(said(log, 'stop')).toEqual(['a', 't'])
    await clock.advance(60_000)
    expect(statuses(app)).toEqual(['a down', 'b running'])
    // One that is down already is so still.
    await app.terminateChild('a')
    await expect(app.terminateChild('t')).rejects.toMatchObject({ code: 'ERR_CHILD_NOT_FOUND' })
    expect(ref.tell('fail')).toBe(false)
    await expect(ref.ask('id')).rejects.toMatchObject({ code: 'ERR_ACTOR_DOWN', reason: { type: 'shutdown' } })
    await app.stop()
  })

  test('of one that waits to be started anew ends the waiting', async () => {
    const { clock, log, starts, of, system } = scene()
    const app = await system.supervise({ intensity: 9, backoff: plain, children: [of('a')] })
    starts.set('a', [failing, failing])
    app.ref('a').tell('fail')
    await clock.advance(50)
    const waiting = app.ref('a').ask('id')
    const before = said(log, 'start').length
    await app.terminateChild('a')
    await expect(waiting).rejects.toMatchObject({ code: 'ERR_ACTOR_DOWN' })
    await clock.advance(60_000)
    expect([said(log, 'start').length, statuses(app)]).toEqual([before, ['a down']])
    await app.stop()
  })

  test('of one that is being started anew ends that start', async () => {
    const { clock, starts, of, system, quiet } = scene()
    const app = await system.supervise({ children: [of('a')] })
    starts.set('a', [never])
    app.ref('a').tell('fail')
    await quiet()
    await app.terminateChild('a')
    await clock.advance(60_000)
    expect([statuses(app), system.tree().split('\n').length]).toEqual([['a down'], 2])
    await app.stop()
  })

  test('of one whose first start is under way fails startChild', async () => {
    const { starts, of, system, quiet } = scene()
    const app = await system.supervise({ children: [] })
    starts.set('a', [never])
    const started = app.startChild(of('a'))
    const outcome = started.catch((error: unknown) => error)
    await quiet()
    await app.terminateChild('a').catch(() => undefined)
    expect(await outcome).toMatchObject({ code: 'ERR_ACTOR_DOWN' })
    expect(app.which()).toEqual([])
    await app.stop()
  })

  test('of a supervisor stops its children in reverse', async () => {
    const { log, of, system } = scene()
    const inner = { children: [of('a'), of('b')] }
    const app = await system.supervise({ children: [child.supervisor('in', inner)] })
    await app.terminateChild('in')
    expect([said(log, 'stop'), statuses(app)]).toEqual([['b', 'a'], ['in down']])
    await app.restartChild('in')
    expect(statuses(app.supervisor('in'))).toEqual(['a running', 'b running'])
    await app.stop()
  })

  test('waits for no sibling under one_for_one', async () => {
    const { of, system, quiet } = scene()
    const gate = deferred()
    const slow = defineActor({ init: () => undefined, on: {}, onStop: () => gate.promise })
    const app = await system.supervise({ children: [child('slow', slow), of('b')] })
    const first = app.terminateChild('slow')
    await quiet()
    await app.terminateChild('b')
    expect(await stateOf(first)).toBe('pending')
    gate.resolve()
    await first
    await app.stop()
  })

  test('of a child that crashes at that moment lets it not come back', async () => {
    const { log, of, system, quiet } = scene()
    for (const strategy of ['one_for_one', 'one_for_all', 'rest_for_one'] as const) {
      log.length = 0
      const app = await system.supervise({ strategy, children: [of('a'), of('b')] })
      app.ref('a').tell('fail')
      await app.terminateChild('a')
      await quiet()
      expect(statuses(app)[0]).toBe('a down')
      expect(statuses(app)[1]).toBe('b running')
      await app.stop()
    }
  })
})

describe('restartChild and deleteChild', () => {
  test('start one that is down, behind the same ref', async () => {
    const { of, system } = scene()
    const app = await system.supervise({ children: [of('a')] })
    const ref = app.ref('a')
    await app.terminateChild('a')
    await app.restartChild('a')
    expect([await ref.ask('id'), ref.incarnation, statuses(app)]).toEqual(['a', 1, ['a running']])
    await app.stop()
  })

  test('a restart that fails leaves it down, and counts for nothing', async () => {
    const { starts, of, system, quiet } = scene()
    const app = await system.supervise({ intensity: 0, children: [of('a')] })
    await app.terminateChild('a')
    starts.set('a', [failing])
    await expect(app.restartChild('a')).rejects.toMatchObject({ code: 'ERR_ACTOR_DOWN' })
    await quiet()
    expect([statuses(app), await stateOf(app.exited)]).toEqual([['a down'], 'pending'])
    await app.restartChild('a')
    expect(statuses(app)).toEqual(['a running'])
    await app.stop()
  })

  test('forget the spec of one that is down, and its id is free', async () => {
    const { of, system } = scene()
    const app = await system.supervise({ children: [of('a'), of('b')] })
    await app.terminateChild('a')
    await app.deleteChild('a')
    expect([statuses(app), app.childSpec('a')]).toEqual([['b running'], undefined])
    await app.startChild(of('a'))
    expect(statuses(app)).toEqual(['b running', 'a running'])
    await app.stop()
  })

  test.each(['restartChild', 'deleteChild'] as const)(
    '(%s) are refused while it runs, restarts, or is unknown',
    async (call) => {
      const { clock, starts, of, system } = scene()
      const app = await system.supervise({ intensity: 9, backoff: plain, children: [of('a')] })
      await expect(app[call]('a')).rejects.toMatchObject({ code: 'ERR_CHILD_RUNNING' })
      starts.set('a', [failing, failing])
      app.ref('a').tell('fail')
      await clock.advance(50)
      expect(statuses(app)).toEqual(['a restarting'])
      const refused = app[call]('a')
      await expect(refused).rejects.toMatchObject({ code: 'ERR_CHILD_RUNNING' })
      await expect(refused).rejects.toThrow('restarting')
      await expect(app[call]('x')).rejects.toMatchObject({ code: 'ERR_CHILD_NOT_FOUND' })
      await expect(app[call](3 as never)).rejects.toThrow('`id`')
      await app.stop()
    },
  )

  test('reject once the supervisor is down', async () => {
    const { of, system } = scene()
    const app = await system.supervise({ children: [of('a')] })
    await app.stop()
    for (const call of ['restartChild', 'deleteChild', 'terminateChild'] as const)
      await expect(app[call]('a')).rejects.toMatchObject({ code: 'ERR_ACTOR_DOWN' })
  })
})

describe('what a supervisor tells of itself', () => {
  test('which() has a ref of those that run; count() counts as OTP does', async () => {
    const { starts, of, system } = scene()
    starts.set('b', [() => ignore])
    const inner = child.supervisor('in', { children: [] })
    const app = await system.supervise({ children: [of('a'), of('b'), inner] })
    expect(app.which()).toEqual([
      { id: 'a', type: 'worker', status: 'running', ref: expect.objectContaining({ id: app.ref('a').id }) },
      { id: 'b', type: 'worker', status: 'down' },
      { id: 'in', type: 'supervisor', status: 'running' },
    ])
    expect(app.count()).toEqual({ specs: 3, active: 2, supervisors: 1, workers: 2 })
    await app.stop()
  })

  test('childSpec() has the defaults', async () => {
    const { of, system } = scene()
    const app = await system.supervise({
      children: [of('a', { shutdown: 'brutal_kill', restart: 'transient' }), of('b')],
    })
    expect(app.childSpec('a')).toEqual({
      ...{ id: 'a', type: 'worker', restart: 'transient', shutdown: 'brutal_kill', significant: false },
    })
    expect(app.childSpec('b')).toMatchObject({ restart: 'permanent', shutdown: 5_000 })
    expect(app.childSpec('c')).toBeUndefined()
    await app.stop()
  })

  test('ref() of an id that is not there is refused', async () => {
    const { of, system } = scene()
    const app = await system.supervise({ children: [of('a')] })
    expect(() => app.ref('b' as 'a')).toThrow(expect.objectContaining({ code: 'ERR_CHILD_NOT_FOUND' }))
    await app.stop()
  })

  test('events$ tells of each child, and completes at its end', async () => {
    const { of, system, quiet } = scene()
    const app = await system.supervise({ children: [] })
    const events = heard(app)
    let complete = false
    app.events$.subscribe({ complete: () => void (complete = true) })
    const ref = await app.startChild(of('a'))
    ref.tell('fail')
    await quiet()
    await app.stop()
    expect(events).toEqual(['spawned a', 'crashed a', 'down a error', 'restarted a 1', 'down a shutdown'])
    expect(complete).toBe(true)
  })
})
