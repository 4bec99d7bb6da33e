/** A launched host holds several actors: each ends alone, and all of them with the host. */
import { type ActorRef, createSystem, defineActor, type Host, type SystemEvent } from '@troupe/core'
import type { ActorSystem } from '@troupe/core/internal'
import { crew } from '../support/crew.js'
import { memoryHost, memoryModule } from '../support/memory-host.js'
import { deferred, stateOf, turn, until } from '../support/settle.js'

/** What actors note of their ends; the hosts of these tests live in this thread. */
let ends: string[] = []
let gate = deferred()
beforeEach(() => {
  ends = []
  gate = deferred()
})

const far = memoryModule({
  idle: defineActor({
    init: (name: string) => name,
    on: {
      hello: (name) => name,
      hang: () => new Promise<void>(() => undefined),
      fail() {
        throw new Error('failed')
      },
      /** Has a child beside it. */
      child: (_, name: string, ctx) => ctx.spawn(child, name),
      /** Launches a host below its own, with an actor in it. */
      async below(_, name: string, ctx): Promise<ActorRef<any>> {
        const host = await ctx.system.launch(memoryHost())
        return ctx.system.spawn(far.idle, name, { on: host })
      },
    },
    onStop: (name) => void ends.push(name),
  }),
  slow: defineActor({ init: () => gate.promise.then(() => 0), on: {}, onStop: () => void ends.push('slow') }),
  watcher: defineActor({
    init: (ref: ActorRef<any>, ctx) => {
      ctx.watch(ref)
      return [] as unknown[]
    },
    on: { seen: (downs) => downs },
    onDown: (downs, { ref, reason }) => void downs.push([ref.id, reason.type]),
  }),
})
const child = defineActor({
  init: (name: string) => name,
  on: { hello: (name: string) => name },
  onStop: (name) => void ends.push(name),
})

