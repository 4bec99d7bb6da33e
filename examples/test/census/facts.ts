import type { Facts } from '../../dist/census/examine.js'

/** What the census could have found of a file, of which a test names only what it is about. */
export function factsOf(path: string, known: Partial<Facts> = {}): Facts {
  const sizes = { bytes: 0, gzipped: 0, brotli: 0, lines: 0, tokens: 0 }
  return { path, ...sizes, sha256: path, code: '', identifiers: new Map(), ...known }
}
