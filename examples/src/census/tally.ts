/** One run over a folder: walks it, has each file examined, and merges what comes back. */
import type { Facts } from './examine.js'
import { pathInside } from './path-inside.js'
import type { Skipped } from './skip.js'
import { addTo, createTotals, type Totals } from './totals.js'
import { walk } from './walk.js'

export type Examiner = (paths: AsyncIterable<string>, signal: AbortSignal) => AsyncIterable<Facts | Skipped>

export interface Tally {
  totals: Totals
  ms: number
}

/** @param onFile told after each file how many are done */
export async function tally(
  folder: string,
  examiner: Examiner,
  signal: AbortSignal,
  onFile: (done: number) => void,
): Promise<Tally> {
  const start = performance.now()
  const totals = createTotals()
  const add = (found: Facts | Skipped) => addTo(totals, { ...found, path: pathInside(folder, found.path) })
  let done = 0
  for await (const found of examiner(walk(folder, add), signal)) {
    add(found)
    onFile(++done)
  }
  return { totals, ms: performance.now() - start }
}
