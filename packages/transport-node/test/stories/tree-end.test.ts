/** The end of a system that holds a whole tree: in order, in time, and nothing is left of it. */
import { readdirSync } from 'node:fs'
import { child, createSystem, type SupervisorEvent, type SystemEvent } from '@troupe/core'
import { childProcess, remote } from '@troupe/transport-node'
import { counter } from '../fixtures/actors.js'
import { isAlive, until } from './support.js'

const actors = remote<typeof import('../fixtures/actors.js')>(new URL('../fixtures/actors.js', import.meta.url))

/** Each branch has a supervisor of its own: local children, then processes. */
const BRANCHES = 5
const LOCAL = 36
const PROCESSES = 4

const resources = (): string[] => process.getActiveResourcesInfo().sort()
const descriptors = (): number => (process.platform === 'linux' ? readdirSync('/proc/self/fd').length : 0)
const threads = (): number => (process.platform === 'linux' ? readdirSync('/proc/self/task').length : 0)

const count = (length: number): number[] => Array.from({ length }, (_, n) => n)

const local = (branch: number) => count(LOCAL).map((n) => child(`local ${branch}.${n}`, counter, { start: n }))
const elsewhere = (branch: number) =>
  count(PROCESSES).map((n) =>
    child(`process ${branch}.${n}`, actors.counter, { start: n }, { on: childProcess(), shutdown: 5_000 }),
  )

/** Starts one process and ends it: what is made once for all is there afterwards. */
async function warmUp(): Promise<void> {
  const system = createSystem({ name: 'first' })
  await system.spawn(actors.counter, { start: 0 })
  await system.stop()
}

test('a system of 180 actors here and 20 processes, under nested supervisors, ends in reverse and leaves nothing', async () => {
  await warmUp()
  const before = { resources: resources(), descriptors: descriptors(), threads: threads() }
  const system = createSystem({ name: 'tree' })
  const events: SystemEvent[] = []
  system.events$.subscribe((event) => events.push(event))
  const app = await system.supervise({
    children: count(BRANCHES).map((branch) =>
      child.supervisor(`branch ${branch}`, {
        children: [
          child.supervisor('locals', { strategy: 'one_for_all', children: local(branch) }),
          child.supervisor('processes', { strategy: 'rest_for_one', children: elsewhere(branch) }),
        ],
      }),
    ),
  })
  const told: SupervisorEvent[] = []
  app.events$.subscribe((event) => told.push(event))
  expect(app.which().every(({ status }) => status === 'running')).toBe(true)
  const started = events.flatMap((event) => (event.type === 'spawned' ? [event] : []))
  const children = started.filter(({ child: id }) => /^(local|process) /.test(id ?? '')).map(({ child: id }) => id)
  expect(children).toHaveLength(BRANCHES * (LOCAL + PROCESSES))
  const pids = started.flatMap(({ host, pid }) => (host === 1 || pid === undefined ? [] : [pid]))
  expect(new Set(pids.filter(isAlive)).size).toBe(BRANCHES * PROCESSES)

  const began = Date.now()
  await system.stop({ timeout: 60_000 })
  // Far below the sum of their deadlines: nobody had to be killed.
  expect(Date.now() - began).toBeLessThan(60_000)
  const downs = events.flatMap((event) => (event.type === 'down' ? [event] : []))
  expect(downs.filter(({ reason }) => reason.type !== 'shutdown')).toEqual([])
  const ended = downs.map(({ child: id }) => id).filter((id) => /^(local|process) /.test(id ?? ''))
  expect(ended).toEqual([...children].reverse())
  expect(events.filter(({ type }) => type === 'crashed')).toEqual([])
  expect(told.flatMap((event) => (event.type === 'down' ? [event.child] : []))).toEqual(
    count(BRANCHES)
      .reverse()
      .map((branch) => `branch ${branch}`),
  )

  expect(system.tree()).toBe('tree')
  expect(pids.filter(isAlive)).toEqual([])
  await until(
    () => descriptors() <= before.descriptors && resources().length <= before.resources.length,
    `${before.descriptors} descriptors and ${before.resources.join()}: ${descriptors()} and ${resources().join()}`,
  )
  expect(resources()).toEqual(before.resources)
  expect(threads()).toBeLessThanOrEqual(before.threads)
}, 60_000)
