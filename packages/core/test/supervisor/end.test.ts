import { child, defineActor } from '@troupe/core'
import { deferred, stateOf } from '../support/settle.js'
import { failing, heard, never, said, scene, statuses } from '../support/supervision.js'

describe('the end of a supervisor', () => {
  test('stops its children in reverse, one after the other, then itself', async () => {
    const { log, of, system } = scene()
    const inner = { children: [of('b'), of('c')] }
    const app = await system.supervise({ children: [of('a'), child.supervisor('in', inner), of('d')] })
    const events = heard(app)
    expect(await app.stop()).toEqual({ type: 'shutdown' })
    expect(said(log, 'stop')).toEqual(['d', 'c', 'b', 'a'])
    expect(events).toEqual(['down d shutdown', 'down in shutdown', 'down a shutdown'])
    expect([app.which(), app.count(), system.tree()]).toEqual([
      [],
      { specs: 0, active: 0, supervisors: 0, workers: 0 },
      'test',
    ])
  })

  test('waits for one child before it asks the next', async () => {
    const { log, of, system, quiet } = scene()
    const gate = deferred()
    const slow = defineActor({ init: () => undefined, on: {}, onStop: () => gate.promise })
    const app = await system.supervise({ children: [of('a'), child('slow', slow), of('c')] })
    const stopped = app.stop()
    await quiet()
    expect([said(log, 'stop'), await stateOf(stopped)]).toEqual([['c'], 'pending'])
    gate.resolve()
    await stopped
    expect(said(log, 'stop')).toEqual(['c', 'a'])
  })

  test.each([
    ['asks a child, and waits', 5_000, ['a']],
    ['kills a child at once', 'brutal_kill', []],
  ] as const)('%s, when its shutdown is %p', async (_, shutdown, stops) => {
    const { log, of, system } = scene()
    const app = await system.supervise({ children: [of('a', { shutdown })] })
    await app.stop()
    expect(said(log, 'stop')).toEqual(stops)
  })

  test('kills each child that does not stop within its own shutdown', async () => {
    const { clock, system } = scene()
    const stuck = defineActor({ init: () => undefined, on: {}, onStop: never })
    const children = [child('a', stuck, undefined, { shutdown: 70 }), child('b', stuck, undefined, { shutdown: 30 })]
    const app = await system.supervise({ children })
    const events = heard(app)
    const stopped = app.stop()
    await clock.advance(29)
    expect(events).toEqual([])
    await clock.advance(1)
    expect(events).toEqual(['crashed b', 'down b killed'])
    await clock.advance(69)
    expect(await stateOf(stopped)).toBe('pending')
    await clock.advance(1)
    expect(await stopped).toEqual({ type: 'shutdown' })
  })

  test('hears of a child whose onStop throws, and goes on', async () => {
    const { log, of, system } = scene()
    const bad = defineActor({ init: () => undefined, on: {}, onStop: failing })
    const app = await system.supervise({ children: [of('a'), child('bad', bad)] })
    const events = heard(app)
    expect(await app.stop()).toEqual({ type: 'shutdown' })
    expect([events, said(log, 'stop')]).toEqual([['crashed bad', 'down bad error', 'down a shutdown'], ['a']])
  })

  test('by a kill takes all with it, without onStop', async () => {
    const { log, of, system } = scene()
    const app = await system.supervise({ children: [of('a'), child.supervisor('in', { children: [of('b')] })] })
    expect(await app.kill()).toEqual({ type: 'killed' })
    expect([said(log, 'stop'), system.tree()]).toEqual([[], 'test'])
  })

  test('by a kill ends its events and its refs too', async () => {
    const { of, system } = scene()
    const app = await system.supervise({ children: [of('a')] })
    let completed = 0
    app.events$.subscribe({ complete: () => void (completed += 1) })
    await app.kill()
    expect(completed).toBe(1)
    expect(app.ref('a').tell('fail')).toBe(false)
    await expect(app.ref('a').ask('id')).rejects.toMatchObject({ code: 'ERR_ACTOR_DOWN' })
    await expect(app.startChild(of('b'))).rejects.toMatchObject({ code: 'ERR_ACTOR_DOWN' })
  })

  test('out of time kills all that is left', async () => {
    const { clock, of, system } = scene()
    const stuck = defineActor({ init: () => undefined, on: {}, onStop: never })
    const app = await system.supervise({ children: [of('a'), child('b', stuck, undefined, { shutdown: Infinity })] })
    const stopped = app.stop({ timeout: 100 })
    await clock.advance(99)
    expect(await stateOf(stopped)).toBe('pending')
    await clock.advance(1)
    expect(await stopped).toEqual({ type: 'killed' })
    expect(system.tree()).toBe('test')
  })

  test('is the end of what its system has of it', async () => {
    const { log, of, system } = scene()
    await system.supervise({ children: [of('a'), of('b')] })
    await system.stop()
    expect([said(log, 'stop'), system.tree()]).toEqual([['b', 'a'], 'test'])
  })

  test('while a restart waits for its time starts nothing any more, and leaves no timer', async () => {
    for (const how of ['stop', 'kill'] as const) {
      const { clock, log, starts, of, system } = scene()
      const app = await system.supervise({ intensity: 9, backoff: { jitter: 0 }, children: [of('a')] })
      const idle = clock.pending
      starts.set('a', [failing, failing])
      app.ref('a').tell('fail')
      await clock.advance(50)
      expect([statuses(app), clock.pending]).toEqual([['a restarting'], idle + 1])
      const before = said(log, 'start').length
      await app[how]()
      expect([how, clock.pending]).toEqual([how, idle])
      await system.stop()
      expect(clock.pending).toBe(0)
      await clock.advance(60_000)
      expect(said(log, 'start').length).toBe(before)
    }
  })

  test.each(['stop', 'kill'] as const)('(%s) while a child is being restarted takes it along', async (how) => {
    const { clock, log, starts, of, system, quiet } = scene()
    const app = await system.supervise({ children: [of('a'), of('b')] })
    const gate = deferred<string>()
    starts.set('b', [() => gate.promise])
    app.ref('b').tell('fail')
    await quiet()
    expect(statuses(app)).toEqual(['a running', 'b restarting'])
    const ended = app[how]()
    await quiet()
    expect(await ended).toMatchObject({ type: how === 'stop' ? 'shutdown' : 'killed' })
    gate.resolve('b')
    await clock.advance(60_000)
    expect([system.tree(), said(log, 'start')]).toEqual(['test', ['a', 'b', 'b']])
  })

  test.each(['stop', 'kill'] as const)('(%s) while startChild is under way fails that', async (how) => {
    const { starts, of, system, quiet } = scene()
    const app = await system.supervise({ children: [of('a')] })
    starts.set('b', [never])
    const started = app.startChild(of('b')).catch((error: unknown) => error)
    await quiet()
    const ended = app[how]()
    await quiet()
    await ended
    expect(await started).toMatchObject({ code: 'ERR_ACTOR_DOWN' })
    expect(system.tree()).toBe('test')
  })

  test.each(['stop', 'kill'] as const)('(%s) amid the restart of a group starts none of the rest', async (how) => {
    const { clock, log, starts, of, system, quiet } = scene()
    const children = [of('a'), of('b'), of('c')]
    const app = await system.supervise({ strategy: 'one_for_all', children })
    starts.set('b', [never])
    app.ref('a').tell('fail')
    await quiet()
    expect(statuses(app)).toEqual(['a running', 'b restarting', 'c down'])
    const ended = app[how]()
    await quiet()
    await ended
    await clock.advance(60_000)
    expect(said(log, 'start').filter((id) => id === 'c').length).toBe(1)
    expect(system.tree()).toBe('test')
  })
})
