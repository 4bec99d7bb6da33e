/** Diagnostics across processes: each process tells of its own actors, the root of all. */
import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { remote } from '@troupe/transport-node'
import { stopSystems, testSystem } from './support.js'

const { listener } = remote<typeof import('../fixtures/listener.js')>(
  new URL('../fixtures/listener.js', import.meta.url),
)

const seen: [name: string, message: any][] = []
const listen = (message: unknown, name: string | symbol): void => void seen.push([String(name), message])
const names = ['troupe:actor:spawn', 'troupe:actor:down', 'troupe:host:up', 'troupe:host:down']
beforeEach(() => {
  seen.length = 0
  for (const name of names) subscribe(name, listen)
})
afterEach(async () => {
  for (const name of names) unsubscribe(name, listen)
  await stopSystems()
})

test('the root is told once of what happens in any process, and a process of what happens in it', async () => {
  const { system } = testSystem()
  const ref = await system.spawn(listener, undefined, { name: 'outer' })
  expect(await ref.ask('seen', undefined)).toEqual([
    ['troupe:actor:spawn', 'inner'],
    ['troupe:actor:down', 'inner'],
  ])
  await ref.stop()
  await system.stop()
  expect(seen.map(([name, { name: actor }]) => (actor === undefined ? name : `${name} ${actor}`))).toEqual([
    'troupe:host:up',
    'troupe:actor:spawn outer',
    'troupe:actor:spawn inner',
    'troupe:actor:down inner',
    'troupe:actor:down outer',
    'troupe:host:down',
  ])
  const [, up] = seen.find(([name]) => name === 'troupe:host:up') ?? []
  const [, down] = seen.find(([name]) => name === 'troupe:host:down') ?? []
  const about = { system: 'test', id: String(up.host), host: up.host, pid: expect.any(Number), at: expect.any(Number) }
  expect(up).toEqual(about)
  expect(down).toEqual({ ...about, code: 0, signal: null })
})
