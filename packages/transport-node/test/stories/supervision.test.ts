/** OTP's supervision, the same for children in this thread, in threads, in processes, and in one that they share. */
import { RestartLimitError } from '@troupe/core'
import { type Crew, crewAt, endCrews, homes, statuses, Told, type Worker } from './crew.js'
import { failureOf, isAlive, SETTLES, until, within } from './support.js'

afterEach(endCrews)

describe.each(homes)('a supervisor whose children live here: %s', (home) => {
  /** What ends the life of a child, and whether that is clean; those that would take others along are left out. */
  const ends: Record<string, { clean: boolean; by(ref: Worker): unknown }> = {
    normal: { clean: true, by: (ref) => ref.tell('quit', undefined) },
    shutdown: { clean: true, by: (ref) => ref.stop() },
    killed: { clean: false, by: (ref) => ref.kill() },
    error: { clean: false, by: (ref) => ref.tell('fail', undefined) },
    ...(home === 'process' || home === 'thread'
      ? { 'exit 0': { clean: false, by: (ref: Worker) => ref.tell('exit', 0) } }
      : {}),
    ...(home === 'process' ? { 'exit SIGKILL': { clean: false, by: killProcess } } : {}),
  }
  const typeOf = (end: string): string => end.split(' ')[0] as string

  async function supervised(spec: (crew: Crew) => Parameters<Crew['supervise']>[0]) {
    const crew = await crewAt(home)
    return { ...crew, ...(await crew.supervise(spec(crew))) }
  }

  test('starts them in order, each when the one before is ready, and stops them in reverse', async () => {
    const { app, lines, system } = await supervised(({ worker }) => ({
      children: [worker('a'), worker('b'), worker('c')],
    }))
    expect(lines).toEqual(['start a', 'start b', 'start c'])
    expect(statuses(app)).toEqual({ a: 'running', b: 'running', c: 'running' })
    expect(app.count()).toEqual({ specs: 3, active: 3, supervisors: 0, workers: 3 })
    expect(await within(5 * SETTLES, app.stop())).toEqual({ type: 'shutdown' })
    expect(lines.slice(3)).toEqual(['stop c', 'stop b', 'stop a'])
    expect(app.which()).toEqual([])
    await until(() => !/[abc] \(/.test(system.tree()), 'nothing is left in the tree')
  })

  test('does not start when one of them does not: those before it stop in reverse, and nothing is left', async () => {
    const crew = await crewAt(home)
    const before = crew.system.tree()
    crew.script('c', 'throw')
    const children = ['a', 'b', 'c', 'd'].map((id) => crew.worker(id))
    const error = await failureOf(crew.system.supervise({ children }))
    expect(error).toMatchObject({ code: 'ERR_SUPERVISOR', cause: { cause: { message: 'c does not start' } } })
    expect(crew.lines).toEqual(['start a', 'start b', 'start c', 'stop b', 'stop a'])
    await until(() => crew.system.tree() === before, 'nothing is left in the tree')
  })

  test('starts a permanent child anew however it ended', async () => {
    const { app, told, lines } = await supervised(({ worker }) => ({ children: [worker('a')] }))
    const ref = app.ref('a')
    for (const [end, { by, clean }] of Object.entries(ends)) {
      await told.next('restarted', 'a', () => by(ref))
      expect(told.of('down', 'a').at(-1)).toMatchObject({ reason: { type: typeOf(end) } })
      // It crashed or not, and is there again.
      expect([end, told.all.some(({ type }) => type === 'crashed')]).toEqual([end, !clean])
      told.all.length = 0
      expect(await ref.ask('pid')).toBeGreaterThan(0)
    }
    expect(lines.filter((line) => line === 'start a')).toHaveLength(1 + Object.keys(ends).length)
  })

  test('starts a transient child anew unless it ended cleanly; then its spec is kept', async () => {
    const { app, told, lines } = await supervised(({ worker }) => ({
      children: [worker('a', { restart: 'transient' })],
    }))
    const ref = app.ref('a')
    for (const [end, { by, clean }] of Object.entries(ends)) {
      const { reason } = await told.next('down', 'a', () => by(ref))
      expect(reason.type).toBe(typeOf(end))
      if (clean) {
        expect(statuses(app)).toEqual({ a: 'down' })
        expect(await failureOf(ref.ask('pid'))).toMatchObject({ code: 'ERR_ACTOR_DOWN', reason: { type: typeOf(end) } })
        await app.restartChild('a')
      }
      expect(await ref.ask('pid')).toBeGreaterThan(0)
    }
    expect(lines.filter((line) => line === 'start a')).toHaveLength(1 + Object.keys(ends).length)
  })

  test('never starts a temporary child anew, and forgets its spec', async () => {
    const { app, told, worker, lines } = await supervised(() => ({}))
    for (const [end, { by }] of Object.entries(ends)) {
      const ref = await app.startChild(worker('a', { restart: 'temporary' }))
      const { reason } = await told.next('down', 'a', () => by(ref))
      expect(reason.type).toBe(typeOf(end))
      expect(app.which()).toEqual([])
      expect(await failureOf(ref.ask('pid'))).toMatchObject({ code: 'ERR_ACTOR_DOWN' })
    }
    expect(lines.filter((line) => line === 'start a')).toHaveLength(Object.keys(ends).length)
  })

  test.each([
    ['one_for_one', ['start b']],
    ['one_for_all', ['stop c', 'stop a', 'start a', 'start b', 'start c']],
    ['rest_for_one', ['stop c', 'start b', 'start c']],
  ] as const)(
    '%s starts anew whom it says, in order, after the others were stopped in reverse',
    async (strategy, then) => {
      const { app, lines, noted } = await supervised(({ worker }) => ({
        strategy,
        children: [worker('a'), worker('b'), worker('c')],
      }))
      lines.length = 0
      app.ref('b').tell('fail', undefined)
      await noted(then.at(-1) as string)
      // Who answers is ready.
      for (const id of ['a', 'b', 'c']) await app.ref(id).ask('pid')
      expect(lines).toEqual(then)
      expect(statuses(app)).toEqual({ a: 'running', b: 'running', c: 'running' })
    },
  )

  test('gives up after one restart too many: shutdown with a RestartLimitError, and its children are gone', async () => {
    const { app, told, lines, system, events } = await supervised(({ worker }) => ({
      intensity: 1,
      children: [worker('a'), worker('b')],
    }))
    const [a, b] = [app.ref('a'), app.ref('b')]
    const pid = await b.ask('pid')
    await told.next('restarted', 'b', () => b.tell('fail', undefined))
    const last = await b.ask('pid')
    const lost = failureOf(b.ask('fail'))
    const reason = await within(5 * SETTLES, app.exited)
    expect(reason).toMatchObject({
      type: 'shutdown',
      error: { code: 'ERR_RESTART_LIMIT', cause: { message: 'failed' } },
    })
    expect(reason.error).toBeInstanceOf(RestartLimitError)
    expect(await lost).toMatchObject({ code: 'ERR_ACTOR_DOWN', cause: { message: 'failed' } })
    expect(lines).toEqual(['start a', 'start b', 'start b', 'stop a'])
    expect(await failureOf(a.ask('pid'))).toMatchObject({ code: 'ERR_ACTOR_DOWN' })
    expect(await failureOf(b.ask('pid'))).toMatchObject({ code: 'ERR_ACTOR_DOWN' })
    expect(app.which()).toEqual([])
    expect(events.filter(({ type }) => type === 'escalated')).toHaveLength(1)
    if (home === 'process') for (const each of [pid, last]) await until(() => !isAlive(each), `process ${each} is gone`)
    // What other hosts tell of their actors may come a moment later than the news of an end.
    await until(() => !/[ab] \(/.test(system.tree()), 'nothing is left in the tree')
  })

  test('is asked to start, end, start again and forget children, and refuses what OTP refuses', async () => {
    const { app, worker, lines } = await supervised(({ worker: one }) => ({ children: [one('a')] }))
    const b = await app.startChild(worker('b'))
    const refused = async (promise: Promise<unknown>): Promise<string> => (await failureOf(promise)).code as string
    expect(await refused(app.startChild(worker('b')))).toBe('ERR_CHILD_RUNNING')
    expect(await refused(app.restartChild('b'))).toBe('ERR_CHILD_RUNNING')
    expect(await refused(app.deleteChild('b'))).toBe('ERR_CHILD_RUNNING')
    await app.terminateChild('b')
    await app.terminateChild('b')
    expect(lines).toEqual(['start a', 'start b', 'stop b'])
    expect(statuses(app)).toEqual({ a: 'running', b: 'down' })
    expect(await failureOf(b.ask('pid'))).toMatchObject({ code: 'ERR_ACTOR_DOWN', reason: { type: 'shutdown' } })
    expect(await refused(app.startChild(worker('b')))).toBe('ERR_CHILD_PRESENT')
    await app.restartChild('b')
    expect(await b.ask('pid')).toBeGreaterThan(0)
    await app.terminateChild('b')
    await app.deleteChild('b')
    expect(await refused(app.restartChild('b'))).toBe('ERR_CHILD_NOT_FOUND')
    expect(await refused(app.terminateChild('b'))).toBe('ERR_CHILD_NOT_FOUND')
    expect(statuses(app)).toEqual({ a: 'running' })
  })

  test('ends when its significant children have: after any of them, or after the last', async () => {
    const significant = { restart: 'transient', significant: true } as const
    const { app, lines, supervise, ...crew } = await supervised(({ worker }) => ({
      autoShutdown: 'any_significant',
      children: [worker('a'), worker('b', significant)],
    }))
    app.ref('b').tell('quit', undefined)
    expect(await within(5 * SETTLES, app.exited)).toEqual({ type: 'shutdown' })
    expect(lines).toEqual(['start a', 'start b', 'stop b', 'stop a'])
    const { app: all, told } = await supervise({
      autoShutdown: 'all_significant',
      children: [crew.worker('c', significant), crew.worker('d', significant)],
    })
    await told.next('down', 'c', () => all.ref('c').tell('quit', undefined))
    expect(statuses(all)).toEqual({ c: 'down', d: 'running' })
    all.ref('d').tell('quit', undefined)
    expect(await within(5 * SETTLES, all.exited)).toEqual({ type: 'shutdown' })
  })

  test('has children that come and go, when it is a dynamic one', async () => {
    const { system, lines, worker } = await crewAt(home)
    const app = await system.superviseDynamic({
      child: (id: string) => worker(id, id === 'once' ? { restart: 'temporary' } : {}),
      maxChildren: 3,
      intensity: 3,
    })
    const told = new Told(app)
    const [a, b, once] = (await Promise.all(['a', 'b', 'once'].map((id) => app.startChild(id)))) as [
      Worker,
      Worker,
      Worker,
    ]
    expect(await failureOf(app.startChild('d'))).toMatchObject({ code: 'ERR_MAX_CHILDREN' })
    await told.next('down', 'once', () => once.tell('fail', undefined))
    await told.next('restarted', 'a', () => a.tell('fail', undefined))
    expect(await a.ask('pid')).toBeGreaterThan(0)
    expect(statuses(app)).toEqual({ a: 'running', b: 'running' })
    await app.terminateChild(b)
    expect(await failureOf(b.ask('pid'))).toMatchObject({ code: 'ERR_ACTOR_DOWN' })
    expect(await failureOf(app.terminateChild(b))).toMatchObject({ code: 'ERR_CHILD_NOT_FOUND' })
    expect(statuses(app)).toEqual({ a: 'running' })
    await app.startChild('b')
    lines.length = 0
    await within(5 * SETTLES, app.stop())
    expect([...lines].sort()).toEqual(['stop a', 'stop b'])
  })
})

function killProcess(ref: Worker): void {
  void ref.ask('pid').then((pid) => process.kill(pid, 'SIGKILL'))
}
