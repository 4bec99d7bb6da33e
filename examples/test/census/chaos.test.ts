import { expect, test } from '@jest/globals'
import { killMidway } from '../../dist/census/chaos.js'

test.each([
  [100, 40],
  [7, 2],
  [1, 1],
])('of %d files the kill comes once, after %d', (total, expected) => {
  const kills: number[] = []
  let done = 0
  const midway = killMidway(total, () => kills.push(done))
  while (done < total) midway(++done)
  expect(kills).toEqual([expected])
})
