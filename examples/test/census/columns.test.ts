import { describe, expect, test } from '@jest/globals'
import { row, shorten } from '../../dist/census/columns.js'

describe('row', () => {
  const columns = [
    { width: 6, align: 'left' as const },
    { width: 5, align: 'right' as const },
  ]

  test('puts words to the left and numbers to the right', () => {
    expect(row(columns, ['abc', '12'])).toBe('abc        12')
  })

  test('ends with the last cell that is filled', () => {
    expect(row(columns, ['abc'])).toBe('abc')
  })

  test('lets nothing through that would move the cursor', () => {
    expect(row(columns, ['a\x1b[A\n', ''])).toBe('a?[A?')
  })
})

describe('shorten', () => {
  test('keeps both ends, the last one more', () => {
    expect(shorten('packages/core/src/index.ts', 12)).toBe('pack…ndex.ts')
    expect(shorten('index.ts', 8)).toBe('index.ts')
  })
})
