import { deferred } from '../support/settle.js'
import { said, scene, statuses } from '../support/supervision.js'

/** The actors that live, as the tree draws them: none may be there of which its supervisor knows nothing. */
const alive = (tree: string): string[] => [...tree.matchAll(/─ (\w+) \(/g)].map(([, name]) => name as string).slice(1)
const outcomes = async (calls: Promise<unknown>[]): Promise<unknown[]> =>
  (await Promise.allSettled(calls)).map((call) => (call.status === 'fulfilled' ? 'done' : call.reason.code))

describe('what is asked of a supervisor while others have their turn', () => {
  test('a child whose first start waits is not started by a restart of its siblings, and not twice', async () => {
    const { log, of, starts, system, quiet } = scene()
    const gate = deferred<string>()
    starts.set('b', [() => gate.promise])
    const app = await system.supervise({ strategy: 'one_for_all', intensity: 5, children: [of('a')] })
    const added = [app.startChild(of('b'))]
    await quiet()
    app.ref('a').tell('fail')
    await quiet()
    added.push(app.startChild(of('c')))
    await quiet()
    expect(statuses(app)).toEqual(['a running', 'b restarting', 'c restarting'])
    gate.resolve('b')
    expect(await outcomes(added)).toEqual(['done', 'done'])
    await quiet()
    expect(said(log, 'start')).toEqual(['a', 'b', 'a', 'b', 'c'])
    expect([statuses(app), alive(system.tree())]).toEqual([
      ['a running', 'b running', 'c running'],
      ['a', 'b', 'c'],
    ])
    await app.stop()
    expect(said(log, 'stop')).toEqual(['b', 'c', 'b', 'a'])
  })

  test.each([
    ['startChild and deleteChild', 'ERR_CHILD_RUNNING', ['a running'], ['a']],
    ['restartChild and deleteChild', 'ERR_CHILD_NOT_FOUND', [], []],
    ['restartChild and terminateChild', 'ERR_ACTOR_DOWN', ['a down'], []],
    ['startChild and terminateChild', 'ERR_ACTOR_DOWN', [], []],
  ])('%s in one turn leave nothing that runs and is not known', async (what, refused, left, alone) => {
    const { of, system, quiet } = scene()
    const app = await system.supervise({ children: [] })
    const [first, then] = what.split(' and ') as ['startChild' | 'restartChild', 'deleteChild' | 'terminateChild']
    if (first === 'restartChild') {
      await app.startChild(of('a'))
      await app.terminateChild('a')
    }
    const calls = [first === 'startChild' ? app.startChild(of('a')) : app.restartChild('a'), app[then]('a')]
    expect(new Set(await outcomes(calls))).toEqual(new Set([refused, 'done']))
    await quiet()
    expect([statuses(app), alive(system.tree())]).toEqual([left, alone])
    await app.stop()
  })

  test('a child that is terminated as its back-off is over takes no siblings along', async () => {
    const { clock, log, of, starts, system, quiet } = scene()
    const backoff = { min: 100, jitter: 0 }
    const app = await system.supervise({
      ...{ strategy: 'rest_for_one', intensity: 9, backoff },
      children: [of('a'), of('b')],
    })
    for (const _ of ['at once', 'later']) {
      app.ref('a').tell('fail')
      await quiet()
    }
    const gate = deferred<string>()
    starts.set('c', [() => gate.promise])
    const added = app.startChild(of('c'))
    await quiet()
    await clock.advance(100)
    const terminated = app.terminateChild('a')
    await quiet()
    log.length = 0
    gate.resolve('c')
    await Promise.all([added, terminated])
    await quiet()
    expect([statuses(app), log]).toEqual([['a down', 'b running', 'c running'], []])
    await app.stop()
  })
})
