/** Processes that know each other: siblings, children of children, names. */
import type { ActorRef, System } from '@troupe/core'
import { createProbe, type Probe } from '@troupe/core/testing'
import { remote } from '@troupe/transport-node'
import { launcher, type Own, owns } from './places.js'
import { actors, failureOf, isAlive, SETTLES, stopSystems, testSystem, until, within } from './support.js'

const holders = remote<typeof import('../fixtures/holder.js')>(new URL('../fixtures/holder.js', import.meta.url))

afterEach(stopSystems)

interface Friends {
  system: System
  probe: Probe<any>
  other: ActorRef<any>
  friend: ActorRef<any>
}

/** `friend` and `other` live in two hosts, and `friend` holds and watches a ref of `other`. */
async function friends(own: Own): Promise<Friends> {
  const on = launcher(own)
  const { system } = testSystem()
  const probe = await createProbe<any>(system)
  const other: ActorRef<any> = await system.spawn(actors.ender, undefined, { on })
  const friend: ActorRef<any> = await system.spawn(actors.friend, { other, to: probe.ref }, { on })
  return { system, probe, other, friend }
}

describe.each(owns)('two hosts, each a %s, that talk through their parent', (own) => {
  const on = launcher(own)

  test('tell and ask each other by a ref', async () => {
    const { system } = testSystem()
    const probe = await createProbe<any>(system)
    const other = await system.spawn(actors.counter, { start: 1 }, { on })
    const friend = await system.spawn(actors.friend, { other, to: probe.ref }, { on })
    expect(await friend.ask('ask', { name: 'add', arg: 2 })).toBe(3)
    expect(await friend.ask('tell', { name: 'add', arg: 4 })).toBe(true)
    expect(await friend.ask('ask', { name: 'get' })).toBe(7)
    expect(((await friend.ask('other')) as ActorRef<any>).equals(other)).toBe(true)
  })

  test.each([
    ['exit', 3, { type: 'exit', code: 3, signal: null }],
    // A signal would end this process, when a thread sends it.
    ...(own === 'thread' ? [] : [['signal', 'SIGKILL', { type: 'exit', code: null, signal: 'SIGKILL' }] as const]),
    ['uncaught', undefined, { type: 'error', error: expect.objectContaining({ message: 'nobody caught me' }) }],
  ] as const)('when one ends (%s %s), the other is told once, and its asks settle', async (how, arg, reason) => {
    const { probe, other, friend } = await friends(own)
    await friend.ask('askLater', { name: how, arg })
    await friend.ask('askLater', { name: 'hang' })
    await within(5_000, other.exited)
    await within(
      SETTLES,
      until(() => probe.received.length >= 3, 'two answers and one DOWN'),
    )
    const downs = probe.received.filter((each) => 'down' in each)
    expect(downs).toEqual([{ down: other.id, reason }])
    const settled = probe.received.filter((each) => !('down' in each))
    expect(settled).toHaveLength(2)
    expect(settled[1]).toMatchObject({ code: 'ERR_ACTOR_DOWN', reason })
    // And never again.
    expect(await friend.ask('tell', { name: 'ping' })).toBe(false)
    expect(probe.received).toHaveLength(3)
  })

  test('a watch by the other of an actor that is gone already is told noproc', async () => {
    const { system } = testSystem()
    const probe = await createProbe<any>(system)
    const other = await system.spawn(actors.ender, undefined, { on })
    await other.kill()
    const friend: ActorRef<any> = await system.spawn(actors.friend, { other, to: probe.ref }, { on })
    expect(await probe.next()).toEqual({ down: other.id, reason: { type: 'noproc' } })
    await friend.ask('askLater', { name: 'ping' })
    expect(await probe.next()).toMatchObject({ code: 'ERR_ACTOR_DOWN', reason: { type: 'noproc' } })
  })

  test('a refusal and a crash reach the one that asked with class and fields', async () => {
    const { friend } = await friends(own)
    const error = await failureOf(friend.ask('ask', { name: 'throwRegistered' }))
    // The friend's handler rejected with it, so the friend is down too; its reason tells both.
    expect(error).toMatchObject({ code: 'ERR_ACTOR_DOWN', cause: { code: 'ERR_ACTOR_DOWN', cause: { item: 'nails' } } })
  })
})

