import { describe, expect, test } from '@jest/globals'
import { bar } from '../../dist/census/bar.js'
import { pace } from '../../dist/census/pace.js'

const plain = (_: unknown, text: string) => text

describe('bar', () => {
  test('shows the part done, the rate and the time to go', () => {
    expect(bar('2 workers', pace(500, 2_000, 1_000), 100, plain)).toBe(
      '2 workers ████████░░░░░░░░░░░░░░░░░░░░░░░░  25%  500/2,000 files  500 files/s  ETA 3.0 s',
    )
  })

  test.each([20, 40, 60, 70, 80])('stays off the last of %d columns', (columns) => {
    expect(bar('2 workers', pace(123_456, 234_567, 1_000), columns, plain).length).toBeLessThan(columns)
  })

  test('is full at the end, also when there was nothing to do', () => {
    expect(bar('serially', pace(5, 5, 10), 80, plain)).toMatch(/^serially █+ 100% {2}5\/5 files {2}500 files\/s$/)
    expect(bar('serially', pace(0, 0, 10), 80, plain)).toMatch(/^serially █+ 100% /)
  })
})
