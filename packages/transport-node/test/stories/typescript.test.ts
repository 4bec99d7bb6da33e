/** Actors in TypeScript, as their author wrote them; each project here is a folder of files that nothing has compiled. */
import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { type ActorDefinition, NotPortableError } from '@troupe/core'
import { childProcess, remote, workerThread } from '@troupe/transport-node'
import { failureOf, stopSystems, testSystem } from './support.js'

interface Probe {
  ask(): unknown
}
interface Module {
  readonly probe: ActorDefinition<undefined, Probe>
}

/** An actor that answers with `expression`, below the given lines. */
const actor = (expression: string, ...lines: string[]): string =>
  `${lines.join('\n')}
  import { type ActorDefinition, defineActor } from '@troupe/core'
  interface Probe { ask(): unknown }
  export const probe: ActorDefinition<undefined, Probe> = defineActor({ init: () => undefined, on: { ask: (): unknown => ${expression} } })`

const require = createRequire(import.meta.url)
const packageOf = (name: string): string => dirname(realpathSync(require.resolve(`${name}/package.json`)))
const stripsTypes = Boolean((process.features as { typescript?: unknown }).typescript)

let folder: string
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'troupe-typescript-')))
})
afterEach(async () => {
  await stopSystems()
  rmSync(folder, { recursive: true, force: true })
})

/** Writes the files of a project whose packages are those named. */
function project(files: Record<string, string>, packages: readonly string[] = ['@troupe/core', 'tsx']): void {
  for (const name of packages) {
    const link = join(folder, 'node_modules', name)
    mkdirSync(dirname(link), { recursive: true })
    symlinkSync(packageOf(name), link, 'dir')
  }
  for (const [name, text] of Object.entries({ 'package.json': '{ "type": "module" }', ...files })) {
    writeFileSync(join(folder, name), text)
  }
}

/** What the `probe` of that file answers, spawned in a process of its own. */
async function answer(file: string, options: Parameters<typeof childProcess>[0] = {}): Promise<unknown> {
  const { probe } = remote<Module>(pathToFileURL(join(folder, file)))
  const ref = await testSystem().system.spawn(probe, undefined, {
    on: childProcess({ cwd: folder, execArgv: ['--no-warnings'], ...options }),
  })
  return ref.ask('ask')
}

test('a thread loads them too, and its neighbour in the same process another', async () => {
  project({
    'probe.ts': actor('Color.Red', 'enum Color { Red = 7 }'),
    'other.ts': actor('two(1)', 'const two = (n: number): number => n + 1'),
  })
  const { system } = testSystem()
  const ask = async (file: string): Promise<unknown> => {
    const { probe } = remote<Module>(pathToFileURL(join(folder, file)))
    return (await system.spawn(probe, undefined, { on: workerThread() })).ask('ask')
  }
  expect(await Promise.all([ask('probe.ts'), ask('other.ts')])).toEqual([7, 2])
})

test.each<[string, Record<string, string>, unknown]>([
  ['types only', { 'probe.ts': actor('two(1)', 'const two = (n: number): number => n + 1') }, 2],
  ['an enum', { 'probe.ts': actor('Color.Red', 'enum Color { Red = 7 }') }, 7],
  [
    'an enum in a module that it imports',
    {
      'probe.ts': actor('Color.Red', `import { Color } from './color.ts'`),
      'color.ts': 'export enum Color { Red = 7 }',
    },
    7,
  ],
  [
    'an import that names the compiled file',
    { 'probe.ts': actor('value', `import { value } from './value.js'`), 'value.ts': 'export const value: number = 3' },
    3,
  ],
  [
    'an import of a type that does not say so',
    {
      'probe.ts': actor('n', `import { Count } from './count.ts'\nconst n: Count = 4`),
      'count.ts': 'export type Count = number',
    },
    4,
  ],
  [
    'a package that says nothing of modules',
    { 'probe.ts': actor('Color.Red', 'enum Color { Red = 7 }'), 'package.json': '{}' },
    7,
  ],
  ['a package of CommonJS', { 'probe.ts': actor('5 as number'), 'package.json': '{ "type": "commonjs" }' }, 5],
])('%s', async (_, files, expected) => {
  project(files)
  expect(await answer('probe.ts')).toBe(expected)
})

/** Made by hand: on Node 20 tsx's CommonJS cannot require a package of ES modules. */
const script = `exports.probe = {
  kind: 'definition', [Symbol.for('@troupe/definition')]: true, init: () => undefined,
  handlers: new Map([['ask', (): unknown => 6 as number]]), mailbox: { capacity: 10, overflow: 'wait' } } as unknown`

