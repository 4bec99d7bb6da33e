/** Wrong options are refused at the call; what is inherited leaves out what belongs to others. */
import { childProcess } from '@troupe/transport-node'
import { inheritedEnv, inheritedExecArgv } from '@troupe/transport-node/internal'

test.each<[string, unknown, typeof TypeError | typeof RangeError, string]>([
  ['an unknown option', { execArgs: [] }, TypeError, 'Unknown option `execArgs`'],
  ['no object', 5, TypeError, 'Expected `childProcess options` to be an object'],
  ['flags that are no list', { execArgv: '--flag' }, TypeError, 'Expected `execArgv` to be an array of strings'],
  ['flags that are no strings', { execArgv: [5] }, TypeError, 'Expected `execArgv` to be an array of strings'],
  ['an environment that is no object', { env: 'A=1' }, TypeError, 'Expected `env` to be an object'],
  ['a directory that is no string', { cwd: 5 }, TypeError, 'Expected `cwd` to be a non-empty string'],
  ['an empty directory', { cwd: '' }, TypeError, 'Expected `cwd` to be a non-empty string'],
  [
    'a way for output that is none',
    { stdio: 'ignore' },
    TypeError,
    "Expected `stdio` to be one of 'inherit', 'prefix', 'pipe'",
  ],
  ['memory that is no number', { maxRssMb: '512' }, TypeError, 'Expected `maxRssMb` to be a number of at least 1'],
  ['memory that is not a number', { maxRssMb: NaN }, TypeError, 'Expected `maxRssMb` to be a number of at least 1'],
  ['no memory at all', { maxRssMb: 0 }, RangeError, 'Expected `maxRssMb` to be a number of at least 1'],
  ['a time that is no number', { startTimeout: '1s' }, TypeError, 'Expected `startTimeout` to be a number'],
  ['a negative time', { startTimeout: -1 }, RangeError, 'Expected `startTimeout`'],
  ['a time that no timer holds', { startTimeout: 2 ** 31 }, RangeError, 'Expected `startTimeout`'],
])('%s is refused', (_, options, Class, message) => {
  expect(() => childProcess(options as never)).toThrow(Class)
  expect(() => childProcess(options as never)).toThrow(message)
})

test('without options, and with all of them, it is a placement elsewhere', () => {
  expect(childProcess()).toMatchObject({ reach: 'elsewhere', startTimeout: 30_000 })
  expect(
    childProcess({ execArgv: [], env: {}, cwd: '/', stdio: 'pipe', maxRssMb: 512, startTimeout: Infinity }),
  ).toMatchObject({
    reach: 'elsewhere',
    startTimeout: Infinity,
  })
})

test.each<[string, string[], string[]]>([
  ['nothing', [], []],
  [
    'what concerns memory and modules stays',
    ['--max-old-space-size=100', '--import', './x.js'],
    ['--max-old-space-size=100', '--import', './x.js'],
  ],
  [
    'what reads modules stays',
    ['--import', 'tsx', '--loader', './l.mjs', '--require', './r.cjs', '--experimental-strip-types', '--no-warnings'],
    ['--import', 'tsx', '--loader', './l.mjs', '--require', './r.cjs', '--experimental-strip-types', '--no-warnings'],
  ],
  [
    'conditions stay',
    ['--conditions', 'node', '-C', 'test', '--conditions=dev', '--experimental-transform-types'],
    ['--conditions', 'node', '-C', 'test', '--conditions=dev', '--experimental-transform-types'],
  ],
  [
    'debuggers',
    ['--inspect', '--inspect-brk=9230', '--inspect-port=0', '--debug-port=5', '--no-warnings'],
    ['--no-warnings'],
  ],
  ['a debugger whose port stands apart', ['--inspect-port', '9231', '--no-warnings'], ['--no-warnings']],
  ['test runners', ['--test', '--test-name-pattern', 'x', '--test-only', '--experimental-vm-modules'], []],
  [
    'a test runner’s values',
    ['--test-reporter', 'tap', '--test-reporter-destination=out', '--test-concurrency', '2', '--enable-source-maps'],
    ['--enable-source-maps'],
  ],
  [
    'what vitest loads',
    [
      '--require',
      '/app/node_modules/vitest/suppress-warnings.cjs',
      '--import=/app/node_modules/vitest/x.js',
      '--require',
      'a',
    ],
    ['--require', 'a'],
  ],
  ['watchers', ['--watch', '--watch-path', 'src', '--watch-path=lib'], []],
  [
    'code on the command line',
    ['-e', 'main()', '--eval', 'x', '-p', '1', '--print', '2', '-pe', '3', '--no-warnings'],
    ['--no-warnings'],
  ],
  ['code after an equals sign', ['--eval=x', '--print=y'], []],
  ['what would ask or only check', ['-i', '--interactive', '-c', '--check'], []],
  ['profiles', ['--cpu-prof', '--cpu-prof-dir=x', '--heap-prof'], []],
  [
    'profiles whose values stand apart',
    ['--cpu-prof', '--cpu-prof-dir', 'x', '--cpu-prof-interval', '100', '--no-warnings'],
    ['--no-warnings'],
  ],
])('flags inherited: %s', (_, given, expected) => {
  expect(inheritedExecArgv(given)).toEqual(expected)
})

test('the environment is inherited less what test runners and debuggers put there, and the own one stays as it is', () => {
  const env = {
    PATH: '/bin',
    JEST_WORKER_ID: '1',
    NODE_TEST_CONTEXT: 'child',
    NODE_TEST_WORKER_ID: '1',
    VITEST: 'true',
    VITEST_MODE: 'RUN',
    VITEST_POOL_ID: '1',
    VSCODE_INSPECTOR_OPTIONS: '{}',
    NODE_ENV: 'test',
    NODE_V8_COVERAGE: '/coverage',
  }
  const before = { ...env }
  expect(inheritedEnv(env)).toEqual({ PATH: '/bin', NODE_ENV: 'test', NODE_V8_COVERAGE: '/coverage' })
  expect(env).toEqual(before)
})

test.each([
  ['--no-warnings', '--no-warnings'],
  ['--inspect-brk=9230  --import tsx --experimental-vm-modules', '--import tsx'],
  ['--import "a file" --inspect', '--import "a file" --inspect'],
])('of NODE_OPTIONS %s is inherited %s', (given, expected) => {
  expect(inheritedEnv({ NODE_OPTIONS: given })).toEqual({ NODE_OPTIONS: expected })
})
