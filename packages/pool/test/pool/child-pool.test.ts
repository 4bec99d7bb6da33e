import { checkChildSpecs, createSystem } from '@troupe/core'
import { childPool, remote } from '@troupe/pool'

const setup = remote<typeof import('../fixtures/setup.js')>(new URL('../fixtures/setup.js', import.meta.url))
const spec =
  (...given: unknown[]) =>
  (): unknown =>
    (childPool as (...all: unknown[]) => unknown)(...given)

test('describes a child: permanent, and stopped within five seconds, unless it says otherwise', () => {
  expect(childPool('images')).toMatchObject({ id: 'images', type: 'worker', restart: 'permanent', shutdown: 5_000 })
  const given = { restart: 'transient', shutdown: Infinity, significant: true } as const
  expect(childPool('images', { size: 2 }, given)).toMatchObject(given)
  expect(() => checkChildSpecs([childPool('images'), childPool('texts')])).not.toThrow()
})

test.each([
  [['images', { size: 0 }], RangeError, 'Expected `size` to be an integer from 1 to 10000, got 0 (number)'],
  [['images', { system: createSystem() }], TypeError, "Unknown option `system` in options of the pool 'images'"],
  [['images', { workers: 4 }], TypeError, 'Unknown option `workers`'],
  [['images', 7], TypeError, "Expected `options of the pool 'images'` to be an object, got 7 (number)"],
  [['images', { initializer: () => 1 }], Error, 'exists only in this process'],
  [['images', { initializer: setup.setup, initargs: [() => 'x'] }], Error, 'initargs[0] is a function'],
  [['images', {}, { restart: 'always' }], TypeError, 'Expected `restart` to be'],
  [['images', {}, { shutdown: -1 }], RangeError, 'Expected `shutdown` to be'],
  [['images', {}, { significant: true }], TypeError, 'Expected `significant` to be false'],
  [['images', {}, { name: 'x' }], TypeError, "Unknown option `name` in options of the child 'images'"],
  [[''], Error, 'Expected `id` to be'],
  [[undefined], TypeError, 'Expected `id` to be'],
])('childPool(...%p) is refused with name, expectation and value', (given, Kind, message) => {
  expect(spec(...given)).toThrow(Kind as never)
  expect(spec(...given)).toThrow(message)
})
