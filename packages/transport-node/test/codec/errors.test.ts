/** Errors arrive as errors, at any place within a message. */
import { RemoteError, TimeoutError } from '@troupe/core'
import { StockError } from '../fixtures/stock.js'
import { Pair, travel } from './blocks.js'

const builtIn = [EvalError, RangeError, ReferenceError, SyntaxError, TypeError, URIError, Error]

test.each(builtIn.map((Class) => [Class.name, Class] as const))('%s arrives with its class and stack', (_, Class) => {
  const sent = Object.assign(new Class('what', { cause: new TypeError('why') }), { code: 'E_X', list: [{ a: 1 }] })
  const { error } = travel({ error: sent }) as { error: any }
  expect(error).toBeInstanceOf(Class)
  expect([error.name, error.message, error.code, error.list]).toEqual([Class.name, 'what', 'E_X', [{ a: 1 }]])
  expect(error.cause).toBeInstanceOf(TypeError)
  expect(error.cause.message).toBe('why')
  expect(error.remoteStack).toBe(sent.stack)
})

test('a registered class, one of ours, and an aggregate keep what they are', () => {
  const [stock, timeout, both] = travel([
    new StockError('nails', 2),
    new TimeoutError({ what: 'This', timeout: 5 }),
    new AggregateError([new RangeError('a'), 'b'], 'two'),
  ]) as any[]
  expect(stock).toBeInstanceOf(StockError)
  expect([stock.item, stock.left, stock.message]).toEqual(['nails', 2, 'Only 2 of nails left'])
  expect(timeout).toBeInstanceOf(TimeoutError)
  expect([timeout.code, timeout.details]).toEqual(['ERR_TIMEOUT', { what: 'This', timeout: 5 }])
  expect(both).toBeInstanceOf(AggregateError)
  expect([both.errors[0].message, both.errors[0] instanceof RangeError, both.errors[1]]).toEqual(['a', true, 'b'])
})

test('an unknown class keeps its name, a DOMException its message', () => {
  class LocalError extends Error {
    override readonly name = 'LocalError'
  }
  const [local, abort] = travel([new LocalError('mine'), AbortSignal.abort().reason]) as Error[]
  expect([local!.name, local!.message, local instanceof Error]).toEqual(['LocalError', 'mine', true])
  expect([abort!.name, abort!.message]).toEqual(['AbortError', 'This operation was aborted'])
})

test('fields that are no data stay behind, and the error arrives', () => {
  const error = travel(Object.assign(new Error('with a socket'), { fine: 1, socket: { close: () => 1 } })) as any
  expect([error.message, error.fine, 'socket' in error]).toEqual(['with a socket', 1, false])
})

test('an object that only looks like an error stays an object', () => {
  expect(travel({ name: 'Error', message: 'data', stack: 's' })).toStrictEqual({
    name: 'Error',
    message: 'data',
    stack: 's',
  })
})

test('a thousand errors among other values arrive in order', () => {
  const values = Array.from({ length: 1_000 }, (_, index) =>
    index % 3 === 0 ? new RangeError(`e${index}`) : { index },
  )
  const arrived = new Pair().travel(values) as any[]
  expect(arrived.map((each) => each.message ?? each.index)).toEqual(values.map((_, i) => (i % 3 === 0 ? `e${i}` : i)))
})

test('an error that leads back to itself arrives, without going round', () => {
  const error: any = new Error('ring')
  error.cause = error
  error.self = error
  expect(travel(error)).toMatchObject({ message: 'ring' })
})

test('RemoteError is one class, whichever way it came', () => {
  expect(travel(new RemoteError({ message: 'far' }))).toBeInstanceOf(RemoteError)
})
