import { describe, expect, test } from '@jest/globals'
import { summarise } from '../../dist/census/summary.js'
import { table } from '../../dist/census/table.js'
import { addTo, createTotals } from '../../dist/census/totals.js'
import { factsOf } from './facts.js'

const plain = (_: unknown, text: string) => text
const totals = createTotals()
const store = 'node_modules/.pnpm/left-pad@1.3.0/node_modules/left-pad'
const sizes = { bytes: 2_048, gzipped: 1_024, brotli: 512, lines: 1_000, tokens: 7 }
addTo(totals, factsOf(`${store}/index.js`, { ...sizes, sha256: 'x', identifiers: new Map([['pad', 1_234]]) }))
addTo(totals, factsOf(`${store}/copy.js`, { ...sizes, sha256: 'x' }))
addTo(totals, factsOf(`node_modules/${'long-name-'.repeat(9)}/${'x'.repeat(99)}.js`, { ...sizes, sha256: 'y' }))
addTo(totals, { path: 'a', skip: 'binary' })

const summary = summarise({ totals, ms: 2_000 }, { restarts: 1, reruns: 8 })
const run = { title: 'Census of node_modules', workers: 2, summary }
const verdict = { equal: true, serialMs: 3_500, speedUp: 1.75 }
const lines = (text: string) => text.split('\n')

describe('table', () => {
  test('answers the questions of the census', () => {
    const shown = table({ ...run, verdict }, plain).replaceAll(/ +/g, ' ')
    expect(shown).toContain('Files 3 Lines 3,000 Skipped 1')
    expect(shown).toContain('Bytes 6.0 KiB Tokens 21 binary 1')
    expect(shown).toContain('left-pad@1.3.0 4.0 KiB 2.0 KiB 1.0 KiB 2 ▇▇')
    expect(shown).toContain('1 group wastes 2.0 KiB')
    expect(shown).toContain(' 2.0 KiB left-pad@1.3.0/copy.js\n = left-pad@1.3.0/index.js')
    expect(shown).toContain('pad 1,234')
    expect(shown).toContain('Workers 2 Parallel 2.0 s Serial 3.5 s')
    expect(shown).toContain('Restarts 1 Rerun files 8 Speed-up 1.75 ×')
    expect(shown).toContain(`Digest ${summary.digest}`)
    expect(shown).toContain('The totals of the serial run are equal.')
  })

  test('leaves out what was not asked for, or not found', () => {
    const shown = table({ ...run, verdict: undefined }, plain)
    expect(shown).not.toMatch(/Serial|Speed-up|serial|Same code/)
  })

  test('says so when the totals differ', () => {
    expect(table({ ...run, verdict: { ...verdict, equal: false } }, plain)).toContain('DIFFERENT')
  })

  test('is never wider than 88 columns', () => {
    const title = `Census of ${'/folder'.repeat(30)}`
    for (const line of lines(table({ ...run, title, verdict }, plain))) expect(line.length).toBeLessThanOrEqual(88)
  })

  test('can be made of nothing', () => {
    const nothing = summarise({ totals: createTotals(), ms: 1 }, { restarts: 0, reruns: 0 })
    expect(table({ ...run, summary: nothing, verdict: undefined }, plain)).toMatch(/Files +0 .*Skipped +0/)
  })
})
