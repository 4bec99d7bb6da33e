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

/** Comments and literals, so that an import inside one of them is not taken for one. */
const token = /\/\*[\s\S]*?\*\/|\/\/.*|'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|`(?:\\.|[^`\\])*`/g

export function importsOf(text: string): string[] {
  let end = 0
  return Array.from(text.matchAll(token)).flatMap(({ 0: literal, index }) => {
    const before = text.slice(end, index)
    end = index + literal.length
    const names = /^['"]/.test(literal) && /\b(?:from|import)\s*$|\bimport\s*\(\s*$/.test(before)
    return names ? [literal.slice(1, -1)] : []
  })
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
