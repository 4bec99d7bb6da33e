import { registerError } from '@troupe/core'

describe('registerError', () => {
  test.each([
    ['a string', 'OutOfStock'],
    ['a class of something else', class Thing {}],
    ['a function', () => undefined],
    ['a class without a name', (() => class extends Error {})()],
    ['nothing', undefined],
  ])('refuses %s', (_, value) => {
    expect(() => registerError(value as never)).toThrow(/Expected `Class` to be a named class that extends Error, got /)
  })
})
