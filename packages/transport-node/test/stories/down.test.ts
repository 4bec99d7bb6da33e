/** Whatever happens to a process, all that waits for it settles soon, and says what happened. */
import type { ActorRef, SystemEvent } from '@troupe/core'
import { createProbe } from '@troupe/core/testing'
import { childProcess, remote, workerThread } from '@troupe/transport-node'
import { StockError } from '../fixtures/stock.js'
import { launcher, owns, type Place, placed, places } from './places.js'
import { actors, failureOf, isAlive, SETTLES, stopSystems, testSystem, within } from './support.js'

afterEach(stopSystems)

describe.each(places)('an actor that throws, in a %s', (place) => {
  test.each([
    ['throwBuiltIn', TypeError, { message: 'built in', cause: expect.objectContaining({ message: 'deeper' }) }],
    ['rejects', TypeError, { message: 'later' }],
    [
      'throwRegistered',
      StockError,
      { item: 'nails', left: 3, message: 'Only 3 of nails left', cause: expect.objectContaining({ item: 'iron' }) },
    ],
    ['throwUnknown', Error, { message: 'local', hint: { a: [1] } }],
    [
      'throwAggregate',
      AggregateError,
      { message: 'both', errors: ['one', 'two'].map((message) => expect.objectContaining({ message })) },
    ],
  ] as const)('%s: the error arrives with class, fields, cause and remote stack', async (how, Class, fields) => {
    const { system, events } = testSystem()
    const ref = await system.spawn(actors.ender, undefined, { on: await placed(system, place) })
    const error = await within(SETTLES, failureOf(ref.ask(how)))
    expect(error).toMatchObject({ code: 'ERR_ACTOR_DOWN', reason: { type: 'error' } })
    expect(error.cause).toBeInstanceOf(Class)
    expect(error.cause).toMatchObject(fields)
    expect(error.cause.remoteStack).toContain('actors.js')
    expect(await ref.exited).toMatchObject({ type: 'error', error: fields })
    expect(events.filter((event) => event.type === 'crashed')).toHaveLength(1)
    expect(events.filter((event) => event.type === 'down')).toHaveLength(1)
  })

  test('what is thrown and no error arrives as the cause of a RemoteError', async () => {
    const { system } = testSystem()
    const error = await failureOf(
      (await system.spawn(actors.ender, undefined, { on: await placed(system, place) })).ask('throwString'),
    )
    expect(error.cause).toMatchObject({ code: 'ERR_REMOTE', cause: 'just text' })
    expect(error.reason.error).toMatchObject({ code: 'ERR_REMOTE', cause: 'just text' })
  })

  test('what is thrown and no data ends the actor like anything else that is thrown', async () => {
    const { system, events } = testSystem()
    const ref = await system.spawn(actors.ender, undefined, { on: await placed(system, place) })
    const error = await within(SETTLES, failureOf(ref.ask('throwSymbol')))
    expect(error.cause).toMatchObject({ code: 'ERR_REMOTE', cause: 'Symbol(odd)' })
    expect(await ref.exited).toMatchObject({ type: 'error', error: { code: 'ERR_REMOTE' } })
    expect(events.filter(({ type }) => type === 'crashed')).toEqual([
      expect.objectContaining({ error: expect.objectContaining({ code: 'ERR_REMOTE' }) }),
    ])
  })
})

/** Asks one actor to end its process, with a question behind that in its mailbox; what both are told, and `exited`. */
async function endBy(
  place: Place,
  how: string,
  arg?: unknown,
): Promise<{ errors: any[]; reason: any; events: SystemEvent[] }> {
  const { system, events } = testSystem()
  const ref = (await system.spawn(actors.ender, undefined, { on: await placed(system, place) })) as ActorRef<any>
  const waiting = [ref.ask(how, arg), ref.ask('hang')].map(failureOf)
  const errors = await within(SETTLES, Promise.all(waiting))
  return { errors, reason: await within(SETTLES, ref.exited), events }
}

