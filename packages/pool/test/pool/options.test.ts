import { createSystem } from '@troupe/core'
import { remote } from '@troupe/pool'
import { workerThread } from '@troupe/transport-node'
import { poolSettings } from '../../dist/pool/options.js'

const path = remote<typeof import('node:path')>('node:path')
const settings = (options: unknown) => (): unknown => poolSettings(options as never)

test('defaults', () => {
  const { bounds, on, backoff, ...rest } = poolSettings({})
  expect(bounds.max).toBeGreaterThanOrEqual(1)
  expect(bounds).toEqual({ min: bounds.max, max: bounds.max, idleTimeout: Infinity })
  expect(on.reach).toBe('elsewhere')
  expect(backoff.min).toBe(0)
  expect(rest).toEqual({
    initializer: undefined,
    finalizer: undefined,
    recycling: { tasks: Infinity, rss: undefined },
    queue: { capacity: 10_000, overflow: 'wait' },
    prefetch: 8,
    intensity: 10,
    period: 10_000,
    cancelGrace: 1_000,
    spares: 0,
  })
})

test('an infinite grace is one: a worker is then never killed for its task', () => {
  expect(poolSettings({ cancelGrace: Infinity }).cancelGrace).toBe(Infinity)
})

test('an initializer is kept by its name, with its arguments', () => {
  const { initializer } = poolSettings({ initializer: path.basename as never, initargs: ['/a'] })
  expect(initializer).toEqual({ url: 'node:path', export: 'basename', args: ['/a'] })
})

test.each([
  [{ size: 0 }, RangeError, 'Expected `size` to be an integer from 1 to 10000, got 0 (number)'],
  [{ size: 1.5 }, RangeError, 'Expected `size` to be an integer from 1 to 10000, got 1.5 (number)'],
  [{ size: '4' }, TypeError, "Expected `size` to be an integer from 1 to 10000, got '4' (string)"],
  [{ size: Infinity }, RangeError, 'Expected `size` to be an integer from 1 to 10000, got Infinity (number)'],
  [{ intensity: -1 }, RangeError, 'Expected `intensity` to be an integer of at least 0, got -1 (number)'],
  [{ period: 0 }, RangeError, 'Expected `period` to be a number from 1 to 2147483647, got 0 (number)'],
  [{ period: Infinity }, RangeError, 'Expected `period` to be a number from 1 to 2147483647, got Infinity (number)'],
  [{ cancelGrace: -5 }, RangeError, 'Expected `cancelGrace` to be a number from 0 to 2147483647, got -5 (number)'],
  [{ cancelGrace: null }, TypeError, 'Expected `cancelGrace` to be a number from 0 to 2147483647, got null (null)'],
  [{ initializer: () => 1 }, Error, 'exists only in this process'],
  [{ initializer: 'setup' }, TypeError, "to be a remote() name, got 'setup' (string)"],
  [{ initargs: 'x' }, TypeError, "Expected `initargs` to be an array of arguments, got 'x' (string)"],
  [{ on: {} }, TypeError, 'Expected `on` to be a placement such as childProcess(), got Object (object)'],
  [{ system: {} }, TypeError, 'Expected `system` to be a system of createSystem(), got Object (object)'],
  [{ workers: 4 }, TypeError, 'Unknown option `workers` in createPool options: expected `system`, `size`'],
  [7, TypeError, 'Expected `createPool options` to be an object, got 7 (number)'],
])('%p is refused with name, expectation and value', (options, Kind, message) => {
  expect(settings(options)).toThrow(Kind as never)
  expect(settings(options)).toThrow(message)
})

test('a launched host is refused: a worker ends with its host, and so would all the others', async () => {
  const system = createSystem()
  const host = await system.launch(workerThread())
  expect(settings({ on: host })).toThrow(TypeError)
  expect(settings({ on: host })).toThrow(/got a launched host: each worker needs one of its own/)
  await system.stop()
})