describe('a launched host', () => {
  const team = crew()
  const launch = async (): Promise<{ host: Host; inside: ReturnType<typeof memoryHost>['hosts'][0] }> => {
    const on = memoryHost()
    return { host: await team.system.launch(on), inside: on.hosts[0] as never }
  }
  const spawn = (host: Host, name: string): Promise<ActorRef<any>> => team.system.spawn(far.idle, name, { on: host })
  const eventsOf = (): SystemEvent[] => {
    const events: SystemEvent[] = []
    team.system.events$.subscribe((event) => events.push(event))
    return events
  }

  test('has several actors, which its number and the tree show', async () => {
    const { host } = await launch()
    const refs = [await spawn(host, 'a'), await spawn(host, 'b')]
    expect(host).toMatchObject({ reach: 'elsewhere', id: '2', pid: undefined, threadId: undefined })
    for (const ref of refs) expect(ref.id.split('.')[0]).toBe(host.id)
    expect(await Promise.all(refs.map((ref) => ref.ask('hello')))).toEqual(['a', 'b'])
    expect(team.system.tree()).toMatch(/^test\n.*on host 2\n.*on host 2$/)
  })

  test('when stopped stops its actors first, last started first, children before parents', async () => {
    const { host } = await launch()
    const a = await spawn(host, 'a')
    const b = await spawn(host, 'b')
    const child = (await a.ask('child', 'child of a')) as ActorRef<any>
    const exited = Promise.all([a, b, child].map((ref) => ref.exited))
    expect(await host.stop()).toEqual({ type: 'shutdown' })
    expect(ends).toEqual(['b', 'child of a', 'a'])
    expect(await host.exited).toEqual({ type: 'shutdown' })
    for (const reason of await exited) expect(reason).toEqual({ type: 'shutdown' })
    expect(await host.stop()).toEqual({ type: 'shutdown' })
    await host[Symbol.asyncDispose]()
  })

  test('when stopped is killed after the timeout, with what did not stop', async () => {
    const { host } = await launch()
    const [a, b] = [await spawn(host, 'a'), await spawn(host, 'b')]
    const asked = a.ask('hang').catch((error: unknown) => error)
    expect(await host.stop({ timeout: 5 })).toEqual({ type: 'killed' })
    expect(await asked).toMatchObject({ code: 'ERR_ACTOR_DOWN', reason: { type: 'killed' } })
    expect(await b.exited).toEqual({ type: 'shutdown' })
    expect(await a.exited).toEqual({ type: 'killed' })
  })

  test('when killed takes all its actors down at once, without onStop', async () => {
    const { host } = await launch()
    const refs = [await spawn(host, 'a'), await spawn(host, 'b')]
    expect(await host.kill()).toEqual({ type: 'killed' })
    for (const ref of refs) expect(await ref.exited).toEqual({ type: 'killed' })
    expect(ends).toEqual([])
  })

  test('that crashes takes all its actors down, each once, and its crash is told once', async () => {
    const { host, inside } = await launch()
    const refs = [await spawn(host, 'a'), await spawn(host, 'b'), await spawn(host, 'c')]
    const local = await team.system.spawn(watcherHere, refs)
    const elsewhere = await team.system.spawn(far.watcher, refs[0] as ActorRef<any>, { on: memoryHost() })
    const events = eventsOf()
    inside.crash(3)
    const reason = { type: 'exit', code: 3, signal: null }
    expect(await host.exited).toEqual(reason)
    for (const ref of refs) expect(await ref.exited).toEqual(reason)
    expect(events.filter(({ type }) => type === 'crashed')).toEqual([
      expect.objectContaining({ id: host.id, error: expect.objectContaining({ code: 'ERR_ACTOR_DOWN' }) }),
    ])
    expect(events.filter(({ type }) => type === 'down').map(({ id }) => id)).toEqual(refs.map(({ id }) => id))
    expect(await local.ask('seen')).toEqual(refs.map(({ id }) => [id, 'exit']))
    expect(await elsewhere.ask('seen')).toEqual([[refs[0]?.id, 'exit']])
    expect(team.system.tree().split('\n')).toHaveLength(3)
  })

  test('that crashes by an error that nobody caught has that reason, and so have its actors', async () => {
    const { host, inside } = await launch()
    const refs = [await spawn(host, 'a'), await spawn(host, 'b')]
    const events = eventsOf()
    // What the boot of a process does then.
    inside.system?.crash(new RangeError('nobody caught me'))
    inside.system?.flushNow(0)
    await turn()
    inside.crash(1)
    const reason = { type: 'error', error: { name: 'RangeError', message: 'nobody caught me' } }
    for (const ref of refs) expect(await ref.exited).toMatchObject(reason)
    expect(await host.exited).toMatchObject(reason)
    expect(events.filter(({ type }) => type === 'crashed')).toHaveLength(1)
  })

  test('lives on without its actors: each is stopped, killed, drained and crashes alone', async () => {
    const { host } = await launch()
    const other = await spawn(host, 'other')
    for (const end of ['stop', 'kill', 'drain', 'fail']) {
      const ref = await spawn(host, end)
      if (end === 'stop') expect(await ref.stop()).toEqual({ type: 'shutdown' })
      else if (end === 'kill') expect(await ref.kill()).toEqual({ type: 'killed' })
      else if (end === 'drain') {
        const asked = [ref.ask('hello'), ref.ask('hello')]
        expect(await ref.stop({ drain: true })).toEqual({ type: 'shutdown' })
        expect(await Promise.all(asked)).toEqual(['drain', 'drain'])
      } else {
        ref.tell('fail')
        expect(await ref.exited).toMatchObject({ type: 'error', error: { message: 'failed' } })
      }
      expect(ref.tell('hello')).toBe(false)
      expect(await other.ask('hello')).toBe('other')
    }
    expect(ends).toEqual(['stop', 'drain'])
  })

  test('has actors that are linked to their parents elsewhere, as any child is', async () => {
    const { host } = await launch()
    const parent = await team.system.spawn(
      defineActor({
        init: async (_: undefined, ctx) => ctx.spawn(far.idle, 'linked', { on: host }),
        on: { child: (ref) => ref },
      }),
    )
    const linked = (await parent.ask('child')) as ActorRef<any>
    linked.tell('fail')
    expect(await parent.exited).toMatchObject({ type: 'error', error: { message: 'failed' } })
    expect(await (await spawn(host, 'still there')).ask('hello')).toBe('still there')
  })

  test('frees the name of an actor that ended, before anybody hears of it', async () => {
    const { host } = await launch()
    for (let life = 0; life < 3; life += 1) {
      const ref = await team.system.spawn(far.idle, 'a', { on: host, name: 'front' })
      const next = ref.exited.then(() => team.system.whereis('front'))
      void ref.stop()
      expect(await next).toBeUndefined()
    }
  })

  test('refuses actors once it is down, or on its way there, with its reason', async () => {
    const { host, inside } = await launch()
    inside.crash(4)
    await host.exited
    await expect(spawn(host, 'late')).rejects.toMatchObject({
      code: 'ERR_ACTOR_DOWN',
      reason: { type: 'exit', code: 4 },
    })
    const second = await launch()
    const before = spawn(second.host, 'before').catch((error: unknown) => error)
    const stopped = second.host.stop()
    await expect(spawn(second.host, 'after')).rejects.toMatchObject({ reason: { type: 'shutdown' } })
    await stopped
    // It came before the stop, or was refused because of it; nothing of it is left.
    await before
    await until(() => team.system.tree() === 'test')
  })

  test('may be launched below another, with which it ends', async () => {
    const { host } = await launch()
    const top = await spawn(host, 'top')
    const below = (await top.ask('below', 'below')) as ActorRef<any>
    expect(await below.ask('hello')).toBe('below')
    expect(below.id.split('.')[0]).not.toBe(host.id)
    expect(await host.stop()).toEqual({ type: 'shutdown' })
    expect(ends).toEqual(['below', 'top'])
    await below.exited
    await until(() => team.system.tree() === 'test')
  })

  test('ends what it holds for a host that is gone', async () => {
    const [a, b] = [await launch(), await launch()]
    const kept = await spawn(b.host, 'kept')
    // Spawned by one neighbour in another, as hosts do that are connected and not launched.
    const peer = (a.inside.system as ActorSystem).router.peer(Number(b.host.id))
    const { url, export: exported } = far.idle
    ;(a.inside.system as ActorSystem).router.peer(1)?.announce(url)
    await new Promise<unknown>((resolve, reject) => {
      const asker = { settled: false, abandoned: false, resolve, reject }
      peer?.request('spawn', { url, export: exported, input: 'orphan', name: 'orphan' }, asker)
    })
    await until(() => team.system.tree().includes('orphan'))
    a.inside.crash(1)
    await until(() => !team.system.tree().includes('orphan'))
    expect(ends).toEqual([])
    expect(await kept.ask('hello')).toBe('kept')
  })

  test('cannot be sent: the error says what can', async () => {
    const { host } = await launch()
    const ref = await spawn(host, 'a')
    expect(() => ref.tell('hello', { on: [host] })).toThrow(
      /arg\.on\[0\] is a LaunchedHost\. Send data: spawn where it was launched, and send the refs of its actors/,
    )
    const outcome: unknown = await ref.ask('hello', host).catch((error: unknown) => error)
    expect(outcome).toMatchObject({ code: 'ERR_SERIALIZATION' })
  })

  test('takes no actors of another system', async () => {
    const { host } = await launch()
    const other = createSystem()
    await expect(other.spawn(far.idle, 'a', { on: host })).rejects.toThrow(/a host of this system/)
    await other.stop()
  })

  test('ends with its system, after its actors', async () => {
    const system = createSystem()
    const events: SystemEvent[] = []
    system.events$.subscribe((event) => events.push(event))
    const on = memoryHost()
    const [host, empty] = [await system.launch(on), await system.launch(on)]
    await system.spawn(far.idle, 'a', { on: host })
    await system.spawn(far.idle, 'b', { on: host })
    await system.stop()
    expect(ends).toEqual(['b', 'a'])
    for (const each of [host, empty]) expect(await each.exited).toEqual({ type: 'shutdown' })
    expect(events.map(({ type }) => type).slice(-4)).toEqual(['down', 'down', 'hostDown', 'hostDown'])
    expect(events.filter(({ type }) => type === 'crashed')).toEqual([])
  })
})

