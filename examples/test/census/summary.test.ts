import { expect, test } from '@jest/globals'
import { json, summarise } from '../../dist/census/summary.js'
import { addTo, createTotals } from '../../dist/census/totals.js'
import { factsOf } from './facts.js'

function summaryOf(count: number) {
  const totals = createTotals()
  for (let index = 0; index < count; index++) {
    const counted = { bytes: index, lines: 1, tokens: 2, identifiers: new Map([[`name${index}`, index + 1]]) }
    addTo(totals, factsOf(`folder${index}/file`, counted))
  }
  addTo(totals, { path: 'a', skip: 'binary' })
  addTo(totals, { path: 'b', skip: 'unreadable' })
  addTo(totals, { path: 'c', skip: 'unreadable' })
  return summarise({ totals, ms: 12.34 }, { restarts: 1, reruns: 8 })
}

test('a summary names the ten heaviest packages and the ten most used names', () => {
  const { packages, identifiers } = summaryOf(12)
  expect(packages).toHaveLength(10)
  expect(packages[0]).toEqual(['folder11', { files: 1, bytes: 11, gzipped: 0, brotli: 0 }])
  expect(identifiers).toHaveLength(10)
  expect(identifiers[0]).toEqual(['name11', 12])
})

test('a summary counts what was skipped by reason, the most frequent first', () => {
  expect(summaryOf(1).skipped).toEqual([
    ['unreadable', 2],
    ['binary', 1],
  ])
})

test('the JSON is one line with the keys that were promised', () => {
  const { digest } = summaryOf(3)
  expect(json(summaryOf(3))).toBe(
    `{"files":3,"bytes":3,"lines":3,"tokens":6,"skipped":3,"restarts":1,"ms":12,"digest":"${digest}"}`,
  )
})
