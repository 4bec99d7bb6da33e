/** Refs are values: handed on and on, over a thread and two processes, they stay what they are. */
import type { ActorRef, SystemEvent } from '@troupe/core'
import { createProbe } from '@troupe/core/testing'
import { childProcess, remote, workerThread } from '@troupe/transport-node'
import { actors, failureOf, SETTLES, stopSystems, testSystem, until, within } from './support.js'

const carriers = remote<typeof import('../fixtures/carrier.js')>(new URL('../fixtures/carrier.js', import.meta.url))

afterEach(stopSystems)

test.each([
  ['stop', { type: 'shutdown' }],
  ['kill', { type: 'killed' }],
  ['crash', { type: 'error' }],
])('a ref sent from A to B to C works there, equals the first one, and dies once (%s)', async (how, reason) => {
  const { system, events } = testSystem()
  const probe = await createProbe<any>(system)
  const [thread, process1, process2] = [workerThread(), childProcess(), childProcess()]
  const target: ActorRef<any> = await system.spawn(actors.ender, undefined, { on: thread })
  const b: ActorRef<any> = await system.spawn(carriers.carrier, { name: 'b', to: probe.ref }, { on: process1 })
  const c: ActorRef<any> = await system.spawn(carriers.carrier, { name: 'c', to: probe.ref }, { on: process2 })
  // A is the thread itself: the ref starts where its actor lives.
  const a: ActorRef<any> = await system.spawn(carriers.carrier, { name: 'a', to: probe.ref }, { on: workerThread() })
  await a.ask('keep', target)
  await a.ask('handOn', [b, c])
  for (const carrier of [a, b, c]) {
    const kept = (await carrier.ask('kept')) as ActorRef<any>
    expect(kept.equals(target)).toBe(true)
    expect(kept.id).toBe(target.id)
    expect(await carrier.ask('equals', target)).toBe(true)
    expect(await carrier.ask('equals', carrier)).toBe(false)
    expect(await carrier.ask('use')).toBe('pong')
  }
  if (how === 'stop') await target.stop()
  else if (how === 'kill') await target.kill()
  else await failureOf(target.ask('throwBuiltIn'))
  await within(
    SETTLES,
    until(() => probe.received.length >= 3, 'three DOWNs'),
  )
  for (const carrier of [a, b, c]) expect(await carrier.ask('use')).toBe('ERR_ACTOR_DOWN')
  const seen = [...probe.received].sort((x: any, y: any) => String(x.name).localeCompare(y.name))
  expect(seen).toEqual(['a', 'b', 'c'].map((name) => ({ name, down: target.id, type: reason.type })))
  expect(await target.exited).toMatchObject(reason)
  expect(events.filter((event: SystemEvent) => event.type === 'down' && event.id === target.id)).toHaveLength(1)
})
