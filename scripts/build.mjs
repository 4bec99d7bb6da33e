/** Compiles every project and bundles the boot files of child processes and worker threads. */
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, rmSync, statSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join, sep } from 'node:path'
import { stamp } from './install.mjs'
import { bin, root, step } from './run.mjs'

const projects = [
  ...readdirSync(join(root, 'packages')).map((name) => join('packages', name)),
  'examples',
  'bench',
  '.',
]

/** Names of the files below `folder` that end with `end`, without that end. */
function names(folder, end) {
  if (!existsSync(folder)) return []
  return readdirSync(folder, { recursive: true })
    .filter((name) => name.endsWith(end) && !name.endsWith('.d.ts') && !name.split(sep).includes('node_modules'))
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
 * One file starts a third faster than the same code in many, and CommonJS before the first import() saves the loader's
 * start. msgpackr's native part takes 14 ms to load and gains nothing that a worker's messages show. Only `coverage` needs its source map.
 * Skipped when nothing that may go into it is newer: esbuild costs 0.2 s.
 */
function bundleBoot(name, file, sourcemap) {
  const dist = join(root, 'packages', 'transport-node', 'dist')
  const entry = join(dist, 'boot', name)
  const bundle = join(dist, file)
  if (!existsSync(entry)) return rmSync(bundle, { force: true })
  const ownTime = statSync(import.meta.filename).mtimeMs
  const inputs = [ownTime, newest(dist), newest(join(root, 'packages', 'core', 'dist')), statSync(stamp).mtimeMs]
  const hasMap = existsSync(`${bundle}.map`)
  if (hasMap === sourcemap && existsSync(bundle) && statSync(bundle).mtimeMs > Math.max(...inputs)) return
  if (hasMap) rmSync(`${bundle}.map`)
  const withoutNative = join(dirname(createRequire(join(dist, 'index.js')).resolve('msgpackr')), '..', 'index.js')
  createRequire(import.meta.url)('esbuild').buildSync({
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
  bundleBoot('process.js', 'boot.bundle.cjs', sourcemap)
  bundleBoot('thread.js', 'boot.thread.bundle.cjs', sourcemap)
}