const watcherHere = defineActor({
  init: (refs: ActorRef<any>[], ctx) => {
    for (const ref of refs) ctx.watch(ref)
    return [] as unknown[]
  },
  on: { seen: (downs) => downs },
  onDown: (downs, { ref, reason }) => void downs.push([ref.id, reason.type]),
})

describe('a start in a shared host', () => {
  const team = crew()

  test.each(['timeout', 'signal', 'parent'])(
    'that is given up while init runs ends that actor alone (%s)',
    async (how) => {
      const host = await team.system.launch(memoryHost())
      const other = await team.system.spawn(far.idle, 'other', { on: host })
      const controller = new AbortController()
      let spawning: Promise<unknown>
      if (how === 'parent') {
        const parent = await team.system.spawn(
          defineActor({
            init: () => undefined,
            on: { spawn: async (_: undefined, _arg, ctx) => void (await ctx.spawn(far.slow, undefined, { on: host })) },
          }),
        )
        parent.tell('spawn')
        await until(() => team.system.tree().split('\n').length === 4)
        spawning = parent.kill()
      } else {
        const limits = how === 'timeout' ? { timeout: 5 } : { signal: controller.signal }
        spawning = team.system.spawn(far.slow, undefined, { on: host, ...limits })
        await until(() => team.system.tree().split('\n').length === 3)
        controller.abort('enough')
        if (how === 'timeout') await expect(spawning).rejects.toMatchObject({ code: 'ERR_TIMEOUT' })
        else await expect(spawning).rejects.toBe('enough')
      }
      await spawning.catch(() => undefined)
      await until(() => team.system.tree().split('\n').length === 2)
      gate.resolve()
      await turn()
      expect(ends).toEqual([])
      expect(await other.ask('hello')).toBe('other')
    },
  )

  test('that succeeds though it was given up at that moment is undone', async () => {
    const host = await team.system.launch(memoryHost())
    const parent = await team.system.spawn(
      defineActor({
        init: () => undefined,
        on: { spawn: async (_: undefined, _arg, ctx) => void (await ctx.spawn(far.slow, undefined, { on: host })) },
      }),
    )
    parent.tell('spawn')
    await until(() => team.system.tree().split('\n').length === 3)
    // The host has answered when the news that nobody waits reaches it.
    gate.resolve()
    await gate.promise
    await Promise.resolve()
    const killed = parent.kill()
    expect(await killed).toEqual({ type: 'killed' })
    await until(() => team.system.tree() === 'test')
    expect(ends).toEqual([])
  })
})

