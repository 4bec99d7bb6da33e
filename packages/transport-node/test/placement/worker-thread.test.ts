/** Wrong options are refused at the call. */
import { workerThread } from '@troupe/transport-node'

test.each<[string, unknown, typeof TypeError | typeof RangeError, string]>([
  ['an unknown option', { execArgv: [] }, TypeError, 'Unknown option `execArgv` in workerThread options'],
  ['no object', 5, TypeError, 'Expected `workerThread options` to be an object'],
  ['limits that are no object', { resourceLimits: 5 }, TypeError, 'Expected `resourceLimits` to be an object'],
  ['an unknown limit', { resourceLimits: { maxRssMb: 5 } }, TypeError, 'Unknown option `maxRssMb` in resourceLimits'],
  ['a limit that is no number', { resourceLimits: { stackSizeMb: '4' } }, TypeError, 'Expected `stackSizeMb`'],
  ['a limit of nothing', { resourceLimits: { stackSizeMb: 0 } }, RangeError, 'Expected `stackSizeMb`'],
  ['a negative time', { startTimeout: -1 }, RangeError, 'Expected `startTimeout`'],
])('%s is refused', (_, options, Class, message) => {
  expect(() => workerThread(options as never)).toThrow(Class)
  expect(() => workerThread(options as never)).toThrow(message)
})

test('without options, and with all of them, it is a placement elsewhere', () => {
  const resourceLimits = {
    maxOldGenerationSizeMb: 64,
    maxYoungGenerationSizeMb: 8,
    codeRangeSizeMb: 16,
    stackSizeMb: 2,
  }
  expect(workerThread()).toMatchObject({ reach: 'elsewhere', startTimeout: 30_000 })
  expect(workerThread({ resourceLimits, startTimeout: Infinity })).toMatchObject({ startTimeout: Infinity })
})