test.each([
  ['.js', '.ts', actor('6 as number')],
  ['.mjs', '.mts', actor('6 as number')],
  ['.cjs', '.cts', script],
])('a name with %s finds the file with %s when only that is there', async (named, written, text) => {
  project({ [`probe${written}`]: text })
  expect(await answer(`probe${named}`)).toBe(6)
})

test('a name with .js means that file when it is there, whatever stands beside it', async () => {
  project({
    'probe.js': `import { defineActor } from '@troupe/core'
      export const probe = defineActor({ init: () => undefined, on: { ask: () => 1 } })`,
    'probe.ts': actor('2 as number'),
  })
  expect(await answer('probe.js')).toBe(1)
})

test('JavaScript may import TypeScript', async () => {
  project({
    'probe.js': `import { defineActor } from '@troupe/core'
      import { Color } from './color.ts'
      export const probe = defineActor({ init: () => undefined, on: { ask: () => Color.Red } })`,
    'color.ts': 'export enum Color { Red = 7 }',
  })
  expect(await answer('probe.js')).toBe(7)
})

test('modules that are loaded at the same time, one of which imports the other', async () => {
  project(
    {
      'one.ts': `import { Color } from './two.ts'\nexport const value: number = Color.Red`,
      'two.ts': 'export enum Color { Red = 7 }\nexport const value: number = Color.Red',
      'main.js': `import { ModuleLoader } from '@troupe/transport-node/internal'
        const loader = new ModuleLoader()
        const load = async (file) => {
          const url = new URL(file, import.meta.url).href
          loader.announce(url)
          return loader.load(url, 'value')
        }
        console.log(await Promise.all(['./one.ts', './two.ts'].map(load)))`,
    },
    ['@troupe/transport-node', 'tsx'],
  )
  const { stdout } = await promisify(execFile)(process.execPath, [join(folder, 'main.js')], { cwd: folder })
  expect(stdout.trim()).toBe('[ 7, 7 ]')
})

test('tsx is found in the working directory, and among the flags of the process', async () => {
  project({ 'probe.ts': actor('Color.Red', 'enum Color { Red = 7 }') }, ['@troupe/core'])
  expect(await answer('probe.ts', { cwd: packageOf('@troupe/transport-node') })).toBe(7)
  const loader = pathToFileURL(join(packageOf('tsx'), 'dist', 'loader.mjs')).href
  expect(await answer('probe.ts', { execArgv: ['--import', loader] })).toBe(7)
})

describe('without tsx', () => {
  const enumeration = actor('Color.Red', 'enum Color { Red = 7 }')

  ;(stripsTypes ? test : test.skip)('what Node reads is loaded', async () => {
    project({ 'probe.ts': actor('8 as number') }, ['@troupe/core'])
    expect(await answer('probe.ts')).toBe(8)
  })

  test('what Node does not read is refused with the ways out', async () => {
    project({ 'probe.ts': enumeration }, ['@troupe/core'])
    const error = await failureOf(answer('probe.ts'))
    expect(error).toBeInstanceOf(NotPortableError)
    expect(error.message).toMatch(stripsTypes ? /Write only what Node can strip/ : /Node 22\.18 or later/)
    expect(error.message).toMatch(/probe\.ts.*or install tsx .*; or compile it and name the \.js file/)
  })

  test('a mistake is told as Node tells it', async () => {
    project({ 'probe.js': `import './nowhere.js'` }, ['@troupe/core'])
    expect(await failureOf(answer('probe.js'))).toMatchObject({ code: 'ERR_MODULE_NOT_FOUND' })
    project({ 'typed.ts': `import './nowhere.js'` }, [])
    expect(await failureOf(answer('typed.ts'))).toMatchObject(
      stripsTypes ? { code: 'ERR_MODULE_NOT_FOUND' } : { code: 'ERR_NOT_PORTABLE' },
    )
  })
})

test('a file that is not there is told with the files that were looked for', async () => {
  project({})
  const messages: string[] = []
  for (const file of ['probe.js', 'probe.ts']) {
    const error = await failureOf(answer(file))
    expect(error.code).toBe('ERR_MODULE_NOT_FOUND')
    expect(error.message).toContain(pathToFileURL(join(folder, file)).href)
    expect(error.message).toContain(`no such file (looked for ${join(folder, file)}`)
    messages.push(error.message as string)
  }
  expect(messages[0]).toContain(`${join(folder, 'probe.ts')})`)
})

test('what a module misses is not taken for the module', async () => {
  project({
    'probe.ts': actor('1 as number', `import './nowhere.js'`),
    'throws.ts': 'throw new Error("at load" as string)',
  })
  expect(await failureOf(answer('probe.ts'))).toMatchObject({
    code: 'ERR_MODULE_NOT_FOUND',
    message: expect.stringContaining('nowhere.js'),
  })
  expect(await failureOf(answer('throws.ts'))).toMatchObject({ message: expect.stringContaining('at load') })
})