describe('a launch', () => {
  const team = crew()

  test('that is refused says why', async () => {
    const { system } = team
    await expect(system.launch({} as never)).rejects.toThrow(/Expected `placement` to be one that starts hosts/)
    await expect(system.launch(memoryHost(), { nam: 'x' } as never)).rejects.toThrow(/Unknown option `nam`/)
    await expect(system.launch(memoryHost(), { name: '' })).rejects.toThrow(/`name`/)
    await expect(system.launch(memoryHost(), { timeout: -1 })).rejects.toThrow(/`timeout`/)
    const other = createSystem()
    await other.stop()
    await expect(other.launch(memoryHost())).rejects.toMatchObject({ code: 'ERR_SYSTEM_STOPPED' })
  })

  test.each(['death', 'timeout', 'startTimeout', 'signal', 'stop'])(
    'that fails rejects, and leaves nothing (%s)',
    async (how) => {
      const system = createSystem()
      const events: SystemEvent[] = []
      system.events$.subscribe((event) => events.push(event))
      // One that never answers.
      const on = memoryHost({ startTimeout: how === 'startTimeout' ? 5 : Infinity, mute: true })
      const controller = new AbortController()
      const limits = how === 'timeout' ? { timeout: 5 } : how === 'signal' ? { signal: controller.signal } : {}
      const launching = system.launch(on, { name: 'front', ...limits })
      const outcome = launching.catch((error: unknown) => error)
      await turn()
      if (!how.endsWith('imeout')) expect(await stateOf(launching)).toBe('pending')
      if (how === 'death') on.hosts[0]?.crash(9)
      if (how === 'signal') controller.abort('enough')
      if (how === 'stop') await system.stop()
      const error = await outcome
      if (how === 'signal') expect(error).toBe('enough')
      else if (how === 'death') {
        expect(error).toMatchObject({ code: 'ERR_ACTOR_DOWN', reason: { type: 'exit', code: 9 } })
        expect((error as Error).message).toMatch(/front is down \(exit\): exit code 9/)
      } else if (how === 'stop') expect(error).toMatchObject({ reason: { type: 'killed' } })
      else expect((error as Error).message).toMatch(/launch of front took longer than 5 ms/)
      expect(await stateOf(on.hosts[0]!.gone)).toBe('fulfilled')
      // Who launches is told; it is no crash that nobody knows of.
      expect(events.filter(({ type }) => type === 'crashed')).toEqual([])
      await system.stop()
    },
  )

  test('of one that is given up before it began starts nothing', async () => {
    const on = memoryHost()
    await expect(team.system.launch(on, { signal: AbortSignal.abort('no') })).rejects.toBe('no')
    expect(on.hosts).toHaveLength(0)
  })
})
