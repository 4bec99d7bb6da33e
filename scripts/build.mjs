/** Compiles every project, and bundles what processes and threads load at their start: the entries of core and the boot files. */
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join, relative, sep } from 'node:path'
import { stamp } from './install.mjs'
import { bin, root, step } from './run.mjs'

const projects = [
  ...readdirSync(join(root, 'packages')).map((name) => join('packages', name)),
  'examples',
  'bench',
  '.',
]

const ownTime = statSync(import.meta.filename).mtimeMs
const esbuild = (options) => createRequire(import.meta.url)('esbuild').buildSync(options)

/** The folder within a package's `dist` that esbuild writes; all else there is tsc's. */
const bundled = 'bundle'

/** Names of the files below `folder` that end with `end`, without that end; those that were bundled are left out. */
function names(folder, end) {
  if (!existsSync(folder)) return []
  return readdirSync(folder, { recursive: true })
    .filter((name) => name.endsWith(end) && !name.endsWith('.d.ts'))
    .filter((name) => !name.split(sep).some((part) => part === 'node_modules' || part === bundled))
    .map((name) => name.slice(0, -end.length))
    .sort()
}

/**
 * `tsc -b` neither restores a deleted output nor removes the output of a deleted source, which would go on being
 * tested. A folder whose files do not match its sources is removed, with the build info inside it.
 */
function removeStale(source, output) {
  if (!existsSync(join(root, output))) return
  const expected = names(join(root, source), '.ts').join()
  if (names(join(root, output), '.js').join() !== expected) rmSync(join(root, output), { recursive: true, force: true })
}

/** When the newest of the files below `folder` that end with `.js` was written, in ms. */
function newest(folder) {
  return Math.max(0, ...names(folder, '.js').map((name) => statSync(join(folder, `${name}.js`)).mtimeMs))
}

/**
 * The entries of core, from one file each and what they share, instead of 150: a child whose module imports core
 * spends 100 ms less of processor time on that. All in one go, so that two entries share one copy. Maps lead on to the
 * sources of tsc.
 */
function bundleCore() {
  const folder = join(root, 'packages', 'core')
  const dist = join(folder, 'dist')
  const outdir = join(dist, bundled)
  const { exports: entries } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
  const outputs = Object.values(entries).flatMap(({ default: output }) => (output ? [join(folder, output)] : []))
  const inputs = [ownTime, newest(dist), statSync(join(folder, 'package.json')).mtimeMs, statSync(stamp).mtimeMs]
  const isFresh = (output) => existsSync(output) && statSync(output).mtimeMs > Math.max(...inputs)
  if (outputs.every(isFresh)) return
  rmSync(outdir, { recursive: true, force: true })
  esbuild({
    entryPoints: outputs.map((output) => join(dist, relative(outdir, output))),
    outdir,
    outbase: dist,
    bundle: true,
    splitting: true,
    platform: 'neutral',
    format: 'esm',
    target: 'es2022',
    sourcemap: true,
    sourcesContent: false,
    logLevel: 'warning',
  })
}

/**
 * One file starts a third faster than the same code in many, and CommonJS before the first import() saves the loader's
 * start. msgpackr's native part takes 14 ms to load and gains nothing that a worker's messages show. Only `coverage` needs its source map.
 * Skipped when nothing that may go into it is newer: esbuild costs 0.2 s.
 */
function bundleBoot(name, file, sourcemap) {
  const dist = join(root, 'packages', 'transport-node', 'dist')
  const entry = join(dist, 'boot', name)
  const bundle = join(dist, file)
  if (!existsSync(entry)) return rmSync(bundle, { force: true })
  const inputs = [ownTime, newest(dist), newest(join(root, 'packages', 'core', 'dist')), statSync(stamp).mtimeMs]
  const hasMap = existsSync(`${bundle}.map`)
  if (hasMap === sourcemap && existsSync(bundle) && statSync(bundle).mtimeMs > Math.max(...inputs)) return
  if (hasMap) rmSync(`${bundle}.map`)
  const withoutNative = join(dirname(createRequire(join(dist, 'index.js')).resolve('msgpackr')), '..', 'index.js')
  esbuild({
    entryPoints: [entry],
    outfile: bundle,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    alias: { msgpackr: withoutNative },
    sourcemap,
    sourcesContent: false,
    logLevel: 'warning',
  })
}

/** @param project the folder of one tsconfig to build with its references; everything when left out */
export function build(project = '.', { sourcemap = false } = {}) {
  for (const folder of projects) {
    if (folder !== '.') removeStale(join(folder, 'src'), join(folder, 'dist'))
    removeStale(join(folder, 'test'), join(folder, 'dist-test'))
  }
  step('build', () => spawnSync(process.execPath, [bin('typescript'), '-b', project], { cwd: root }))
  bundleCore()
  bundleBoot('process.js', 'boot.bundle.cjs', sourcemap)
  bundleBoot('thread.js', 'boot.thread.bundle.cjs', sourcemap)
}
