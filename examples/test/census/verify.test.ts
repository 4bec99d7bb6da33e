import { describe, expect, test } from '@jest/globals'
import { summarise } from '../../dist/census/summary.js'
import { addTo, createTotals } from '../../dist/census/totals.js'
import { compare } from '../../dist/census/verify.js'
import { factsOf } from './facts.js'

const tallyOf = (ms: number, ...known: Parameters<typeof factsOf>[1][]) => {
  const totals = createTotals()
  known.forEach((facts, index) => addTo(totals, factsOf(`file${index}`, facts)))
  return { totals, ms }
}
const summary = summarise(tallyOf(500, { bytes: 3, gzipped: 9, brotli: 8 }), { restarts: 0, reruns: 0 })

describe('compare', () => {
  test('finds equal totals equal, and tells how much faster the pool was', () => {
    const verdict = compare(summary, tallyOf(900, { bytes: 3, gzipped: 9, brotli: 8 }))
    expect(verdict).toEqual({ equal: true, serialMs: 900, speedUp: 1.8 })
  })

  test.each([
    ['a file', [{ bytes: 3, gzipped: 9, brotli: 8 }, {}]],
    ['a byte', [{ bytes: 4, gzipped: 9, brotli: 8 }]],
    ['a gzipped byte', [{ bytes: 3, gzipped: 8, brotli: 8 }]],
    ['a brotli byte', [{ bytes: 3, gzipped: 9, brotli: 7 }]],
  ])('finds totals different by %s', (_, known) => {
    expect(compare(summary, tallyOf(900, ...known)).equal).toBe(false)
  })
})
