import { expect, test } from '@jest/globals'
import { count, duration, size } from '../../dist/census/numbers.js'

test.each([
  [0, '0'],
  [1_234, '1,234'],
  [12_345_678, '12,345,678'],
])('%d is counted %s', (value, text) => {
  expect(count(value)).toBe(text)
})

test.each([
  [0, '0 B'],
  [1_023, '1023 B'],
  [1_024, '1.0 KiB'],
  [12.3 * 1024 ** 2, '12.3 MiB'],
  [5 * 1024 ** 5, '5120.0 TiB'],
])('%d bytes are %s', (bytes, text) => {
  expect(size(bytes)).toBe(text)
})

test.each([
  [0, '0 ms'],
  [999, '999 ms'],
  [7_449, '7.4 s'],
  [59_940, '59.9 s'],
  [59_999, '1 min 00 s'],
  [125_000, '2 min 05 s'],
])('%d milliseconds are %s', (ms, text) => {
  expect(duration(ms)).toBe(text)
})
