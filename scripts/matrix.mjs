/**
 * Runs the tests, or a given script, on several versions of Node, which the npm registry provides as packages:
 * `npm run matrix`, `npm run matrix -- 22 20.19.0`, `npm run matrix -- 24 -- examples/dist/census/main.js`.
 * The versions are kept in the folder for temporary files.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { npm } from './install.mjs'
import { jest, root } from './run.mjs'

const defaults = ['22', '24', '26']

/** The path of that node; installed when it is not there yet. `node` needs its install script, the second name none. */
function nodeOf(version) {
  const folder = join(tmpdir(), 'troupe-matrix', version)
  const direct = `node-${process.platform}-${process.arch}`
  const found = () => ['node', direct].map((name) => join(folder, 'node_modules', name, 'bin', 'node')).find(existsSync)
  for (const name of ['node', direct]) {
    if (found()) break
    mkdirSync(folder, { recursive: true })
    const install = ['install', '--prefix', folder, '--no-audit', '--no-fund', '--loglevel=error', `${name}@${version}`]
    spawnSync(process.execPath, [npm(), ...install], { cwd: folder, stdio: ['ignore', 2, 2] })
  }
  return found()
}

/** @returns the exit code: 1 when any version failed */
export function matrix(args) {
  const split = args.includes('--') ? args.indexOf('--') : args.findIndex((arg) => !/^\d+(\.\d+)*$/.test(arg))
  const named = split < 0 ? args : args.slice(0, split)
  const rest = split < 0 ? [] : args.slice(split).filter((arg, index) => index > 0 || arg !== '--')
  const isScript = existsSync(join(root, rest[0] ?? '-'))
  const command = isScript ? rest : jest(rest).flat()
  const failed = []
  for (const version of named.length > 0 ? named : defaults) {
    const node = nodeOf(version)
    const start = performance.now()
    const env = node && { ...process.env, PATH: `${dirname(node)}${delimiter}${process.env.PATH}` }
    const status = node ? spawnSync(node, command, { cwd: root, stdio: 'inherit', env }).status : 'not found'
    const seconds = ((performance.now() - start) / 1000).toFixed(1)
    console.error(`troupe: node ${version} ${status === 0 ? 'passed' : `failed (${status})`} ${seconds} s`)
    if (status !== 0) failed.push(version)
  }
  return failed.length > 0 ? 1 : 0
}