describe.each(places)('a %s that ends under its actor', (place) => {
  test.each([0, 5])('by process.exit(%i): the reason has the code, and asks reject with it', async (code) => {
    const { errors, reason, events } = await endBy(place, 'exit', code)
    expect(reason).toEqual({ type: 'exit', code, signal: null })
    for (const error of errors) {
      expect(error).toMatchObject({
        code: 'ERR_ACTOR_DOWN',
        reason,
        message: expect.stringContaining(`exit code ${code}`),
      })
    }
    expect(events.filter(({ type }) => type === 'down')).toHaveLength(1)
    expect(events.filter(({ type }) => type === 'hostDown')).toEqual([expect.objectContaining({ code, signal: null })])
  })

  test.each([
    ['uncaught', 'nobody caught me'],
    ['unhandled', 'nobody handled me'],
  ])('by an error that nobody caught (%s): the reason is that error with its stack', async (how, message) => {
    const { system, events } = testSystem()
    const ref = (await system.spawn(actors.ender, undefined, { on: await placed(system, place) })) as ActorRef<any>
    ref.tell(how)
    const reason = (await within(SETTLES, ref.exited)) as { type: string; error: any }
    expect(reason).toMatchObject({ type: 'error', error: { name: 'RangeError', message } })
    expect(reason.error).toBeInstanceOf(RangeError)
    expect(reason.error.remoteStack).toContain('actors.js')
    expect(events.filter(({ type }) => type === 'crashed')).toHaveLength(1)
    expect(events.find(({ type }) => type === 'hostDown')).toMatchObject({ code: 1 })
  })
})

describe('a process that ends under its actor', () => {
  test.each(['SIGKILL', 'SIGTERM'])('by %s: the reason has the signal', async (signal) => {
    const { errors, reason } = await endBy('process', 'signal', signal)
    expect(reason).toEqual({ type: 'exit', code: null, signal })
    for (const error of errors) {
      expect(error).toMatchObject({
        code: 'ERR_ACTOR_DOWN',
        reason,
        message: expect.stringContaining(`signal ${signal}`),
      })
    }
  })

  test.each([1, 16, 100_000])(
    'by us, after %i bytes of garbage on its channel: the reason is a protocol error',
    async (bytes) => {
      const { errors, reason, events } = await endBy('process', 'garbage', bytes)
      expect(reason).toMatchObject({ type: 'error', error: { code: 'ERR_PROTOCOL' } })
      for (const error of errors)
        expect(error).toMatchObject({ code: 'ERR_ACTOR_DOWN', cause: { code: 'ERR_PROTOCOL' } })
      expect(events.find(({ type }) => type === 'hostDown')).toMatchObject({ signal: 'SIGKILL' })
    },
  )
})

describe.each(owns)('a start that fails, in a %s,', (own) => {
  const url = (name: string): URL => new URL(`../fixtures/${name}`, import.meta.url)
  const start = async (url: URL | string, name = 'actor', input?: unknown): Promise<any> => {
    const { system } = testSystem()
    // The start itself takes its time, on a busy machine above all.
    const spawning = system.spawn(remote<any>(url)[name] as any, input as never, { on: launcher(own) })
    const error = await within(5 * SETTLES, failureOf(spawning))
    expect(system.tree()).not.toContain('pid')
    return error
  }

  test('because its module throws while it is loaded', async () => {
    const error = await start(url('throws.js'))
    expect(error).toBeInstanceOf(RangeError)
    expect(error.message).toBe('this module throws while it is loaded')
    expect(error.remoteStack).toContain('throws.js')
  })

  test('because its module is missing', async () => {
    const error = await start(url('missing.js'))
    expect(error).toMatchObject({ code: 'ERR_MODULE_NOT_FOUND', message: expect.stringContaining('missing.js') })
  })

  test('because its module ends the process', async () => {
    const error = await start(url('exits.js'))
    expect(error).toMatchObject({
      code: 'ERR_ACTOR_DOWN',
      reason: { type: 'exit', code: 7, signal: null },
      message: expect.stringMatching(/'?actor'? of .*exits\.js.*exit code 7/),
    })
  })

  test('because init ends it', async () => {
    const error = await start(url('actors.js'), 'failing', 'exit')
    expect(error).toMatchObject({ code: 'ERR_ACTOR_DOWN', reason: { type: 'exit', code: 9, signal: null } })
  })

  test('because its module starts processes while it is loaded', async () => {
    const error = await start(url('multiplies.js'))
    expect(error.message).toContain('would multiply without end')
    expect(error.message).toContain('multiplies.js')
  })

  test('because the module has no such export: the error lists those it has', async () => {
    const error = await start(url('throws.js').href.replace('throws', 'actors'), 'nope')
    expect(error).toMatchObject({ code: 'ERR_NOT_PORTABLE', message: expect.stringContaining("'nope'") })
    for (const name of ['counter', 'echo', 'ender']) expect(error.message).toContain(name)
  })

  test('because the export is no actor', async () => {
    const error = await start(url('actors.js'), 'notAnActor')
    expect(error).toMatchObject({ code: 'ERR_NOT_PORTABLE', message: expect.stringContaining('no actor') })
  })

  test('because init throws: its error is the cause', async () => {
    const error = await start(url('actors.js'), 'failing', 'throw')
    expect(error).toMatchObject({ code: 'ERR_ACTOR_DOWN', reason: { type: 'error' } })
    expect(error.cause).toBeInstanceOf(StockError)
    expect(error.cause).toMatchObject({ item: 'init', left: 1 })
  })

  test('because it takes longer than startTimeout: the process is gone when the spawn rejects', async () => {
    const { system, events } = testSystem()
    const placement = own === 'process' ? childProcess({ startTimeout: 700 }) : workerThread({ startTimeout: 700 })
    const error = await failureOf(system.spawn(actors.failing, 'hang', { on: placement }))
    expect(error).toMatchObject({ code: 'ERR_TIMEOUT', message: expect.stringContaining('700 ms') })
    const up = events.find((event) => event.type === 'hostUp')
    if (own === 'process' && up?.type === 'hostUp') expect(isAlive(up.pid!)).toBe(false)
    expect(events.at(-1)).toMatchObject({ type: 'hostDown' })
  })

  test('because the signal of the spawn aborts', async () => {
    const { system } = testSystem()
    const controller = new AbortController()
    const spawning = failureOf(system.spawn(actors.failing, 'hang', { on: launcher(own), signal: controller.signal }))
    controller.abort(new Error('changed my mind'))
    expect((await spawning).message).toBe('changed my mind')
  })
})

