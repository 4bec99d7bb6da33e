import { expect, test } from '@jest/globals'
import { pace } from '../../dist/census/pace.js'

test('pace tells the rate and the time that is left', () => {
  expect(pace(25, 100, 500)).toEqual({ done: 25, total: 100, perSecond: 50, leftMs: 1_500 })
})

test('pace cannot tell the time that is left before the first file', () => {
  expect(pace(0, 100, 500)).toEqual({ done: 0, total: 100, perSecond: 0, leftMs: undefined })
  expect(pace(0, 100, 0)).toMatchObject({ perSecond: 0, leftMs: undefined })
})

test('pace never has less than nothing left', () => {
  expect(pace(101, 100, 500)).toMatchObject({ leftMs: 0 })
})
