import {
  expectBoolean,
  expectFunction,
  expectNumber,
  expectOneOf,
  expectOptions,
  expectString,
  expectTimeout,
} from '@troupe/core/internal'

describe('wrong arguments fail with what was expected, what came, and its type', () => {
  test.each<[() => unknown, typeof TypeError | typeof RangeError, string]>([
    [() => expectNumber('size', '4'), TypeError, "Expected `size` to be a number, got '4' (string)"],
    [() => expectNumber('size', Number.NaN), TypeError, 'Expected `size` to be a number, got NaN (number)'],
    [() => expectNumber('size', null), TypeError, 'Expected `size` to be a number, got null (null)'],
    [() => expectNumber('size', 1n), TypeError, 'Expected `size` to be a number, got 1 (bigint)'],
    [
      () => expectNumber('size', 0, { min: 1, max: 8, integer: true }),
      RangeError,
      'Expected `size` to be an integer from 1 to 8, got 0 (number)',
    ],
    [
      () => expectNumber('size', 1.5, { min: 1, integer: true }),
      RangeError,
      'Expected `size` to be an integer of at least 1, got 1.5 (number)',
    ],
    [
      () => expectNumber('size', 9, { max: 8 }),
      RangeError,
      'Expected `size` to be a number of at most 8, got 9 (number)',
    ],
    [
      () => expectTimeout('timeout', -1),
      RangeError,
      'Expected `timeout` to be a number from 0 to 2147483647, got -1 (number)',
    ],
    [
      () => expectTimeout('timeout', 2 ** 31),
      RangeError,
      'Expected `timeout` to be a number from 0 to 2147483647, got 2147483648 (number)',
    ],
    [() => expectFunction('init', {}), TypeError, 'Expected `init` to be a function, got Object (object)'],
    [() => expectString('name', ''), TypeError, "Expected `name` to be a non-empty string, got '' (string)"],
    [
      () => expectString('name', ['a', 'b']),
      TypeError,
      'Expected `name` to be a non-empty string, got an array of 2 (array)',
    ],
    [
      () => expectString('name', function work() {}),
      TypeError,
      'Expected `name` to be a non-empty string, got the function work (function)',
    ],
    [
      () => expectString('name', Object.create(null)),
      TypeError,
      'Expected `name` to be a non-empty string, got an object (object)',
    ],
    [() => expectBoolean('drain', 'yes'), TypeError, "Expected `drain` to be a boolean, got 'yes' (string)"],
    [() => expectBoolean('drain', Symbol('s')), TypeError, 'Expected `drain` to be a boolean, got Symbol(s) (symbol)'],
    [() => expectOneOf('mode', 'c', ['a', 'b']), TypeError, "Expected `mode` to be one of 'a', 'b', got 'c' (string)"],
    [() => expectOptions('options', 3, ['a']), TypeError, 'Expected `options` to be an object, got 3 (number)'],
    [
      () => expectOptions('spawn options', { nam: 'x' }, ['name', 'on']),
      TypeError,
      'Unknown option `nam` in spawn options: expected `name`, `on`',
    ],
  ])('%s', (call, Class, message) => {
    expect(call).toThrow(new Class(message))
    expect(call).toThrow(Class)
  })

  test('a long string is cut in the message', () => {
    expect(() => expectNumber('n', 'x'.repeat(1_000))).toThrow(`got '${'x'.repeat(60)}…' (string)`)
  })

  test.each<[() => unknown, unknown]>([
    [() => expectNumber('n', 3, { min: 3, max: 3, integer: true }), 3],
    [() => expectNumber('n', -0.5), -0.5],
    [() => expectNumber('n', Infinity, { min: 0, integer: true }), Infinity],
    [() => expectTimeout('timeout', 0), 0],
    [() => expectTimeout('timeout', Infinity), Infinity],
    [() => expectTimeout('timeout', 2_147_483_647), 2_147_483_647],
    [() => expectString('name', 'x'), 'x'],
    [() => expectBoolean('drain', false), false],
    [() => expectOneOf('mode', 'a', ['a', 'b']), 'a'],
    [() => expectOptions('options', undefined, []), undefined],
    [() => expectOptions('options', { a: 1 }, ['a', 'b']), undefined],
    [() => expectFunction('f', () => 0), undefined],
  ])('what fits passes: %s', (call, value) => {
    expect(call()).toBe(value)
  })
})
