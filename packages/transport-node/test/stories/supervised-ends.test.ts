/** How a supervisor ends children that do not want to, and what it does when a host that several share is gone. */
import type { SystemEvent } from '@troupe/core'
import { type Crew, crewAt, endCrews, homes, statuses } from './crew.js'
import { isAlive, SETTLES, until, within } from './support.js'

afterEach(endCrews)

const hosts = (events: SystemEvent[], type: 'hostUp' | 'hostDown') => events.filter((event) => event.type === type)

describe.each(homes)('a child that lives here (%s) is ended', (home) => {
  test('within its `shutdown`, at once with brutal_kill, and waited for with Infinity', async () => {
    const crew = await crewAt(home)
    const { app, told } = await crew.supervise({
      children: [
        crew.worker('patient', { shutdown: Infinity }),
        crew.worker('brutal', { shutdown: 'brutal_kill' }),
        crew.worker('late', { shutdown: 100 }),
      ],
    })
    const gate = await crew.gate()
    const pids: number[] = []
    for (const id of ['patient', 'brutal', 'late']) {
      pids.push(await app.ref(id).ask('pid'))
      await app.ref(id).ask('leaveBy', id === 'patient' ? gate.ref : 'never')
    }
    crew.lines.length = 0
    const began = Date.now()
    const stopped = app.stop()
    await crew.noted('stop patient')
    // The two before it are gone, each in its own way.
    expect(Date.now() - began).toBeGreaterThanOrEqual(95)
    expect(crew.lines).toEqual(['stop late', 'stop patient'])
    expect(told.all.map((event) => [event.type, (event as any).child, (event as any).reason?.type])).toEqual([
      ['crashed', 'late', undefined],
      ['down', 'late', 'killed'],
      ['crashed', 'brutal', undefined],
      ['down', 'brutal', 'killed'],
    ])
    if (home === 'process') {
      expect(pids.map(isAlive)).toEqual([true, false, false])
      // One that still hears ends itself when its time is over, or is killed at that moment.
      expect(hosts(crew.events, 'hostDown')).toMatchObject([{}, { signal: 'SIGKILL' }])
    }
    expect(statuses(app)).toEqual({ patient: 'running', brutal: 'down', late: 'down' })
    gate.open()
    expect(await within(5 * SETTLES, stopped)).toEqual({ type: 'shutdown' })
    expect(told.of('down', 'patient')).toMatchObject([{ reason: { type: 'shutdown' } }])
  })

  if (home === 'here') return

  test('though it never yields; in a shared host it takes that along, and the others come back', async () => {
    const crew = await crewAt(home)
    const { app } = await crew.supervise({
      children: [crew.worker('a'), crew.worker('busy', { shutdown: 50 })],
    })
    app.ref('busy').tell('busy', undefined)
    await crew.noted('busy busy')
    await within(10 * SETTLES, app.terminateChild('busy'))
    expect(await app.ref('a').ask('pid')).toBeGreaterThan(0)
    expect(statuses(app)).toEqual({ a: 'running', busy: 'down' })
    expect(hosts(crew.events, 'hostDown')).toMatchObject([home === 'thread' ? {} : { signal: 'SIGKILL' }])
    expect(hosts(crew.events, 'hostUp')).toHaveLength(2)
    expect(crew.lines.filter((line) => line.startsWith('start'))).toEqual(
      home === 'shared process' ? ['start a', 'start busy', 'start a'] : ['start a', 'start busy'],
    )
  })
})

describe('the children of a launched host', () => {
  async function family(): Promise<Crew & Awaited<ReturnType<Crew['supervise']>>> {
    const crew = await crewAt('shared process')
    const children = [
      ...['a', 'b', 'c'].map((id) => crew.worker(id, { name: id })),
      crew.worker('t', { restart: 'transient' }),
      crew.worker('once', { restart: 'temporary' }),
    ]
    return { ...crew, ...(await crew.supervise({ children })) }
  }

  test.each(['SIGKILL', 'exit 0'] as const)(
    'live in a new one when it ends (%s): started once, for all',
    async (how) => {
      const { app, told, events, lines, system } = await family()
      const ids = ['a', 'b', 'c', 't']
      const pid = await app.ref('a').ask('pid')
      lines.length = 0
      if (how === 'SIGKILL') process.kill(pid, 'SIGKILL')
      else app.ref('b').tell('exit', 0)
      await within(
        10 * SETTLES,
        until(() => ids.every((id) => told.of('restarted', id).length === 1), 'all are back', 10_000),
      )
      const pids = await Promise.all(ids.map((id) => app.ref(id).ask('pid')))
      expect(new Set(pids).size).toBe(1)
      expect(pids[0]).not.toBe(pid)
      expect(hosts(events, 'hostDown')).toHaveLength(1)
      expect(hosts(events, 'hostUp')).toHaveLength(2)
      expect([...lines].sort()).toEqual(ids.map((id) => `start ${id}`))
      expect(statuses(app)).toEqual({ a: 'running', b: 'running', c: 'running', t: 'running' })
      expect((await system.whereis('c'))?.equals(app.ref('c'))).toBe(true)
      // Each life is told of as its child's.
      const downs = events.filter(({ type }) => type === 'down').map(({ child }) => child)
      expect(downs).toHaveLength(5)
      expect(new Set(downs)).toEqual(new Set(['a', 'b', 'c', 'once', 't']))
    },
  )
})
