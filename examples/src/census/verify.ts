/** Does the work again without a pool: the totals have to be the same, and the times tell what the pool gains. */
import { digest } from './digest.js'
import { createProgress } from './progress.js'
import { examineSerially } from './serial.js'
import type { Summary } from './summary.js'
import { type Tally, tally } from './tally.js'

export interface Verdict {
  equal: boolean
  serialMs: number
  speedUp: number
}

export async function verify(folder: string, summary: Summary, total: number, signal: AbortSignal): Promise<Verdict> {
  const progress = createProgress('serially', total, process.stderr)
  try {
    return compare(summary, await tally(folder, examineSerially, signal, progress.advance))
  } finally {
    progress.end()
  }
}

/** The digest leaves out the compressed sizes; measured by one Node, as here, they have to agree as well. */
export function compare(summary: Pick<Summary, Compared | 'ms'>, { totals, ms }: Tally): Verdict {
  const { gzipped, brotli } = totals
  const equal = summary.digest === digest(totals) && summary.gzipped === gzipped && summary.brotli === brotli
  return {
    equal,
    serialMs: ms,
    speedUp: ms / summary.ms,
  }
}

type Compared = 'digest' | 'gzipped' | 'brotli'