describe('a process that a process has started', () => {
  test('works for everyone who gets its ref', async () => {
    const { system } = testSystem()
    const probe = await createProbe<any>(system)
    const holder: ActorRef<any> = await system.spawn(holders.holder, {})
    const child = (await holder.ask('child')) as ActorRef<any>
    const childPid = await holder.ask('childPid')
    expect(await child.ask('pid')).toBe(childPid)
    expect(await child.ask('add', 1)).toBe(6)
    const friend = await system.spawn(actors.friend, { other: child, to: probe.ref })
    expect(await friend.ask('ask', { name: 'pid' })).toBe(childPid)
    expect(isAlive(childPid as number)).toBe(true)
  })

  test.each(['stop', 'kill', 'crash', 'SIGKILL'] as const)('ends with its parent, by %s', async (how) => {
    const { system, events } = testSystem()
    const holder: ActorRef<any> = await system.spawn(holders.holder, {})
    const child = (await holder.ask('child')) as ActorRef<any>
    const childPid = (await holder.ask('childPid')) as number
    // A stop would wait for it.
    const pending = how === 'stop' || how === 'crash' ? Promise.resolve() : failureOf(child.ask('never'))
    if (how === 'stop') await holder.stop()
    else if (how === 'kill') await holder.kill()
    else if (how === 'crash') holder.tell('crash')
    else {
      const up = events.find((event) => event.type === 'spawned' && event.id === holder.id)
      process.kill((up as { pid: number }).pid, 'SIGKILL')
    }
    await within(5_000, holder.exited)
    const error = await within(SETTLES, pending)
    if (error !== undefined) expect(error).toMatchObject({ code: 'ERR_ACTOR_DOWN' })
    await within(SETTLES, child.exited)
    await until(() => !isAlive(childPid), `process ${childPid} is gone`)
    expect(system.tree()).toBe('test')
    for (const id of [holder.id, child.id]) {
      expect(events.filter((event) => event.type === 'down' && event.id === id)).toHaveLength(1)
    }
  })

  test('takes its parent along when it ends by itself and not cleanly', async () => {
    const { system } = testSystem()
    const holder: ActorRef<any> = await system.spawn(holders.holder, {})
    process.kill((await holder.ask('childPid')) as number, 'SIGKILL')
    expect(await within(5_000, holder.exited)).toEqual({ type: 'exit', code: null, signal: 'SIGKILL' })
  })

  test('when it ends, a third process that holds its ref is told once, and its asks settle', async () => {
    const { system, events } = testSystem()
    const probe = await createProbe<any>(system)
    const holder: ActorRef<any> = await system.spawn(holders.holder, { linked: false })
    const child = (await holder.ask('child')) as ActorRef<any>
    const childPid = (await holder.ask('childPid')) as number
    const friend: ActorRef<any> = await system.spawn(actors.friend, { other: child, to: probe.ref })
    await friend.ask('askLater', { name: 'never' })
    // It is in hand there by now: no other question is answered.
    expect(await child.ask('get', undefined, { timeout: 50 }).catch(() => 'busy')).toBe('busy')
    process.kill(childPid, 'SIGKILL')
    await within(
      5_000,
      until(() => probe.received.length >= 2, 'an answer and a DOWN at the third process'),
    )
    const reason = { type: 'exit', code: null, signal: 'SIGKILL' }
    expect(probe.received).toContainEqual({ down: child.id, reason })
    expect(probe.received).toContainEqual({ code: 'ERR_ACTOR_DOWN', reason })
    expect(probe.received).toHaveLength(2)
    expect(events.filter((event) => event.type === 'down')).toEqual([expect.objectContaining({ id: child.id, reason })])
    // Its parent lives on.
    expect(await holder.ask('childPid')).toBe(childPid)
  })

  test('a ref of one that is long gone, handed to a third process, settles what is asked of it', async () => {
    const { system } = testSystem()
    const probe = await createProbe<any>(system)
    const holder: ActorRef<any> = await system.spawn(holders.holder, { linked: false })
    const child = (await holder.ask('child')) as ActorRef<any>
    await child.kill()
    const friend: ActorRef<any> = await system.spawn(actors.friend, { other: child, to: probe.ref })
    expect(await within(SETTLES, probe.next())).toEqual({ down: child.id, reason: { type: 'noproc' } })
    await friend.ask('askLater', { name: 'never' })
    expect(await within(SETTLES, probe.next())).toMatchObject({ code: 'ERR_ACTOR_DOWN', reason: { type: 'noproc' } })
  })

  test('may start processes itself, and all of them reach each other', async () => {
    const { system } = testSystem()
    const probe = await createProbe<any>(system)
    const top: ActorRef<any> = await system.spawn(holders.holder, { depth: 3 })
    const middle = (await top.ask('child')) as ActorRef<any>
    const bottom = (await middle.ask('child')) as ActorRef<any>
    const leaf = (await bottom.ask('child')) as ActorRef<any>
    const leafPid = (await leaf.ask('pid')) as number
    const friend: ActorRef<any> = await system.spawn(actors.friend, { other: leaf, to: probe.ref })
    expect(await friend.ask('ask', { name: 'add', arg: 1 })).toBe(6)
    expect(await leaf.ask('get')).toBe(6)
    await top.kill()
    expect(await within(SETTLES, probe.next())).toEqual({ down: leaf.id, reason: { type: 'noconnection' } })
    await until(() => !isAlive(leafPid), `process ${leafPid} is gone`)
    expect(system.tree().match(/host/g)).toHaveLength(1)
  })

  test('can be stopped and killed by whoever holds its ref', async () => {
    const { system } = testSystem()
    const holder: ActorRef<any> = await system.spawn(holders.holder, {})
    const child = (await holder.ask('child')) as ActorRef<any>
    expect(await within(5_000, child.stop())).toEqual({ type: 'shutdown' })
    const second: ActorRef<any> = await system.spawn(holders.holder, {})
    const other = (await second.ask('child')) as ActorRef<any>
    expect(await within(5_000, other.kill())).toEqual({ type: 'killed' })
  })
})

