/**
 * One number for all totals: sha-256 over them, a line each, sorted; so it depends on what was counted and on nothing
 * else. The compressed sizes are left out: they differ between the compressors of two versions of Node.
 */
import { createHash } from 'node:crypto'
import type { Totals } from './totals.js'

export function digest(totals: Totals): string {
  const hash = createHash('sha256')
  for (const line of [...lines(totals)].sort()) hash.update(`${line}\n`)
  return hash.digest('hex')
}

/** JSON, since a path or a name may hold any separator. */
function* lines({ files, bytes, lines, tokens, skipped, packages, contents, identifiers }: Totals): Generator<string> {
  yield JSON.stringify(['all', files, bytes, lines, tokens])
  for (const { path, skip } of skipped) yield JSON.stringify(['skipped', path, skip])
  for (const [name, { files, bytes }] of packages) yield JSON.stringify(['package', name, files, bytes])
  for (const [sha256, { bytes, code, paths }] of contents) {
    yield JSON.stringify(['content', sha256, bytes, code, ...[...paths].sort()])
  }
  for (const [name, count] of identifiers) yield JSON.stringify(['identifier', name, count])
}
