import { child, ignore, SupervisorError } from '@troupe/core'
import { ActorSystem } from '@troupe/core/internal'
import { ManualClock } from '@troupe/core/testing'
import { deferred, stateOf } from '../support/settle.js'
import { failing, never, said, scene, statuses } from '../support/supervision.js'

describe('the start of a supervisor', () => {
  test('starts its children in order, each when the one before is ready', async () => {
    const { log, starts, of, system, quiet } = scene()
    const gate = deferred<string>()
    starts.set('b', [() => gate.promise])
    const app = system.supervise({ children: [of('a'), of('b'), of('c')] })
    await quiet()
    expect([said(log, 'start'), await stateOf(app)]).toEqual([['a', 'b'], 'pending'])
    gate.resolve('b')
    expect(statuses(await app)).toEqual(['a running', 'b running', 'c running'])
    expect(said(log, 'start')).toEqual(['a', 'b', 'c'])
  })

  test('fails when a child does not start: those before it stop in reverse, and the error names the child', async () => {
    const { log, starts, of, system } = scene()
    starts.set('c', [failing])
    const failed = system.supervise({ children: [of('a'), of('b'), of('c'), of('d')] })
    await expect(failed).rejects.toBeInstanceOf(SupervisorError)
    await expect(failed).rejects.toMatchObject({
      message: expect.stringContaining("'c'"),
      cause: { code: 'ERR_ACTOR_DOWN', cause: { message: 'no start' } },
    })
    expect([said(log, 'start'), said(log, 'stop')]).toEqual([
      ['a', 'b', 'c'],
      ['b', 'a'],
    ])
    expect(system.tree()).toBe('test')
  })

  test('within another one fails that one too, whose children stop as well', async () => {
    const { log, starts, of, system } = scene()
    starts.set('inner 2', [failing])
    const inner = { children: [of('inner 1'), of('inner 2')] }
    const failed = system.supervise({ children: [of('a'), child.supervisor('in', inner)] })
    await expect(failed).rejects.toBeInstanceOf(SupervisorError)
    expect(said(log, 'stop')).toEqual(['inner 1', 'a'])
    expect(system.tree()).toBe('test')
  })

  test.each([
    ['permanent', ['a down', 'b running']],
    ['transient', ['a down', 'b running']],
    ['temporary', ['b running']],
  ] as const)('passes over a %s child whose init returned `ignore`, and leaves %j', async (restart, left) => {
    const { clock, log, starts, of, system } = scene()
    starts.set('a', [() => ignore])
    const app = await system.supervise({ children: [of('a', { restart }), of('b')] })
    await clock.advance(60_000)
    expect(statuses(app)).toEqual(left)
    expect(said(log, 'start')).toEqual(['a', 'b'])
    await app.stop()
  })

  test('of no children is one that waits for some', async () => {
    const { system } = scene()
    const app = await system.supervise({ children: [] })
    expect([app.which(), await stateOf(app.exited)]).toEqual([[], 'pending'])
    await app.stop()
  })

  test('that the end of its system comes upon leaves nothing', async () => {
    const { clock, starts, of, system, quiet } = scene()
    starts.set('b', [never])
    const app = system.supervise({ children: [of('a'), of('b'), of('c')] })
    const outcome = app.catch((error: unknown) => error)
    await quiet()
    const stopped = system.stop()
    await clock.advance(5_000)
    await stopped
    expect(await outcome).toMatchObject({ name: expect.stringMatching(/Error$/) })
    expect(system.tree()).toBe('test')
    expect(clock.pending).toBe(0)
  })

  test('is refused by a system that has stopped', async () => {
    const system = new ActorSystem({ name: 'test', clock: new ManualClock(), askTimeout: undefined, host: 1 })
    await system.stop()
    await expect(system.supervise({ children: [] })).rejects.toMatchObject({ code: 'ERR_SYSTEM_STOPPED' })
  })
})
