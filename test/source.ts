/** The sources of the packages, as files and the imports in them. */
import { readdirSync, readFileSync } from 'node:fs'
import { join, posix, sep } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = fileURLToPath(new URL('..', import.meta.url))
export const packages = ['core', 'transport-node', 'pool'] as const
export type Package = (typeof packages)[number]

export interface Source {
  /** Relative to the package's `src`, such as `mailbox/ring.ts`. */
  readonly file: string
  /** Every specifier named in an import, `export from`, `import()` or `import type`. */
  readonly imports: readonly string[]
}

const comment = /\/\*[\s\S]*?\*\/|(?<=^|[\s;{}(,])\/\/.*$/gm
const specifier = /\b(?:import|export)\b[^'"`;()]*?\bfrom\s*['"]([^'"]+)['"]|\bimport\s*\(?\s*['"]([^'"]+)['"]/g

export function importsOf(text: string): string[] {
  return Array.from(text.replace(comment, '').matchAll(specifier), (match) => match[1] ?? match[2] ?? '')
}

export function sourcesOf(name: Package): Source[] {
  const src = join(root, 'packages', name, 'src')
  return readdirSync(src, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .sort()
    .map((file) => ({
      file: file.split(sep).join('/'),
      imports: importsOf(readFileSync(join(src, file), 'utf8')),
    }))
}

/** The source file that a relative import in `file` names. */
export function target(file: string, specifier: string): string {
  return posix.normalize(posix.join(posix.dirname(file), specifier)).replace(/\.js$/, '.ts')
}

export const isRelative = (specifier: string): boolean => specifier.startsWith('.')
