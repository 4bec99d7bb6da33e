import { describe, expect, test } from '@jest/globals'
import { digest } from '../../dist/census/digest.js'
import type { Facts } from '../../dist/census/examine.js'
import type { Skipped } from '../../dist/census/skip.js'
import { addTo, createTotals } from '../../dist/census/totals.js'
import { factsOf } from './facts.js'

const of = (found: (Facts | Skipped)[]) => {
  const totals = createTotals()
  for (const one of found) addTo(totals, one)
  return digest(totals)
}
const names = (...entries: [string, number][]) => ({ identifiers: new Map(entries) })
const found = [
  factsOf('a/1', { bytes: 7, sha256: 'x', ...names(['i', 2], ['j', 1]) }),
  factsOf('a/2', { bytes: 7, sha256: 'x', ...names(['j', 1], ['k', 1]) }),
  factsOf('b', { bytes: 1, sha256: 'y' }),
  { path: 'c', skip: 'binary' as const },
  { path: 'd', skip: 'unreadable' as const },
]

describe('digest', () => {
  test('is a sha-256 that does not depend on the order of the files', () => {
    expect(of(found)).toMatch(/^[0-9a-f]{64}$/)
    expect(of([...found].reverse())).toBe(of(found))
  })

  test('differs when a name is used once more', () => {
    expect(of([factsOf('a', names(['i', 1]))])).not.toBe(of([factsOf('a', names(['i', 2]))]))
  })

  test('does not depend on how well files compress', () => {
    expect(of([factsOf('a', { gzipped: 1, brotli: 1 })])).toBe(of([factsOf('a', { gzipped: 2, brotli: 2 })]))
  })

  test.each([
    ['a file is missing', found.slice(1)],
    ['a file is counted twice', [...found, ...found.slice(0, 1)]],
    ['a skipped file is missing', found.slice(0, -1)],
    ['a path differs', [...found.slice(0, -1), { path: 'e', skip: 'unreadable' as const }]],
  ])('differs when %s', (_, others) => {
    expect(of(others)).not.toBe(of(found))
  })
})
