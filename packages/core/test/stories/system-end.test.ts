import { type ActorRef, createSystem, defineActor, type System } from '@troupe/core'
import { ManualClock } from '@troupe/core/testing'
import { memoryHost, memoryModule } from '../support/memory-host.js'
import { deferred, stateOf, turn } from '../support/settle.js'

const member = (ends: string[]) =>
  defineActor({
    init: (name: string) => name,
    on: { wait: () => new Promise<void>(() => undefined), idle() {} },
    onStop: (name) => void ends.push(name),
  })

describe('the end of a system', () => {
  test('stops its actors last started first, then its hosts, and is idempotent', async () => {
    const ends: string[] = []
    const far = memoryModule({ member: member(ends) })
    const on = memoryHost()
    const system = createSystem()
    await system.spawn(member(ends), 'a')
    await system.spawn(far.member, 'b', { on })
    await system.spawn(member(ends), 'c')
    const stopped = system.stop()
    expect(system.stop()).toBe(stopped)
    await stopped
    expect(ends).toEqual(['c', 'b', 'a'])
    expect(await stateOf(on.hosts[0]?.gone as Promise<unknown>)).toBe('fulfilled')
    await system[Symbol.asyncDispose]()
  })

  test.each(['a name', undefined])('leaves nothing of a start that it comes upon (%s)', async (name) => {
    const on = memoryHost()
    const far = memoryModule({ member: member([]) })
    for (const spawn of [
      (system: System) => system.spawn(member([]), 'late', { name }),
      (system: System) => system.spawn(far.member, 'late', { name, on }),
    ]) {
      const system = createSystem({ name: 'test' })
      const started = spawn(system).catch(() => undefined)
      await system.stop()
      await started
      await turn()
      expect(system.tree()).toBe('test')
    }
  })

  test('comes at the earliest of the times that an actor was given, whenever they were said', async () => {
    const clock = new ManualClock()
    const system = createSystem({ clock })
    const ref = await system.spawn(member([]), 'a')
    ref.tell('wait')
    await turn()
    void ref.stop({ timeout: 500 })
    await clock.advance(400)
    void ref.stop({ timeout: 450 })
    await clock.advance(101)
    expect(await stateOf(ref.exited)).toBe('fulfilled')
    await system.stop()
  })

  test('kills after its timeout what does not stop', async () => {
    const clock = new ManualClock()
    const system = createSystem({ clock })
    const refs = [await system.spawn(member([]), 'a'), await system.spawn(member([]), 'b')]
    for (const ref of refs) ref.tell('wait')
    await turn()
    const stopped = system.stop({ timeout: 100 })
    await clock.advance(99)
    expect(await stateOf(stopped)).toBe('pending')
    await clock.advance(1)
    await stopped
    for (const ref of refs) expect(await ref.exited).toEqual({ type: 'killed' })
    expect(clock.pending).toBe(0)
  })

  test.each<[string, RegExp]>([['soon', /Expected `timeout` to be a number/]])(
    'refuses a timeout of %j',
    (timeout, message) => {
      expect(() => createSystem().stop({ timeout: timeout as never })).toThrow(message)
    },
  )

  test('leaves no timer, whatever was pending', async () => {
    const clock = new ManualClock()
    const system = createSystem({ clock, askTimeout: 1_000 })
    const ref = await system.spawn(member([]), 'a')
    const outcomes = Promise.allSettled([
      ref.ask('wait'),
      ref.ask('wait', undefined, { timeout: 5 }),
      ref.ask('wait', undefined, { signal: new AbortController().signal }),
      ref.ready({ timeout: 100 }),
      system.spawn(defineActor({ init: () => new Promise<number>(() => undefined), on: {} }), undefined, {
        timeout: 70,
      }),
      ref.stop({ timeout: 50 }),
    ])
    const stopped = system.stop({ timeout: 10 })
    await clock.advance(10)
    await stopped
    await outcomes
    await ref.stop()
    await ref.kill()
    expect(clock.pending).toBe(0)
  })
})

describe('every promise that was handed out settles', () => {
  /** One of each that a user may hold, of an actor that never answers. */
  function promises(system: System, ref: ActorRef<any>): Record<string, Promise<unknown>> {
    return {
      'ask in hand': ref.ask('wait'),
      'ask in the queue': ref.ask('idle'),
      'ask that waits for room': (() => {
        while (ref.tell('idle'));
        return ref.ask('idle')
      })(),
      ready: ref.ready(),
      exited: ref.exited,
      stop: ref.stop({ drain: true, timeout: Infinity }),
      spawn: system.spawn(defineActor({ init: () => new Promise<number>(() => undefined), on: {} })),
      whereis: system.whereis('nobody'),
    }
  }
  const stuck = defineActor({
    init: () => undefined,
    on: { wait: () => new Promise<void>(() => undefined), idle() {} },
    mailbox: { capacity: 3 },
  })
  const far = memoryModule({ stuck })

  test.each(['here', 'elsewhere', 'shared'])('when the system stops (%s)', async (place) => {
    const system = createSystem()
    const on = place === 'shared' ? await system.launch(memoryHost()) : memoryHost()
    const ref = await (place === 'here' ? system.spawn(stuck) : system.spawn(far.stuck, undefined, { on }))
    const held = promises(system, ref)
    await turn()
    for (const each of Object.values(held)) each.catch(() => undefined)
    await system.stop({ timeout: 5 })
    for (const [name, each] of Object.entries(held)) expect([name, await stateOf(each)]).not.toEqual([name, 'pending'])
  })

  /** A system whose crashes are not written. */
  function quiet(): System {
    const system = createSystem()
    system.events$.subscribe(() => undefined)
    return system
  }

  test.each([
    ['is killed', 'killed', (host: { kill(): void }) => host.kill()],
    ['crashes', 'exit', (host: { crash(code: number): void }) => host.crash(3)],
  ] as const)('when the host %s', async (_, type, end) => {
    const system = quiet()
    const on = memoryHost()
    const ref = await system.spawn(far.stuck, undefined, { on })
    const { spawn, whereis, ...held } = promises(system, ref)
    await turn()
    for (const each of [...Object.values(held), spawn]) each?.catch(() => undefined)
    end(on.hosts[0] as never)
    expect(await ref.exited).toMatchObject({ type })
    for (const [name, each] of Object.entries(held)) expect([name, await stateOf(each)]).not.toEqual([name, 'pending'])
    await expect(held['ask in hand']).rejects.toMatchObject({ code: 'ERR_ACTOR_DOWN', reason: { type } })
    await whereis
    await system.stop({ timeout: 5 })
    await expect(spawn).rejects.toMatchObject({ code: 'ERR_ACTOR_DOWN' })
  })

  test('when the child speaks another codec', async () => {
    const system = quiet()
    const spawned = system.spawn(far.stuck, undefined, { on: memoryHost({ childCodec: 'xml' }) })
    const outcome = spawned.catch((error: unknown) => error)
    expect(await outcome).toMatchObject({ code: 'ERR_ACTOR_DOWN' })
    await system.stop()
  })

  test('when the launcher itself throws', async () => {
    const system = quiet()
    const broken = {
      reach: 'elsewhere' as const,
      startTimeout: 1_000,
      launch(): never {
        throw new TypeError('no such option')
      },
    }
    await expect(system.spawn(far.stuck, undefined, { on: broken, name: 'x' })).rejects.toThrow('no such option')
    expect(await system.whereis('x')).toBeUndefined()
    const done = deferred()
    void system.stop().then(done.resolve)
    await done.promise
  })
})
