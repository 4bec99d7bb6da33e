/** How the scripts start programs: by the running node, without a shell, so that no platform's `npx` matters. */
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { constants } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = dirname(dirname(fileURLToPath(import.meta.url)))

/** The script behind a package's command of the same name. */
export function bin(name) {
  const folder = join(root, 'node_modules', name)
  const { bin: entry } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
  return join(folder, typeof entry === 'string' ? entry : (entry[name.split('/').pop()] ?? Object.values(entry)[0]))
}

/** Runs a script of ours or of a package to its end and returns its exit code. */
export function run(script, args = [], env = {}, stdio = 'inherit') {
  const path = `${join(root, 'node_modules', '.bin')}${delimiter}${process.env.PATH}`
  return exitCode(
    spawnSync(process.execPath, [].concat(script, args), {
      cwd: root,
      stdio,
      env: { ...withoutCertificates(process.env), PATH: path, ...env },
    }),
  )
}

/** Node 20 reads these at every start, for 50 ms; neither the tools nor the hundreds of processes of the tests need them. */
function withoutCertificates(env) {
  const rest = { ...env }
  delete rest.NODE_EXTRA_CA_CERTS
  return rest
}

export function exitCode({ status, signal, error }) {
  if (error) throw error
  return status ?? 128 + (constants.signals[signal] ?? 0)
}

/**
 * Jest as arguments for `run`. The flags are given here and not in NODE_OPTIONS, which every child of a test would
 * inherit; of all warnings only the experimental ones are silenced, the others tell of leaks.
 */
export function jest(args) {
  return [['--experimental-vm-modules', '--disable-warning=ExperimentalWarning', bin('jest')], args]
}

/** A step that may fail, on one line: name, then seconds. Its output is shown only when it fails. */
export function step(name, work) {
  const start = performance.now()
  process.stderr.write(`troupe: ${name} `)
  const result = work()
  const code = exitCode(result)
  process.stderr.write(`${code === 0 ? '' : 'failed '}${((performance.now() - start) / 1000).toFixed(1)} s\n`)
  if (code === 0) return
  const output = [result.stdout, result.stderr].map((text) => text?.toString().trim()).filter(Boolean)
  throw Object.assign(new Error(output.join('\n')), { step: name, code })
}
