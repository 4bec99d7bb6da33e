/** What one item of a chunk does, the others do not feel. */
import { SerializationError } from '@troupe/core'
import { remote } from '@troupe/pool'
import { newPool } from '../support/pools.js'
import { failure } from '../support/settle.js'

const tasks = remote<typeof import('../fixtures/tasks.js')>(new URL('../fixtures/tasks.js', import.meta.url))
const errors = remote<typeof import('../fixtures/errors.js')>(new URL('../fixtures/errors.js', import.meta.url))

test('a result that is no data fails alone in its chunk', async () => {
  const pool = newPool({ size: 1 })
  const iterator = pool.imap(errors.oddFunction, [0, 1, 2], { chunkSize: 3 })
  expect(await iterator.next()).toEqual({ done: false, value: 0 })
  expect(await failure(iterator.next())).toBeInstanceOf(SerializationError)
  expect(await iterator.next()).toEqual({ done: false, value: 2 })
})

test('a timeout is that of each item, not of its chunk', async () => {
  const pool = newPool({ size: 1 })
  await pool.ready()
  const items = Array<number>(20).fill(60)
  expect(await pool.map(tasks.sleep, items, { chunkSize: 20, timeout: 900 })).toHaveLength(20)
})
