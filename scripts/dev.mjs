/**
 * The one door: every npm script comes through here, so that a fresh clone needs nothing but Node and npm.
 * Installs (skipped when nothing changed), removes stale output, builds, then does the named job.
 * What it has to say itself goes to stderr: stdout belongs to the job.
 */
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { build } from './build.mjs'
import { install, pnpm } from './install.mjs'
import { bin, jest, root, run } from './run.mjs'

const [major, minor] = process.versions.node.split('.').map(Number)
if (major < 20 || (major === 20 && minor < 19)) {
  console.error(`Expected Node 20.19 or later, got ${process.versions.node}`)
  process.exit(2)
}

const sources = ['packages', 'examples', 'bench', 'test', 'scripts']
const testProjects = {
  core: 'packages/core/test',
  'transport-node': 'packages/transport-node/test',
  pool: 'packages/pool/test',
  examples: 'examples/test',
  repo: 'test',
}
const [job, ...args] = process.argv.slice(2)

const lint = () => run(bin('oxlint'), ['--type-aware', '--quiet', ...sources])
const formatCheck = () => run(bin('@biomejs/biome'), ['format', '--log-level=warn', '.'])
const ready = (project, options) => {
  install()
  build(project, options)
}

/** Runs a built file in this very process: Ctrl-C, exit code and stdio are the job's own. */
async function become(file) {
  const path = join(root, file)
  process.argv = [process.execPath, path, ...args]
  await import(pathToFileURL(path).href)
}

/** All checks run even when one fails; each failed check counts as one failed test in the last line. */
async function test() {
  const { summary } = await import('./summary.mjs')
  const failedChecks = []
  try {
    ready()
  } catch (error) {
    console.error(error.message)
    return summary(['build'])
  }
  if (lint() !== 0) failedChecks.push('lint')
  if (formatCheck() !== 0) failedChecks.push('format (mend with: npm run format)')
  return summary(failedChecks, (resultFile) => run(...jest(args), { TROUPE_TEST_RESULT: resultFile }))
}

/** The fast inner loop: `npm run unit -- core mailbox` builds and tests one package, without lint and format. */
function unit() {
  const project = testProjects[args[0]]
  ready(project)
  return run(...jest(project ? [...args.slice(1), '--selectProjects', args[0]] : args))
}

const jobs = {
  start: () => (ready(), become('examples/dist/census/main.js')),
  example: () => (ready(), become('examples/dist/run.js')),
  bench: () => (ready(), become('bench/dist/main.js')),
  test,
  unit,
  build: () => ready(),
  lint: () => (ready(), Math.max(lint(), formatCheck())),
  format: () => (install(), run(bin('@biomejs/biome'), ['format', '--write', '.'])),
  surface: () => (ready(), run(...jest(['--selectProjects', 'repo', '--', 'surface']), { TROUPE_SURFACE: 'write' })),
  'package-check': () => (
    ready(), run(...jest(['--selectProjects', 'repo', '--', 'package', 'runners']), { TROUPE_PROOFS: '1' })
  ),
  proofs: () => (ready(), run(...jest(args), { TROUPE_PROOFS: '1' })),
  coverage() {
    ready('.', { sourcemap: true })
    rmSync(join(root, 'coverage'), { recursive: true, force: true })
    const report = ['--reporter', 'text', '--reporter', 'lcovonly']
    const c8 = ['--exclude-after-remap', '--include', 'packages/*/src/**', ...report]
    return run(bin('c8'), [...c8, process.execPath, ...jest(args).flat()])
  },
  matrix: () => (ready(), import('./matrix.mjs').then(({ matrix }) => matrix(args))),
  pnpm: () => pnpm(args),
}

if (!Object.hasOwn(jobs, job ?? '')) {
  console.error(`Expected one of ${Object.keys(jobs).join(', ')}, got ${job}`)
  process.exitCode = 2
} else {
  try {
    process.exitCode = (await jobs[job]()) ?? process.exitCode
  } catch (error) {
    if (!error.step) throw error
    console.error(error.message)
    process.exitCode = error.code
  }
}
