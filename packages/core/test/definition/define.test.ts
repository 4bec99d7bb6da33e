import { defineActor } from '@troupe/core'
import { isDefinition } from '@troupe/core/internal'

const init = () => 0

describe('defineActor', () => {
  test.each<[string, unknown, RegExp]>([
    ['no object', 3, /Expected `definition` to be an object, got 3 \(number\)/],
    ['null', null, /Expected `definition` to be an object, got null \(null\)/],
    ['no init', { on: {} }, /Expected `init` to be a function, got undefined/],
    ['an init that is none', { init: 1, on: {} }, /Expected `init` to be a function, got 1/],
    ['no handlers', { init }, /Expected `on` to be an object of handlers, got undefined/],
    ['a handler that is none', { init, on: { add: 1 } }, /Expected `on\.add` to be a function, got 1/],
    ['a hook that is none', { init, on: {}, onStop: 'x' }, /Expected `onStop` to be a function, got 'x'/],
    [
      'a misspelt hook',
      { init, on: {}, onstop: init },
      /Unknown key `onstop` in an actor definition: expected init, on/,
    ],
    ['a wrong mailbox', { init, on: {}, mailbox: { capacity: -1 } }, /`mailbox\.capacity`/],
  ])('refuses %s with words', (_, definition, message) => {
    for (const define of [defineActor, defineActor.for<any>()])
      expect(() => define(definition as never)).toThrow(message)
  })

  test('makes what any copy of the package knows as a definition', () => {
    expect(isDefinition(defineActor({ init, on: {} }))).toBe(true)
    expect(isDefinition({ [Symbol.for('@troupe/definition')]: true })).toBe(true)
    for (const other of [{}, null, undefined, 'x', { kind: 'definition' }]) expect(isDefinition(other)).toBe(false)
  })

  test('has handlers by their own names only: none is inherited', async () => {
    const { createSystem } = await import('@troupe/core')
    const system = createSystem()
    const ref = await system.spawn(defineActor({ init, on: { get: () => 1 } }))
    for (const name of ['toString', 'constructor', '__proto__', 'hasOwnProperty']) {
      await expect((ref as any).ask(name)).rejects.toThrow(/has no handler called/)
    }
    await system.stop()
  })
})
