import { describe, expect, test } from '@jest/globals'
import { duplicates, twins } from '../../dist/census/repeats.js'

const content = (bytes: number, code: string, ...paths: string[]) => ({ bytes, code, paths })

describe('duplicates', () => {
  test('are files of one content, wasteful by all but one of them', () => {
    const found = duplicates([content(10, '', 'c', 'a', 'b'), content(30, '', 'e', 'd'), content(99, '', 'f')])
    expect(found).toEqual({
      groups: 2,
      wasted: 50,
      worst: [
        { wasted: 30, paths: ['d', 'e'] },
        { wasted: 20, paths: ['a', 'b', 'c'] },
      ],
    })
  })

  test('name the three worst, equal ones by their first path', () => {
    const same = ['d', 'b', 'a', 'c'].map((name) => content(5, '', `${name}2`, `${name}1`))
    expect(duplicates(same).worst.map(({ paths }) => paths[0])).toEqual(['a1', 'b1', 'c1'])
  })

  test('are never empty files', () => {
    expect(duplicates([content(0, '', 'a', 'b')])).toEqual({ groups: 0, wasted: 0, worst: [] })
  })
})

describe('twins', () => {
  test('are contents of the same code, wasteful by all but the greatest', () => {
    const found = twins([
      content(10, 'x', 'b', 'a'),
      content(14, 'x', 'c'),
      content(9, 'x', 'd'),
      content(99, 'y', 'e'),
    ])
    expect(found).toEqual({ groups: 1, wasted: 19, worst: [{ wasted: 19, paths: ['a', 'c', 'd'] }] })
  })

  test('are never files without code', () => {
    expect(twins([content(10, '', 'a'), content(11, '', 'b')]).groups).toBe(0)
  })
})
