import { expect, test } from '@jest/globals'
import { addTo, createTotals } from '../../dist/census/totals.js'
import { factsOf } from './facts.js'

const sizes = { bytes: 10, gzipped: 6, brotli: 5, lines: 2, tokens: 3 }
const found = [
  factsOf('a/1', { ...sizes, sha256: 'x', identifiers: new Map([['i', 2]]) }),
  factsOf('a/2', { ...sizes, sha256: 'x', identifiers: new Map([['i', 1]]) }),
  factsOf('b/1', { bytes: 1, gzipped: 2, brotli: 3, lines: 1, tokens: 0, sha256: 'y', code: 'c' }),
]

test('totals add up what was found of the files', () => {
  const totals = createTotals()
  for (const facts of found) addTo(totals, facts)
  expect(totals).toEqual({
    ...{ files: 3, bytes: 21, gzipped: 14, brotli: 13, lines: 5, tokens: 6 },
    skipped: [],
    packages: new Map([
      ['a', { files: 2, bytes: 20, gzipped: 12, brotli: 10 }],
      ['b', { files: 1, bytes: 1, gzipped: 2, brotli: 3 }],
    ]),
    contents: new Map([
      ['x', { bytes: 10, code: '', paths: ['a/1', 'a/2'] }],
      ['y', { bytes: 1, code: 'c', paths: ['b/1'] }],
    ]),
    identifiers: new Map([['i', 3]]),
  })
})

test('a skipped file is kept with its reason and counts for nothing else', () => {
  const totals = createTotals()
  addTo(totals, { path: 'a/1', skip: 'binary' })
  expect(totals).toEqual({ ...createTotals(), skipped: [{ path: 'a/1', skip: 'binary' }] })
})