describe('names', () => {
  test('are found from every process, and taken in all of them', async () => {
    const { system } = testSystem()
    const ref = await system.spawn(actors.counter, { start: 1 }, { name: 'counter' })
    const namer: ActorRef<any> = await system.spawn(actors.namer)
    const found = (await namer.ask('find', 'counter')) as ActorRef<any>
    expect(found.equals(ref)).toBe(true)
    expect(await found.ask('get')).toBe(1)
    const taken = await failureOf(system.spawn(actors.counter, { start: 2 }, { name: 'counter' }))
    expect(taken).toMatchObject({ code: 'ERR_NAME_TAKEN' })
    expect(await namer.ask('find', 'nobody')).toBeUndefined()
  })

  test('given in a child are found at the root, and free again once their actor has ended', async () => {
    const { system } = testSystem()
    const namer: ActorRef<any> = await system.spawn(actors.namer)
    const ref = (await namer.ask('name', 'mine')) as ActorRef<any>
    const found = await system.whereis('mine')
    expect(found?.equals(ref)).toBe(true)
    await ref.stop()
    expect(await system.whereis('mine')).toBeUndefined()
    const again = (await namer.ask('name', 'mine')) as ActorRef<any>
    expect(again.equals(ref)).toBe(false)
  })

  test('of processes are free again once these have ended, however they did', async () => {
    const { system } = testSystem()
    const first: ActorRef<any> = await system.spawn(actors.ender, undefined, { name: 'phoenix' })
    first.tell('exit', 1)
    await first.exited
    const second = await system.spawn(actors.ender, undefined, { name: 'phoenix' })
    expect((await system.whereis('phoenix'))?.equals(second)).toBe(true)
  })

  test('of a start that failed are free again', async () => {
    const { system } = testSystem()
    await failureOf(system.spawn(actors.failing, 'throw', { name: 'tried' }))
    await failureOf(system.spawn(actors.failing, 'exit', { name: 'tried' }))
    await system.spawn(actors.counter, { start: 1 }, { name: 'tried' })
  })

  test('of a process started by a process are free again once it has ended', async () => {
    const { system } = testSystem()
    const holder: ActorRef<any> = await system.spawn(holders.holder, { name: 'grandchild' })
    expect(await system.whereis('grandchild')).toBeDefined()
    await holder.stop()
    expect(await system.whereis('grandchild')).toBeUndefined()
    await system.spawn(actors.counter, { start: 1 }, { name: 'grandchild' })
  })
})
