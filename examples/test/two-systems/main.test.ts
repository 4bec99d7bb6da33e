import { expect, test } from '@jest/globals'
import { main } from '../../dist/two-systems/main.js'

test('two clients find what the service has, one after the other, and it ends in good order', async () => {
  const { said, exitCode } = await main(() => undefined)
  expect(said).toEqual([
    'first customer, apple: 10 left',
    'first customer, apple: 10',
    'first customer, pear: 7',
    'first customer, plum: 30',
    'second customer, apple: 8 left',
    'second customer, apple: 8',
    'second customer, pear: 7',
    'second customer, plum: 30',
  ])
  expect(exitCode).toBe(0)
})
