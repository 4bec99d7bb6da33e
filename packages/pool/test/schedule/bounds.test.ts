import { readSize } from '../../dist/schedule/bounds.js'

const cores = (): number => 6

test.each([
  [4, { min: 4, max: 4, idleTimeout: Infinity }],
  [{}, { min: 0, max: 6, idleTimeout: 30_000 }],
  [{ min: 2 }, { min: 2, max: 6, idleTimeout: 30_000 }],
  [{ min: 9 }, { min: 9, max: 9, idleTimeout: 30_000 }],
  [
    { max: 3, idleTimeout: Infinity },
    { min: 0, max: 3, idleTimeout: Infinity },
  ],
  [
    { min: undefined, max: 2, idleTimeout: 0 },
    { min: 0, max: 2, idleTimeout: 0 },
  ],
])('%p is %p', (size, bounds) => {
  expect(readSize(size, cores)).toEqual(bounds)
})

test.each([
  [0, RangeError, 'Expected `size` to be an integer from 1 to 10000, got 0 (number)'],
  [{ max: 0 }, RangeError, 'Expected `size.max` to be an integer from 1 to 10000'],
  [{ min: 3, max: 2 }, RangeError, 'Expected `size.min` to be an integer from 0 to 2, got 3 (number)'],
  [{ idleTimeout: -1 }, RangeError, 'Expected `size.idleTimeout` to be a number from 0'],
  [{ idle: 5 }, TypeError, 'Unknown option `idle` in size: expected `min`, `max`, `idleTimeout`'],
  [[2], TypeError, 'Expected `size` to be a number, or { min, max, idleTimeout }'],
  [null, TypeError, 'Expected `size` to be an integer from 1 to 10000, got null (null)'],
])('%p is refused', (size, Kind, message) => {
  expect(() => readSize(size as never, cores)).toThrow(Kind as never)
  expect(() => readSize(size as never, cores)).toThrow(message)
})
