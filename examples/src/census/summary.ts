/** The answers of a census, worked out once from the totals; the table and the JSON both show them. */
import { digest } from './digest.js'
import { duplicates, type Repeats, twins } from './repeats.js'
import type { SkipReason } from './skip.js'
import type { Tally } from './tally.js'
import { top } from './top.js'
import type { Weight } from './totals.js'

export interface Summary extends Weight {
  lines: number
  tokens: number
  skipped: [SkipReason, number][]
  packages: [string, Weight][]
  duplicates: Repeats
  twins: Repeats
  identifiers: [string, number][]
  restarts: number
  reruns: number
  ms: number
  digest: string
}

export function summarise({ totals, ms }: Tally, { restarts, reruns }: Pick<Summary, 'restarts' | 'reruns'>): Summary {
  const { files, bytes, gzipped, brotli, lines, tokens } = totals
  const skipped = new Map<SkipReason, number>()
  for (const { skip } of totals.skipped) skipped.set(skip, (skipped.get(skip) ?? 0) + 1)
  return {
    ...{ files, bytes, gzipped, brotli, lines, tokens, restarts, reruns, ms },
    skipped: top(Number.POSITIVE_INFINITY, skipped, (number) => number),
    packages: top(10, totals.packages, (weight) => weight.bytes),
    duplicates: duplicates(totals.contents.values()),
    twins: twins(totals.contents.values()),
    identifiers: top(10, totals.identifiers, (number) => number),
    digest: digest(totals),
  }
}

/** One line for programs; its keys are a contract. */
export function json({ files, bytes, lines, tokens, skipped, restarts, ms, digest }: Summary): string {
  const leftOut = skipped.reduce((sum, [, number]) => sum + number, 0)
  return JSON.stringify({ files, bytes, lines, tokens, skipped: leftOut, restarts, ms: Math.round(ms), digest })
}
