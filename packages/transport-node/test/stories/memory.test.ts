/** A process that holds more memory than it may is killed, and its actors are told to be down by that. */
import { childProcess, remote } from '@troupe/transport-node'
import { stopSystems, testSystem, within } from './support.js'

const output = remote<typeof import('../fixtures/output.js')>(new URL('../fixtures/output.js', import.meta.url))
const LIMIT = 128
const oom = {
  type: 'oom',
  error: { code: 'ERR_OUT_OF_MEMORY', message: expect.stringMatching(/holds \d{3} MiB of memory.* maxRssMb of 128\b/) },
}
/** Measured every 250 ms, on a machine that may be busy. */
const KNOWN = 5_000

afterEach(stopSystems)

test('a process that grows beyond its limit is down with reason oom; one within its own lives on', async () => {
  const { system, events } = testSystem()
  const on = childProcess({ maxRssMb: LIMIT })
  const [eater, bystander] = await Promise.all(
    ['eater', 'bystander'].map((name) => system.spawn(output.eater, undefined, { name, on })),
  )
  await bystander!.ask('eat', 8)
  eater!.tell('eat', 160)
  expect(await within(KNOWN, eater!.exited)).toMatchObject(oom)
  expect((await eater!.exited).error).toMatchObject({ message: expect.stringContaining('The process eater (pid ') })
  expect(events.filter(({ type }) => type === 'hostDown')).toMatchObject([{ code: null, signal: 'SIGKILL' }])
  expect(events.filter(({ type }) => type === 'crashed')).toHaveLength(1)
  expect(await bystander!.ask('ping')).toBe('pong')
  expect(await bystander!.stop()).toEqual({ type: 'shutdown' })
})

test('a busy one that is asked to stop is, too', async () => {
  const { system } = testSystem()
  const eater = await system.spawn(output.eater, undefined, { on: childProcess({ maxRssMb: LIMIT }) })
  eater.tell('eatAndLoop', 160)
  expect(await within(KNOWN, eater.stop({ drain: true, timeout: 60_000 }))).toMatchObject(oom)
})

test('all actors of a launched one are', async () => {
  const { system } = testSystem()
  const host = await system.launch(childProcess({ maxRssMb: LIMIT }), { name: 'kitchen' })
  const refs = await Promise.all([1, 2].map(() => system.spawn(output.eater, undefined, { on: host })))
  refs[0]!.tell('eat', 160)
  expect(await within(KNOWN, host.exited)).toMatchObject(oom)
  for (const ref of refs) expect(await ref.exited).toMatchObject(oom)
})
