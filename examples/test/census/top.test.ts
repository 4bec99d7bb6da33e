import { expect, test } from '@jest/globals'
import { top } from '../../dist/census/top.js'

const entries: [string, number][] = [
  ['c', 2],
  ['b', 3],
  ['a', 2],
  ['d', 1],
]

test('top gives the greatest first, equal ones by name', () => {
  expect(top(3, entries, (value) => value).map(([name]) => name)).toEqual(['b', 'a', 'c'])
})

test('top gives all there are when more are asked for', () => {
  expect(top(9, new Map(entries), (value) => -value).map(([name]) => name)).toEqual(['d', 'a', 'c', 'b'])
})