describe('a start of a process that fails', () => {
  test('because its module writes garbage onto the channel', async () => {
    const { system } = testSystem()
    const garbles = remote<any>(new URL('../fixtures/garbles.js', import.meta.url))
    const error = await failureOf(system.spawn(garbles['actor'] as any))
    expect(error).toMatchObject({ code: 'ERR_ACTOR_DOWN', cause: { code: 'ERR_PROTOCOL' } })
  })

  test('because init kills the process', async () => {
    const { system } = testSystem()
    const error = await failureOf(system.spawn(actors.failing, 'kill'))
    expect(error).toMatchObject({ code: 'ERR_ACTOR_DOWN', reason: { type: 'exit', code: null, signal: 'SIGKILL' } })
  })

  test('because the working directory is missing', async () => {
    const { system } = testSystem()
    const error = await failureOf(
      system.spawn(actors.counter, { start: 1 }, { on: childProcess({ cwd: '/no/such/folder' }) }),
    )
    expect(error).toMatchObject({ code: 'ERR_ACTOR_DOWN', cause: { code: 'ENOENT' } })
  })

  test('because the process ends before it has greeted', async () => {
    const { system } = testSystem()
    const placement = childProcess({ execArgv: ['--import', 'data:text/javascript,process.exit(4)'] })
    const error = await failureOf(system.spawn(actors.counter, { start: 1 }, { on: placement }))
    expect(error).toMatchObject({ code: 'ERR_ACTOR_DOWN', reason: { type: 'exit', code: 4 } })
  })
})

