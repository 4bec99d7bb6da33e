/** The examples of README.md, as a user would try them: they compile, and print what stands behind each console.log. */
import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { root } from './source.js'

/** The programs, each with the module of actors and tasks that it uses. */
const moduleOf = { main: 'work', supervised: 'work', python: 'words' } as const
const names = ['work', 'words', 'main', 'supervised', 'python'] as const
const readme = readFileSync(join(root, 'README.md'), 'utf8')
const fenceOf = (name: string) =>
  new RegExp(`^\`\`\`ts\n(// ${name}\\.ts\n[\\s\\S]*?)^\`\`\``, 'm').exec(readme)?.[1] ?? ''
const texts = names.map(fenceOf)
const textOf = (name: (typeof names)[number]) => texts[names.indexOf(name)] ?? ''
const programs = (['main', 'supervised', 'python'] as const).map((name) => [name, textOf(name)] as const)

const options = {
  target: 'es2022',
  module: 'nodenext',
  moduleResolution: 'nodenext',
  types: ['node'],
  strict: true,
  noUncheckedIndexedAccess: true,
  exactOptionalPropertyTypes: true,
  isolatedDeclarations: true,
  declaration: true,
  skipLibCheck: true,
}

/** Within examples, so that `@troupe/…` is found as it is in any workspace. */
let folder: string

/** Runs a script to its end; one that fails rejects with all it printed. */
async function run(script: string, ...args: string[]): Promise<string> {
  try {
    return (await promisify(execFile)(process.execPath, [script, ...args], { cwd: folder })).stdout
  } catch (error) {
    const { stdout, stderr } = error as { stdout: string; stderr: string }
    throw new Error(`${script}\n${stdout}${stderr}`)
  }
}

beforeAll(async () => {
  folder = mkdtempSync(join(root, 'examples', '.readme-'))
  names.forEach((name, index) => writeFileSync(join(folder, `${name}.ts`), texts[index] ?? ''))
  const files = names.map((name) => `${name}.ts`)
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions: options, files }))
  await run(join(root, 'node_modules', 'typescript', 'bin', 'tsc'), '--project', folder)
})

afterAll(() => rmSync(folder, { recursive: true }))

test.each(programs)('%s is no longer than a screen takes in', (name, program) => {
  const lines = [textOf(moduleOf[name]), program]
    .flatMap((text) => text.split('\n'))
    .filter((line) => line.trim() !== '')
  expect(lines.length).toBeGreaterThan(10)
  expect(lines.length).toBeLessThanOrEqual(22)
})

test.each(programs)('%s compiles, runs, and prints what its comments say', async (name, program) => {
  const said = Array.from(program.matchAll(/^console\.log\(.*\) \/\/ (.*)$/gm), ([, value = '']) => value)
  expect(said.length).toBeGreaterThan(0)
  const printed = await run(join(folder, `${name}.js`))
  expect(printed.trimEnd().split('\n')).toEqual(said)
})
