/** What a thread has of the process it runs in, and what of it is its own. */
import type { ActorRef } from '@troupe/core'
import { remote, workerThread } from '@troupe/transport-node'
import { actors, failureOf, SETTLES, stopSystems, testSystem, within } from './support.js'

const threads = remote<typeof import('../fixtures/threads.js')>(new URL('../fixtures/threads.js', import.meta.url))
const on = workerThread()

afterEach(stopSystems)

test('a thread lives in this process, and is shown as what it is', async () => {
  const { system, events } = testSystem()
  const ref = await system.spawn(actors.counter, { start: 1 }, { on, name: 'c' })
  expect(await ref.ask('pid')).toBe(process.pid)
  const [host, id] = [ref.id.split('.')[0], expect.any(Number)]
  expect(events.find(({ type }) => type === 'hostUp')).toMatchObject({ pid: process.pid, threadId: id })
  expect(events.find(({ type }) => type === 'spawned')).toMatchObject({ id: ref.id, pid: process.pid, threadId: id })
  expect(system.tree()).toMatch(
    new RegExp(`^test\\n└─ c \\(${host}\\.\\d+\\) on host ${host}, thread \\d+ of process ${process.pid}$`),
  )
  await ref.stop()
  expect(events.find(({ type }) => type === 'hostDown')).toMatchObject({ code: 0, threadId: id })
})

test('a thread has a copy of the environment and the flags of this process, less those of the test runner', async () => {
  process.env['TROUPE_TEST_VALUE'] = 'inherited'
  try {
    const { system } = testSystem()
    const { cwd, env, execArgv } = await (await system.spawn(actors.echo, undefined, { on })).ask('where')
    expect(cwd).toBe(process.cwd())
    expect(env['TROUPE_TEST_VALUE']).toBe('inherited')
    expect(env['JEST_WORKER_ID']).toBeUndefined()
    expect(execArgv).toEqual(process.execArgv.filter((flag) => flag !== '--experimental-vm-modules'))
    const ref = await system.spawn(threads.changer, undefined, { on })
    await ref.ask('set', 'changed')
    expect(process.env['TROUPE_TEST_VALUE']).toBe('inherited')
  } finally {
    delete process.env['TROUPE_TEST_VALUE']
  }
})

test('a thread that runs out of the memory it may use is down with that reason, and this process lives on', async () => {
  const { system, events } = testSystem()
  const small = workerThread({ resourceLimits: { maxOldGenerationSizeMb: 16, maxYoungGenerationSizeMb: 2 } })
  const ref: ActorRef<any> = await system.spawn(threads.changer, undefined, { on: small })
  const reason = await within(
    10 * SETTLES,
    failureOf(ref.ask('fill')).then(() => ref.exited),
  )
  expect(reason).toMatchObject({ type: 'oom', error: { code: 'ERR_WORKER_OUT_OF_MEMORY' } })
  expect(events.filter(({ type }) => type === 'crashed')).toHaveLength(1)
})

test('what is sent while a thread exits arrives before the news of its end', async () => {
  const { system } = testSystem()
  const { createProbe } = await import('@troupe/core/testing')
  const probe = await createProbe<string>(system)
  const ref = await system.spawn(threads.changer, undefined, { on })
  ref.tell('exitWith', { to: probe.ref, code: 5 })
  expect(await ref.exited).toEqual({ type: 'exit', code: 5, signal: null })
  await probe.ref.stop({ drain: true })
  expect(probe.received).toEqual(['before', 'while exiting'])
})

test('a thread may have processes and threads below it, which end with it', async () => {
  const { system } = testSystem()
  const ref = await system.spawn(threads.nester, undefined, { on })
  const [thread, child] = (await ref.ask('below')) as [ActorRef<any>, ActorRef<any>]
  expect(await thread.ask('pid')).toBe(process.pid)
  expect(await child.ask('pid')).not.toBe(process.pid)
  await ref.kill()
  for (const below of [thread, child]) expect((await within(5 * SETTLES, below.exited)).type).toBe('noconnection')
  expect(system.tree()).toBe('test')
})
