import { Worker } from 'node:worker_threads'
import { withoutRefused } from '@troupe/transport-node/internal'

/** What Node says of flags that a thread cannot have. */
const refusal = (what: string): Error =>
  Object.assign(new Error(`Initiated Worker with invalid ${what}`), { code: 'ERR_WORKER_INVALID_EXEC_ARGV' })

test.each<[string, string[], string[]]>([
  ['nothing', [], []],
  ['what a thread takes', ['--import', './x.js', '--no-warnings'], ['--import', './x.js', '--no-warnings']],
  ['one of V8', ['--max-old-space-size=100', '--no-warnings'], ['--no-warnings']],
  ['one whose value stands apart', ['--max-old-space-size', '100', '--no-warnings'], ['--no-warnings']],
  ['some of the process', ['--title=x', '--expose-gc', '--enable-source-maps'], ['--enable-source-maps']],
])('flags for a real thread: %s', async (_, given, expected) => {
  let taken: readonly string[] = []
  const worker = withoutRefused(given, {}, (execArgv) => {
    taken = execArgv
    // What `--import` names would be loaded: a look is enough.
    const probe = execArgv.filter((flag) => flag !== '--import' && flag !== './x.js')
    return new Worker('0', { eval: true, execArgv: probe })
  })
  await worker.terminate()
  expect(taken).toEqual(expected)
})

test('what NODE_OPTIONS has and a thread cannot is left out with it, and the rest of the environment stays', () => {
  const env = { NODE_OPTIONS: '--title=x', PATH: '/bin' }
  const seen: unknown[] = []
  withoutRefused([], env, (_, env) => {
    seen.push(env)
    if ('NODE_OPTIONS' in env) throw refusal('NODE_OPTIONS env variable: --title= is not allowed in NODE_OPTIONS')
  })
  expect(seen).toEqual([env, { PATH: '/bin' }])
})

test('every other error is passed on, and so is a refusal that names none of the flags', () => {
  const other = new Error('other')
  const odd = refusal('execArgv flags: --unknown')
  for (const error of [other, odd, refusal('NODE_OPTIONS env variable: --x')]) {
    const make = (): never => {
      throw error
    }
    expect(() => withoutRefused(['--no-warnings'], {}, make)).toThrow(error)
  }
})
