/** What the proofs of the packages share: tarballs as they would be published, and programs that use them. */
import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { type Package, packages, root } from './source.js'

/** Packs every package into `folder`, and names the tarballs. */
export async function pack(folder: string): Promise<Record<Package, string>> {
  const command = ['pnpm', '--recursive', '--filter', './packages/*', 'pack', '--pack-destination', folder]
  await node(root, join(root, 'scripts', 'dev.mjs'), ...command)
  const entries = packages.map((name) => [name, join(folder, `troupe-${name}-${versionOf(name)}.tgz`)])
  return Object.fromEntries(entries)
}

function versionOf(name: Package): string {
  const { version } = JSON.parse(readFileSync(join(root, 'packages', name, 'package.json'), 'utf8'))
  return version
}

/** Runs a program to its end; one that fails rejects with all it printed. */
export async function run(cwd: string, file: string, ...args: string[]): Promise<string> {
  try {
    return (await promisify(execFile)(file, args, { cwd })).stdout
  } catch (error) {
    const { stdout, stderr } = error as { stdout: string; stderr: string }
    throw new Error(`${file} ${args.join(' ')}\n${stdout}${stderr}`)
  }
}

export const node = (cwd: string, ...args: string[]): Promise<string> => run(cwd, process.execPath, ...args)
