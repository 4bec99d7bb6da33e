/** What a child process gets from its parent, and what it is told. */
import { tmpdir } from 'node:os'
import { realpathSync } from 'node:fs'
import { childProcess, type ChildProcessOptions } from '@troupe/transport-node'
import { actors, stopSystems, testSystem } from './support.js'

afterEach(stopSystems)

async function where(options?: ChildProcessOptions): Promise<{
  cwd: string
  env: Record<string, string | undefined>
  execArgv: string[]
}> {
  const { system } = testSystem()
  const ref = await system.spawn(actors.echo, undefined, { on: childProcess(options) })
  return ref.ask('where')
}

test('a child has the environment, flags and directory of its parent, less those of the test runner', async () => {
  process.env['TROUPE_TEST_VALUE'] = 'inherited'
  try {
    const { cwd, env, execArgv } = await where()
    expect(cwd).toBe(process.cwd())
    expect(env['TROUPE_TEST_VALUE']).toBe('inherited')
    expect(env['PATH']).toBe(process.env['PATH'])
    expect(env['JEST_WORKER_ID']).toBeUndefined()
    expect(process.execArgv).toContain('--experimental-vm-modules')
    expect(execArgv).toEqual(process.execArgv.filter((flag) => flag !== '--experimental-vm-modules'))
  } finally {
    delete process.env['TROUPE_TEST_VALUE']
  }
})

test('a child has the environment, flags and directory that it is given, and no others', async () => {
  const folder = realpathSync(tmpdir())
  const mark = { TROUPE_TEST_RUN: process.env['TROUPE_TEST_RUN'] }
  const given = { ...mark, ONLY: 'this' }
  const { cwd, env, execArgv } = await where({ env: given, cwd: folder, execArgv: ['--stack-trace-limit=50'] })
  expect(cwd).toBe(folder)
  expect(execArgv).toEqual(['--stack-trace-limit=50'])
  expect(env).toMatchObject(given)
  expect(env['PATH']).toBeUndefined()
})
