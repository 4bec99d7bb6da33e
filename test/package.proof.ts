/** What a user gets: the packed tarballs pass publint and attw, and load by `import` and `require` outside of the repository. */
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { node, pack, run } from './pack.js'
import { packages, root } from './source.js'

interface Manifest {
  readonly exports: Record<string, unknown>
  readonly dependencies?: Record<string, string>
  readonly peerDependencies?: Record<string, string>
}

const modules = join(root, 'node_modules')
const manifestIn = (folder: string) => JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest

let app: string
let tarballs: Record<string, string>
const tarball = (name: string) => tarballs[name] as string
const installed = (name: string) => join(app, 'node_modules', '@troupe', name)

/** Links the third-party packages that the workspace has installed: no network. */
function linkDependencies(name: string): void {
  const { dependencies, peerDependencies } = manifestIn(installed(name))
  for (const dependency of Object.keys({ ...dependencies, ...peerDependencies })) {
    const link = join(app, 'node_modules', dependency)
    if (dependency.startsWith('@troupe/') || existsSync(link)) continue
    mkdirSync(dirname(link), { recursive: true })
    symlinkSync(realpathSync(join(root, 'packages', name, 'node_modules', dependency)), link, 'dir')
  }
}

function entries(): string[] {
  return packages.flatMap((name) =>
    Object.keys(manifestIn(installed(name)).exports)
      .filter((entry) => entry !== './package.json')
      .map((entry) => `@troupe/${name}${entry.slice(1)}`),
  )
}

beforeAll(async () => {
  app = mkdtempSync(join(tmpdir(), 'troupe-package-'))
  tarballs = await pack(app)
  for (const name of packages) {
    mkdirSync(installed(name), { recursive: true })
    await run(app, 'tar', '-xzf', tarball(name), '-C', installed(name), '--strip-components=1')
  }
  for (const name of packages) linkDependencies(name)
}, 60_000)

afterAll(() => rmSync(app, { recursive: true, force: true }))

test.each(packages)('%s passes publint', async (name) => {
  await node(app, join(modules, 'publint', 'src', 'cli.js'), 'run', '--strict', tarball(name))
})

test.each(packages)(
  '%s has types that resolve (attw)',
  async (name) => {
    const attw = join(modules, '@arethetypeswrong', 'cli', 'dist', 'index.js')
    await node(app, attw, '--profile', 'esm-only', '--format', 'ascii', tarball(name))
  },
  60_000,
)

test.each(packages)('%s carries what it names, and no leftovers', async (name) => {
  const list = (await run(app, 'tar', '-tzf', tarball(name))).trim().split('\n').sort()
  const files = list.map((file) => file.replace('package/', ''))
  expect(files).toEqual(
    expect.arrayContaining(['LICENSE', 'package.json', 'dist/index.js', 'dist/index.d.ts', 'src/index.ts']),
  )
  expect(
    files.filter(
      (file) =>
        !/^(LICENSE|README\.md|CHANGELOG\.md|package\.json|dist\/.+\.([cm]?js|d\.ts)(\.map)?|src\/.+\.ts)$/.test(file),
    ),
  ).toEqual([])
  expect(readFileSync(join(installed(name), 'package.json'), 'utf8')).not.toContain('workspace:')
})

test.each(['boot.bundle.cjs', 'boot.thread.bundle.cjs'])(
  'transport-node carries the file in which a host boots: %s',
  (file) => {
    expect(existsSync(join(installed('transport-node'), 'dist', file))).toBe(true)
  },
)

test('every entry loads by import', async () => {
  const file = join(app, 'app.mjs')
  writeFileSync(
    file,
    entries()
      .map((entry) => `await import('${entry}')\n`)
      .join(''),
  )
  await node(app, file)
})

test('every entry loads by require', async () => {
  const file = join(app, 'app.cjs')
  writeFileSync(
    file,
    entries()
      .map((entry) => `require('${entry}')\n`)
      .join(''),
  )
  await node(app, file)
})