describe.each(owns)('an end that we bring about, in a %s:', (own) => {
  const on = launcher(own)

  test('kill() ends an actor whose handler never returns', async () => {
    const { system } = testSystem()
    const probe = await createProbe<string>(system)
    const ref = await system.spawn(actors.ender, undefined, { on })
    const [waiting] = [failureOf(ref.ask('ping')), ref.tell('busy', probe.ref)]
    await waiting.catch(() => undefined)
    expect(await probe.next()).toBe('busy')
    const pending = failureOf(ref.ask('ping'))
    expect(await within(SETTLES, ref.kill())).toEqual({ type: 'killed' })
    expect(await within(SETTLES, pending)).toMatchObject({ reason: { type: 'killed' } })
  })

  test('stop() of an actor that cannot hear it kills it after its timeout', async () => {
    const { system, events } = testSystem()
    const probe = await createProbe<string>(system)
    const ref = await system.spawn(actors.ender, undefined, { on })
    ref.tell('busy', probe.ref)
    await probe.next()
    expect(await ref.stop({ timeout: 100 })).toEqual({ type: 'killed' })
    expect(events.find(({ type }) => type === 'hostDown')).toMatchObject(
      own === 'process' ? { signal: 'SIGKILL' } : { code: 1 },
    )
  })

  test('stop() of an actor at work waits for it', async () => {
    const { system } = testSystem()
    const probe = await createProbe<string>(system)
    const ref = await system.spawn(actors.ender, undefined, { on })
    const working = ref.ask('work', { to: probe.ref, ms: 50 })
    await probe.next()
    const queued = failureOf(ref.ask('ping'))
    expect(await ref.stop()).toEqual({ type: 'shutdown' })
    expect(await working).toBe('done')
    expect(await queued).toMatchObject({ code: 'ERR_ACTOR_DOWN', reason: { type: 'shutdown' } })
  })

  test('stop({ drain: true }) handles first what is queued', async () => {
    const { system } = testSystem()
    const probe = await createProbe<string>(system)
    const ref = await system.spawn(actors.ender, undefined, { on })
    const asked = [ref.ask('work', { to: probe.ref, ms: 50 }), ref.ask('ping'), ref.ask('ping')]
    expect(await ref.stop({ drain: true })).toEqual({ type: 'shutdown' })
    expect(await Promise.all(asked)).toEqual(['done', 'pong', 'pong'])
  })

  test('stop() of an actor whose handler awaits for ever kills it after its timeout', async () => {
    const { system } = testSystem()
    const probe = await createProbe<string>(system)
    const ref = await system.spawn(actors.ender, undefined, { on })
    const pending = failureOf(ref.ask('hang', probe.ref))
    await probe.next()
    expect(await ref.stop({ timeout: 50 })).toEqual({ type: 'killed' })
    expect(await pending).toMatchObject({ code: 'ERR_ACTOR_DOWN', reason: { type: 'killed' } })
  })

  test('an actor that exits by itself ends normally, with exit code 0', async () => {
    const { system, events } = testSystem()
    const ref = await system.spawn(actors.ender, undefined, { on })
    ref.tell('stopMe')
    expect(await ref.exited).toEqual({ type: 'normal' })
    expect(events.find(({ type }) => type === 'hostDown')).toMatchObject({ code: 0, signal: null })
  })

  test('system.stop() ends all processes, and what is asked meanwhile settles', async () => {
    const { system } = testSystem()
    const refs = await Promise.all([1, 2, 3].map((start) => system.spawn(actors.counter, { start }, { on })))
    const pids = await Promise.all(refs.map((ref) => ref.ask('pid')))
    const pending = refs.map((ref) => failureOf(ref.ask('never')))
    await system.stop({ timeout: 100 })
    for (const error of await Promise.all(pending)) expect(error).toMatchObject({ code: 'ERR_ACTOR_DOWN' })
    if (own === 'process') expect(pids.filter(isAlive)).toEqual([])
    expect(system.tree()).toBe('test')
  })

  test('system.stop() ends processes that are still starting, and their spawns settle', async () => {
    const { system } = testSystem()
    const spawning = [
      failureOf(system.spawn(actors.failing, 'hang', { on, name: 'first' })),
      failureOf(system.spawn(actors.counter, { start: 1 }, { on })),
      failureOf(system.spawn(actors.ender, undefined, { on })),
    ]
    await system.stop()
    for (const error of await within(SETTLES, Promise.all(spawning))) {
      expect(error).toMatchObject({ code: 'ERR_ACTOR_DOWN', reason: { type: 'killed' } })
    }
    expect(system.tree()).toBe('test')
    expect(await failureOf(system.spawn(actors.ender, undefined, { on }))).toMatchObject({ code: 'ERR_SYSTEM_STOPPED' })
  })
})

describe('a process', () => {
  test('kill() is over soon though a program that the actor had started lives on', async () => {
    const { system } = testSystem()
    const ref = await system.spawn(actors.ender)
    const pid = (await ref.ask('leave')) as number
    try {
      expect(await within(SETTLES, ref.kill())).toEqual({ type: 'killed' })
      expect(isAlive(pid)).toBe(true)
    } finally {
      process.kill(pid, 'SIGKILL')
    }
  })

  test('SIGINT does not end a child: its parent decides', async () => {
    const { system } = testSystem()
    const ref = await system.spawn(actors.counter, { start: 1 })
    const pid = await ref.ask('pid')
    for (let round = 0; round < 3; round += 1) {
      process.kill(pid, 'SIGINT')
      expect(await ref.ask('add', 1)).toBe(2 + round)
    }
  })
})
