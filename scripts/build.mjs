/** Compiles every project and bundles the child's boot file. */
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join, sep } from 'node:path'
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
    .filter((name) => name.endsWith(end) && !name.split(sep).includes('node_modules'))
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

/** One file starts a third faster than the same code in many. */
function bundleBoot() {
  const dist = join(root, 'packages', 'transport-node', 'dist')
  const entry = join(dist, 'boot', 'main.js')
  if (!existsSync(entry)) return
  createRequire(import.meta.url)('esbuild').buildSync({
    entryPoints: [entry],
    outfile: join(dist, 'boot.bundle.mjs'),
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    external: ['msgpackr-extract'],
    sourcemap: true,
    sourcesContent: false,
    logLevel: 'warning',
  })
}

/** @param project the folder of one tsconfig to build with its references; everything when left out */
export function build(project = '.') {
  for (const folder of projects) {
    if (folder !== '.') removeStale(join(folder, 'src'), join(folder, 'dist'))
    removeStale(join(folder, 'test'), join(folder, 'dist-test'))
  }
  step('build', () => spawnSync(process.execPath, [bin('typescript'), '-b', project], { cwd: root }))
  bundleBoot()
}
