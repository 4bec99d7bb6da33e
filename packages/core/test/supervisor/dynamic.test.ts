import { child, defineActor, ignore } from '@troupe/core'
import { deferred, stateOf } from '../support/settle.js'
import { failing, said, scene, statuses } from '../support/supervision.js'

describe('a dynamic supervisor', () => {
  test('starts children from one template; each is told by its ref', async () => {
    const { log, of, system, quiet } = scene()
    const app = await system.superviseDynamic({ intensity: 9, child: (id: string) => of(id) })
    const [a, b] = [await app.startChild('x'), await app.startChild('x')]
    expect([a.equals(b), statuses(app)]).toEqual([false, ['x running', 'x running']])
    await app.terminateChild(a)
    expect(app.count()).toEqual({ specs: 1, active: 1, supervisors: 0, workers: 1 })
    b.tell('fail')
    await quiet()
    expect([await b.ask('id'), b.incarnation, said(log, 'stop')]).toEqual(['x', 1, ['x']])
    await expect(app.terminateChild(a)).rejects.toMatchObject({ code: 'ERR_CHILD_NOT_FOUND' })
    await expect(app.terminateChild('x' as never)).rejects.toThrow(TypeError)
    await app.stop()
  })

  test('forgets each that is over, whatever its restart', async () => {
    const { of, system, quiet } = scene()
    const app = await system.superviseDynamic({
      child: (restart: 'transient' | 'temporary') => of(restart, { restart }),
    })
    const refs = [await app.startChild('transient'), await app.startChild('temporary')]
    for (const ref of refs) ref.tell('quit', { type: 'normal' })
    await quiet()
    expect(app.count().specs).toBe(0)
    await app.stop()
  })

  test('keeps nothing of one that failed to start, or whose init returned `ignore`', async () => {
    const { starts, of, system } = scene()
    const app = await system.superviseDynamic({ child: (id: string) => of(id) })
    starts.set('a', [failing, () => ignore])
    await expect(app.startChild('a')).rejects.toMatchObject({ code: 'ERR_ACTOR_DOWN' })
    expect(await app.startChild('a')).toBeUndefined()
    expect(app.which()).toEqual([])
    await app.stop()
  })

  test('takes no more than maxChildren, those that wait for a restart included', async () => {
    const { clock, of, system, quiet } = scene()
    const backoff = { min: 100, jitter: 0 }
    const app = await system.superviseDynamic({ maxChildren: 2, intensity: 9, backoff, child: (id: string) => of(id) })
    const a = await app.startChild('a')
    await app.startChild('b')
    for (let life = 0; life < 2; life += 1) {
      a.tell('fail')
      await quiet()
    }
    expect(statuses(app)).toEqual(['a restarting', 'b running'])
    await expect(app.startChild('c')).rejects.toMatchObject({ code: 'ERR_MAX_CHILDREN' })
    await clock.advance(100)
    await app.terminateChild(a)
    await app.startChild('c')
    expect(statuses(app)).toEqual(['b running', 'c running'])
    await app.stop()
  })

  test('stops all at the same time', async () => {
    const { system, quiet } = scene()
    const gates = [deferred(), deferred(), deferred()]
    const stopping: number[] = []
    const slow = defineActor({
      init: (n: number) => n,
      on: {},
      onStop: (n) => {
        stopping.push(n)
        return gates[n]?.promise
      },
    })
    const app = await system.superviseDynamic({ child: (n: number) => child('slow', slow, n) })
    for (const n of [0, 1, 2]) await app.startChild(n)
    const stopped = app.stop()
    await quiet()
    expect([...stopping].sort((a, b) => a - b)).toEqual([0, 1, 2])
    gates[0]?.resolve()
    gates[1]?.resolve()
    expect(await stateOf(stopped)).toBe('pending')
    gates[2]?.resolve()
    await stopped
    expect(system.tree()).toBe('test')
  })

  test('gives up by the budget of all, and its refs are down then', async () => {
    const { of, system, quiet } = scene()
    const app = await system.superviseDynamic({ intensity: 1, child: (id: string) => of(id) })
    const refs = [await app.startChild('a'), await app.startChild('b')]
    for (const ref of refs) ref.tell('fail')
    await quiet()
    expect(await app.exited).toMatchObject({ type: 'shutdown', error: { code: 'ERR_RESTART_LIMIT' } })
    for (const ref of refs) await expect(ref.ask('id')).rejects.toMatchObject({ code: 'ERR_ACTOR_DOWN' })
    await expect(app.startChild('c')).rejects.toMatchObject({ code: 'ERR_ACTOR_DOWN' })
  })

  test('restarts children side by side: none waits for another', async () => {
    const { starts, of, system, quiet } = scene()
    const app = await system.superviseDynamic({ intensity: 9, child: (id: string) => of(id) })
    const [a, b] = [await app.startChild('a'), await app.startChild('b')]
    const gate = deferred<string>()
    starts.set('a', [() => gate.promise])
    a.tell('fail')
    b.tell('fail')
    await quiet()
    expect(statuses(app)).toEqual(['a restarting', 'b running'])
    gate.resolve('a')
    expect(await a.ask('id')).toBe('a')
    await app.stop()
  })

  test('takes supervisors too, told by their handles', async () => {
    const { of, system } = scene()
    const app = await system.superviseDynamic({
      child: (id: string) => child.supervisor('room', { children: [of(id)] }),
    })
    const [one, two] = [await app.startChild('a'), await app.startChild('b')]
    await app.terminateChild(one)
    expect([one.which(), statuses(two), statuses(app)]).toEqual([[], ['b running'], ['room running']])
    await app.stop()
  })

  test('refuses what the template makes of a wrong input', async () => {
    const { of, system } = scene()
    const app = await system.superviseDynamic({ child: (id: string) => (id === '' ? (id as never) : of(id)) })
    await expect(app.startChild('')).rejects.toThrow('`child`')
    await app.stop()
  })
})
