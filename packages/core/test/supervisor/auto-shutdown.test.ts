import { child } from '@troupe/core'
import { stateOf } from '../support/settle.js'
import { said, scene, statuses } from '../support/supervision.js'

const significant = { restart: 'transient', significant: true } as const

describe('a supervisor that ends with its significant children', () => {
  test.each([
    ['any_significant', ['a'], 'fulfilled'],
    ['all_significant', ['a'], 'pending'],
    ['all_significant', ['a', 'b'], 'fulfilled'],
    ['any_significant', ['c'], 'pending'],
    ['all_significant', ['c'], 'pending'],
    ['never', ['c'], 'pending'],
  ] as const)('under %s after the normal ends of %j: %s', async (autoShutdown, ends, state) => {
    const { of, system, quiet } = scene()
    const some = autoShutdown === 'never' ? {} : significant
    const children = [of('a', some), of('b', some), of('c', { restart: 'transient' })]
    const app = await system.supervise({ autoShutdown, children })
    for (const id of ends) {
      app.ref(id).tell('quit', { type: 'normal' })
      await quiet()
    }
    expect(await stateOf(app.exited)).toBe(state)
    await app.kill()
  })

  test('exits by shutdown, and stops the others in reverse', async () => {
    const { log, of, system, quiet } = scene()
    const app = await system.supervise({
      autoShutdown: 'any_significant',
      children: [of('a'), of('b', significant), of('c')],
    })
    app.ref('b').tell('quit', { type: 'normal' })
    await quiet()
    expect(await app.exited).toEqual({ type: 'shutdown' })
    expect([said(log, 'stop'), system.tree()]).toEqual([['b', 'c', 'a'], 'test'])
  })

  test.each([
    ['transient', 'error', 'pending'],
    ['temporary', 'error', 'fulfilled'],
    ['temporary', 'normal', 'fulfilled'],
  ] as const)(
    'a %s one that ended by %s leaves it %s: only an end without a restart counts',
    async (restart, type, state) => {
      const { of, system, quiet } = scene()
      const app = await system.supervise({
        autoShutdown: 'any_significant',
        children: [of('a', { restart, significant: true }), of('b')],
      })
      if (type === 'error') app.ref('a').tell('fail')
      else app.ref('a').tell('quit', { type })
      await quiet()
      expect(await stateOf(app.exited)).toBe(state)
      await app.kill()
    },
  )

  test('does not by terminateChild', async () => {
    const { of, system, quiet } = scene()
    const app = await system.supervise({ autoShutdown: 'any_significant', children: [of('a', significant), of('b')] })
    await app.terminateChild('a')
    await quiet()
    expect([await stateOf(app.exited), statuses(app)]).toEqual(['pending', ['a down', 'b running']])
    await app.stop()
  })

  test('does not by the stop of a bystander', async () => {
    const { of, system, quiet } = scene()
    const app = await system.supervise({
      ...{ strategy: 'one_for_all', autoShutdown: 'any_significant' },
      children: [of('a'), of('b', { restart: 'temporary', significant: true })],
    } as const)
    app.ref('a').tell('fail')
    await quiet()
    expect([await stateOf(app.exited), statuses(app)]).toEqual(['pending', ['a running']])
    await app.stop()
  })

  test('under all_significant waits for one that is being restarted', async () => {
    const { clock, of, system, quiet } = scene()
    const backoff = { min: 100, jitter: 0 }
    const children = [of('a', significant), of('b', significant)]
    const app = await system.supervise({ autoShutdown: 'all_significant', intensity: 9, backoff, children })
    app.ref('a').tell('fail')
    await quiet()
    app.ref('a').tell('fail')
    app.ref('b').tell('quit', { type: 'normal' })
    await quiet()
    expect([await stateOf(app.exited), statuses(app)]).toEqual(['pending', ['a restarting', 'b down']])
    await clock.advance(100)
    app.ref('a').tell('quit', { type: 'normal' })
    await quiet()
    expect(await app.exited).toEqual({ type: 'shutdown' })
  })

  test('within another is a significant child itself: ends go up', async () => {
    const { of, system, quiet } = scene()
    const inner = { autoShutdown: 'all_significant', children: [of('b', significant)] } as const
    const app = await system.supervise({
      autoShutdown: 'any_significant',
      children: [of('a'), child.supervisor('in', inner, significant)],
    })
    app.supervisor('in').ref('b').tell('quit', { type: 'normal' })
    await quiet()
    expect(await app.exited).toEqual({ type: 'shutdown' })
  })
})
