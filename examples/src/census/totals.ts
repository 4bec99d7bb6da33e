/** What the parent has merged so far. Adding is commutative, so the order in which the workers answer does not matter. */
import type { Facts } from './examine.js'
import { getOrCreate } from './get-or-create.js'
import { packageOf } from './package-of.js'
import type { Skipped } from './skip.js'

export interface Totals extends Weight {
  lines: number
  tokens: number
  skipped: Skipped[]
  packages: Map<string, Weight>
  /** by sha-256 */
  contents: Map<string, Content>
  identifiers: Map<string, number>
}

export interface Weight {
  files: number
  bytes: number
  gzipped: number
  brotli: number
}

/** One content, and every file that has it. */
export interface Content {
  bytes: number
  code: string
  paths: string[]
}

export function createTotals(): Totals {
  return {
    ...createWeight(),
    lines: 0,
    tokens: 0,
    skipped: [],
    packages: new Map(),
    contents: new Map(),
    identifiers: new Map(),
  }
}

/** @param found its path is that within the folder of the census, see {@link packageOf} */
export function addTo(totals: Totals, found: Facts | Skipped): void {
  if ('skip' in found) {
    totals.skipped.push(found)
    return
  }
  weigh(totals, found)
  weigh(getOrCreate(totals.packages, packageOf(found.path), createWeight), found)
  totals.lines += found.lines
  totals.tokens += found.tokens
  const { bytes, code } = found
  getOrCreate(totals.contents, found.sha256, () => ({ bytes, code, paths: [] })).paths.push(found.path)
  const { identifiers } = totals
  for (const [name, count] of found.identifiers) identifiers.set(name, (identifiers.get(name) ?? 0) + count)
}

function createWeight(): Weight {
  return { files: 0, bytes: 0, gzipped: 0, brotli: 0 }
}

function weigh(weight: Weight, { bytes, gzipped, brotli }: Facts): void {
  weight.files += 1
  weight.bytes += bytes
  weight.gzipped += gzipped
  weight.brotli += brotli
}
