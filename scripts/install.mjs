/** pnpm, pinned here and fetched through npm: the only package manager a user needs to have is npm. */
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { exitCode, root, step } from './run.mjs'

const version = '12.21.0'
/** Written after each install. */
export const stamp = join(root, 'node_modules', '.installed')

/** npm's own script: told by npm itself, else beside the running node. */
export function npm() {
  const beside = join(dirname(process.execPath), '..', 'lib', 'node_modules', 'npm', 'bin', 'npm-cli.js')
  const path = process.env.npm_execpath ?? beside
  if (!existsSync(path)) throw new Error('Expected to be run by npm, as in: npm test')
  return path
}

function spawnPnpm(args, options) {
  return spawnSync(process.execPath, [npm(), 'exec', '--yes', '--', `pnpm@${version}`, ...args], {
    cwd: root,
    ...options,
  })
}

/** Passes any command on to pnpm: `npm run pnpm -- add -D x --filter @troupe/core`. */
export function pnpm(args, options = { stdio: 'inherit' }) {
  return exitCode(spawnPnpm(args, options))
}

/** Everything an install depends on, as one hash. */
function wanted() {
  const folders = [
    '.',
    'examples',
    'bench',
    ...readdirSync(join(root, 'packages')).map((name) => join('packages', name)),
  ]
  const files = ['pnpm-lock.yaml', 'pnpm-workspace.yaml', ...folders.map((folder) => join(folder, 'package.json'))]
  const hash = createHash('sha256').update(`${version} ${process.platform} ${process.arch}`)
  for (const file of files) if (existsSync(join(root, file))) hash.update(file).update(readFileSync(join(root, file)))
  return hash.digest('hex')
}

export function install() {
  const hash = wanted()
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === hash) return
  step('install', () => spawnPnpm(['install', '--frozen-lockfile'], { env: { ...process.env, CI: 'true' } }))
  writeFileSync(stamp, hash)
}
