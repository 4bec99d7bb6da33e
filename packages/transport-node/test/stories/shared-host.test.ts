/** Several actors in one process or thread: each ends alone, and all of them with it. */
import type { ActorRef, Host, System, SystemEvent } from '@troupe/core'
import { createProbe } from '@troupe/core/testing'
import { childProcess, remote } from '@troupe/transport-node'
import { launcher, owns } from './places.js'
import { actors, failureOf, isAlive, SETTLES, stopSystems, testSystem, within } from './support.js'

const gates = remote<typeof import('../fixtures/gate.js')>(new URL('../fixtures/gate.js', import.meta.url))
const gated = remote<typeof import('../fixtures/gated.js')>(new URL('../fixtures/gated.js', import.meta.url))

afterEach(stopSystems)

describe.each(owns)('a launched %s', (own) => {
  async function launched(): Promise<{ system: System; events: SystemEvent[]; host: Host; refs: ActorRef<any>[] }> {
    const { system, events } = testSystem()
    const host = await system.launch(launcher(own))
    const refs = await Promise.all([1, 2, 3].map(() => system.spawn(actors.ender, undefined, { on: host })))
    return { system, events, host, refs }
  }

  test('has its actors in one place, beside each other', async () => {
    const { system, host } = await launched()
    const counter = await system.spawn(actors.counter, { start: 1 }, { on: host })
    const friend = await system.spawn(actors.friend, { other: counter, to: counter as never }, { on: host })
    expect(await friend.ask('ask', { name: 'add', arg: 2 })).toBe(3)
    expect(await counter.ask('pid')).toBe(host.pid)
    expect(host.pid === process.pid).toBe(own === 'thread')
    expect(host.threadId === undefined).toBe(own === 'process')
  })

  test('may start processes while the module of another of its actors is still being loaded', async () => {
    const { system } = testSystem()
    const host = await system.launch(launcher(own))
    const keeper = await system.spawn(gates.keeper, undefined, { on: host })
    const spawning = system.spawn(gated.gated, undefined, { on: host })
    while ((await keeper.ask('evaluating')) === 0);
    expect(await keeper.ask('start', 5)).toBe(5)
    keeper.tell('open')
    expect(await (await spawning).ask('hello')).toBe('hello')
  })

  test.each([
    ['exit', 3, { type: 'exit', code: 3, signal: null }],
    ['uncaught', undefined, { type: 'error', error: { message: 'nobody caught me' } }],
  ] as const)('that ends by what one of its actors does (%s) takes all down, each once', async (how, arg, reason) => {
    const { events, host, refs } = await launched()
    const asked = failureOf((refs[1] as ActorRef<any>).ask('hang'))
    refs[0]?.tell(how, arg)
    expect(await within(5 * SETTLES, host.exited)).toMatchObject(reason)
    for (const ref of refs) expect(await ref.exited).toMatchObject(reason)
    expect(await asked).toMatchObject({ code: 'ERR_ACTOR_DOWN', reason })
    expect(events.filter(({ type }) => type === 'down').map(({ id }) => id)).toEqual(refs.map(({ id }) => id))
    expect(events.filter(({ type }) => type === 'crashed').map(({ id }) => id)).toEqual([host.id])
  })

  test('is killed with all its actors, though one of them never returns', async () => {
    const { system, host, refs } = await launched()
    const probe = await createProbe<string>(system)
    refs[0]?.tell('busy', probe.ref)
    await probe.next()
    expect(await within(SETTLES, host.kill())).toEqual({ type: 'killed' })
    for (const ref of refs) expect(await ref.exited).toEqual({ type: 'killed' })
    if (own === 'process') expect(isAlive(host.pid as number)).toBe(false)
  })

  test('when stopped has its actors stop, and ends with exit code 0', async () => {
    const { system, events, host } = await launched()
    const probe = await createProbe<string>(system)
    await system.spawn(actors.ordered, probe.ref, { on: host })
    expect(await host.stop()).toEqual({ type: 'shutdown' })
    expect(probe.received).toEqual(['stopped'])
    expect(events.find(({ type }) => type === 'hostDown')).toMatchObject({ code: 0, signal: null })
    expect(await failureOf(system.spawn(actors.ender, undefined, { on: host }))).toMatchObject({
      code: 'ERR_ACTOR_DOWN',
      reason: { type: 'shutdown' },
    })
  })

  test('when stopped is killed after the timeout, when one of its actors cannot hear it', async () => {
    const { system, host, refs } = await launched()
    const probe = await createProbe<string>(system)
    refs[0]?.tell('busy', probe.ref)
    await probe.next()
    // It says so before it begins: then nobody there answers any more.
    const silence = (): Promise<unknown> => (refs[1] as ActorRef<any>).ask('nothing', undefined, { timeout: 100 })
    while ((await failureOf(silence())).code !== 'ERR_TIMEOUT');
    expect(await host.stop({ timeout: 100 })).toEqual({ type: 'killed' })
    for (const ref of refs) expect(await ref.exited).toEqual({ type: 'killed' })
  })

  test('lives on without an actor that is stopped, killed, throws, or does not come up in time', async () => {
    const { system, events, host, refs } = await launched()
    const [a, b, c] = refs as [ActorRef<any>, ActorRef<any>, ActorRef<any>]
    expect(await a.stop()).toEqual({ type: 'shutdown' })
    expect(await b.kill()).toEqual({ type: 'killed' })
    expect(await failureOf(c.ask('throwBuiltIn'))).toMatchObject({
      code: 'ERR_ACTOR_DOWN',
      cause: { name: 'TypeError' },
    })
    const late = system.spawn(actors.failing, 'hang', { on: host, timeout: 200 })
    expect(await failureOf(late)).toMatchObject({ code: 'ERR_TIMEOUT' })
    expect(await failureOf(system.spawn(actors.failing, 'throw', { on: host }))).toMatchObject({
      cause: { item: 'init' },
    })
    const counter = await system.spawn(actors.counter, { start: 5 }, { on: host })
    expect(await counter.ask('get')).toBe(5)
    expect(events.filter(({ type }) => type === 'hostDown')).toEqual([])
    expect(system.tree().split('\n')).toHaveLength(2)
  })
})

