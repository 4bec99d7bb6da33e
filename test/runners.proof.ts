/**
 * Tasks run under the test runners that users have: vitest in processes and in threads, and node:test. Jest is the runner
 * of this repository. The packed tarballs are installed in a project of its own, with vitest and tsx from the registry.
 */
import { mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { node, pack } from './pack.js'

/** Both runners load it; `expected` is what each of the tests below has to say of its worker. */
const body = `
  const compiled = remote(new URL('./compiled.js', import.meta.url))
  const typed = remote(new URL('./typed.ts', import.meta.url))
  const unbuilt = remote(new URL('./typed.js', import.meta.url))
  const pool = createPool({ size: 1 })
  const isAlive = (pid) => {
    try {
      return process.kill(pid, 0)
    } catch {
      return false
    }
  }

  test('a task in JavaScript', async () => equal(await pool.map(compiled.double, [1, 2]), [2, 4]))
  test('a task in TypeScript', async () => equal(await pool.apply(typed.color, []), 7))
  test('a task that is named by its compiled file', async () => equal(await pool.apply(unbuilt.color, []), 7))
  test('nothing of the runner reaches a worker', async () => {
    const { execArgv, env } = await pool.apply(compiled.surroundings, [])
    equal(execArgv.filter((flag) => /test|inspect|watch|vm-modules/.test(flag)), [])
    equal(env.filter((name) => /^(VITEST|NODE_TEST_|JEST_)/.test(name)), [])
  })
  test('the pool ends', async () => {
    const [{ pid }] = pool.stats().workers
    await pool.stop()
    equal(isAlive(pid), false)
  })
`
const files = {
  'package.json': '{ "type": "module", "private": true }',
  'compiled.js': `
    export const double = (n) => n * 2
    export const surroundings = () => ({ execArgv: process.execArgv, env: Object.keys(process.env) })`,
  'typed.ts': `
    enum Color { Red = 7 }
    export const color = (): number => Color.Red`,
  'pool.spec.js': `
    import { createPool, remote } from '@troupe/pool'
    import { expect, test } from 'vitest'
    const equal = (got, expected) => expect(got).toEqual(expected)
    ${body}`,
  'pool.test.js': `
    import assert from 'node:assert/strict'
    import test from 'node:test'
    import { createPool, remote } from '@troupe/pool'
    const equal = assert.deepEqual
    ${body}`,
}

let app: string
beforeAll(async () => {
  app = realpathSync(mkdtempSync(join(tmpdir(), 'troupe-runners-')))
  for (const [name, text] of Object.entries(files)) writeFileSync(join(app, name), text)
  const tarballs = Object.values(await pack(app))
  const npm = process.env['npm_execpath']
  if (npm === undefined) throw new Error('Expected to be run by npm, as in: npm run package-check')
  await node(app, npm, 'install', '--no-audit', '--no-fund', ...tarballs, 'vitest@4', 'tsx@4')
}, 240_000)
afterAll(() => rmSync(app, { recursive: true, force: true }))

test.each(['forks', 'threads', 'vmForks'])(
  'vitest with its pool %s',
  async (pool) => {
    const report = join(app, 'report.json')
    const reporter = ['--reporter=json', `--outputFile=${report}`]
    await node(app, join('node_modules', 'vitest', 'vitest.mjs'), 'run', 'pool.spec', `--pool=${pool}`, ...reporter)
    expect(JSON.parse(readFileSync(report, 'utf8'))).toMatchObject({ numPassedTests: 5, numFailedTests: 0 })
  },
  60_000,
)

test('node:test', async () => {
  expect(await node(app, '--test', '--test-reporter', 'tap', 'pool.test.js')).toMatch(/^# pass 5$/m)
}, 60_000)
