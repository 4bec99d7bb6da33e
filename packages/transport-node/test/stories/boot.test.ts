/** A process of an actor is as lean as Node itself: what it loads at its start is listed here. */
import { fileURLToPath } from 'node:url'
import { childProcess, remote, workerThread } from '@troupe/transport-node'
import { stopSystems, testSystem } from './support.js'

afterEach(stopSystems)

const fixture = (name: string): URL => new URL(`../fixtures/${name}`, import.meta.url)
const { lean } = remote<typeof import('../fixtures/lean.js')>(fixture('lean.js'))
const { usual } = remote<typeof import('../fixtures/usual.js')>(fixture('usual.js'))
const on = childProcess({ execArgv: ['--import', fixture('record-loads.js').href] })

const filesOf = (urls: readonly string[]): string[] =>
  urls.filter((url) => !url.startsWith('node:')).map((url) => fileURLToPath(url))

test('a fresh process has loaded the boot bundle and the module of its actor, and nothing else', async () => {
  const { system } = testSystem()
  const { imported, required } = await (await system.spawn(lean, undefined, { on })).ask('loaded')
  // The bundle may be loaded either way.
  const boot = /transport-node[\\/]dist[\\/]boot\.bundle\.[cm]js$/
  const files = [...new Set([...filesOf(imported), ...required])]
  expect(files.map((file) => file.replace(boot, 'the boot bundle').replace(/^.*[\\/]/, ''))).toEqual([
    'the boot bundle',
    'lean.js',
  ])
})

test('a module that defines an actor adds what the entry of core needs, and neither xstate nor rxjs', async () => {
  const { system } = testSystem()
  const { imported, required } = await (await system.spawn(usual, undefined, { on })).ask('loaded')
  const files = filesOf(imported)
  expect(files.filter((file) => /core[\\/]dist[\\/]bundle[\\/]index\.js$/.test(file))).toHaveLength(1)
  expect(
    [...files, ...required].filter((file) => /xstate|rxjs|transport-node[\\/]dist[\\/](?!boot\.bundle)/.test(file)),
  ).toEqual([])
})

test('a fresh thread has required its own boot bundle, and nothing else', async () => {
  const { system } = testSystem()
  const required = await (await system.spawn(lean, undefined, { on: workerThread() })).ask('required')
  expect(required.map((file) => file.replace(/^.*[\\/]/, ''))).toEqual(['boot.thread.bundle.cjs'])
})