test('a launched process that is killed from outside takes its actors down with its signal', async () => {
  const { system } = testSystem()
  const host = await system.launch(childProcess())
  const refs = await Promise.all([1, 2].map(() => system.spawn(actors.ender, undefined, { on: host })))
  process.kill(host.pid as number, 'SIGKILL')
  const reason = { type: 'exit', code: null, signal: 'SIGKILL' }
  for (const ref of refs) expect(await within(SETTLES, ref.exited)).toEqual(reason)
  expect(await host.exited).toEqual(reason)
})

test('a launch rejects when the process ends before it answers, with how it ended', async () => {
  const { system, events } = testSystem()
  const bad = childProcess({ execArgv: ['--import', 'data:text/javascript,process.exit(4)'] })
  const error = await failureOf(system.launch(bad, { name: 'bad one' }))
  expect(error).toMatchObject({ code: 'ERR_ACTOR_DOWN', reason: { type: 'exit', code: 4 } })
  expect(error.message).toContain('bad one')
  expect(events.filter(({ type }) => type === 'crashed')).toEqual([])
})

test.each(owns)('a launch that takes too long, or is given up, rejects and leaves nothing (%s)', async (own) => {
  const { system, events } = testSystem()
  expect(await failureOf(system.launch(launcher(own), { timeout: 0 }))).toMatchObject({ code: 'ERR_TIMEOUT' })
  const controller = new AbortController()
  const launching = failureOf(system.launch(launcher(own), { signal: controller.signal }))
  controller.abort(new Error('changed my mind'))
  expect((await launching).message).toBe('changed my mind')
  expect(events.filter(({ type }) => type === 'hostDown')).toHaveLength(2)
})
