import { checkTaskOptions } from '../../dist/call/options.js'
import { checkSource } from '../../dist/call/source.js'

const check =
  (options: unknown, more: readonly string[] = ['chunkSize', 'window']) =>
  (): void =>
    checkTaskOptions('imap options', options as never, more)

describe('options of a task', () => {
  test('all that are known are taken, and undefined ones too', () => {
    const { signal } = new AbortController()
    expect(check({ signal, timeout: 0, retries: 3, idempotent: true, chunkSize: 1, window: 1 })).not.toThrow()
    expect(check({ timeout: Infinity, retries: 0 })).not.toThrow()
    const none = { signal: undefined, timeout: undefined, retries: undefined, chunkSize: undefined, window: undefined }
    expect(check(none)).not.toThrow()
  })

  test.each([
    [{ timeout: -1 }, RangeError, 'Expected `timeout` to be a number from 0 to 2147483647, got -1 (number)'],
    [{ timeout: '5' }, TypeError, "Expected `timeout` to be a number from 0 to 2147483647, got '5' (string)"],
    [{ timeout: Number.NaN }, TypeError, 'got NaN (number)'],
    [{ retries: -1 }, RangeError, 'Expected `retries` to be an integer of at least 0, got -1 (number)'],
    [{ retries: 1.5, idempotent: true }, RangeError, 'Expected `retries` to be an integer of at least 0, got 1.5'],
    [{ idempotent: 1 }, TypeError, 'Expected `idempotent` to be a boolean, got 1 (number)'],
    [{ retries: 1 }, TypeError, '`retries` needs `idempotent: true`'],
    [{ chunkSize: 0 }, RangeError, 'Expected `chunkSize` to be an integer of at least 1, got 0 (number)'],
    [{ chunkSize: '1' }, TypeError, "Expected `chunkSize` to be an integer of at least 1, got '1' (string)"],
    [{ window: 0 }, RangeError, 'Expected `window` to be an integer of at least 1, got 0 (number)'],
    [{ signal: {} }, TypeError, 'Expected `signal` to be an AbortSignal, got Object (object)'],
    [{ retry: 1 }, TypeError, 'Unknown option `retry` in imap options: expected `signal`, `timeout`, `retries`'],
    [5, TypeError, 'Expected `imap options` to be an object, got 5 (number)'],
    [null, TypeError, 'Expected `imap options` to be an object, got null (null)'],
  ])('%p is refused with name, expectation and value', (options, Kind, message) => {
    expect(check(options)).toThrow(Kind as never)
    expect(check(options)).toThrow(message)
  })

  test('those of an imap are refused where nobody reads them', () => {
    expect(check({ window: 1 }, [])).toThrow('Unknown option `window`')
    expect(check({ chunkSize: 1 }, [])).toThrow('Unknown option `chunkSize`')
  })
})

describe('a source', () => {
  test.each([[[]], ['text'], [new Set()], [new Map()], [(function* () {})()], [(async function* () {})()]])(
    '%p is one',
    (source) => expect(() => checkSource(source)).not.toThrow(),
  )

  test.each([[5], [null], [undefined], [{ length: 1 }]])('%p is none', (source) => {
    expect(() => checkSource(source)).toThrow(/Expected `source` to be an array, an iterable or an async iterable, got/)
  })
})
