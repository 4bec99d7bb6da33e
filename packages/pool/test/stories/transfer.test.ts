import { remote } from '@troupe/pool'
import { workerThread } from '@troupe/transport-node'
import { newPool } from '../support/pools.js'

const buffers = remote<typeof import('../fixtures/buffers.js')>(new URL('../fixtures/buffers.js', import.meta.url))

test('a pool of threads takes the memory of arguments, and gives that of results', async () => {
  const pool = newPool({ size: 1, on: workerThread() })
  const data = new Uint8Array([1, 2, 3])
  const flipped = await pool.apply(buffers.flip, [data], { transfer: [data.buffer] })
  expect([...flipped.data]).toEqual([3, 2, 1])
  expect(data.length).toBe(0)
  expect((await pool.apply(buffers.give, [1_000])).length).toBe(1_000)
  expect(await pool.apply(buffers.keptLength, [])).toBe(0)
})

test('a pool of processes copies both', async () => {
  const pool = newPool({ size: 1 })
  const data = new Uint8Array([1, 2, 3])
  const flipped = await pool.apply(buffers.flip, [data], { transfer: [data.buffer] })
  expect([...flipped.data]).toEqual([3, 2, 1])
  expect([...data]).toEqual([1, 2, 3])
  expect((await pool.apply(buffers.give, [1_000])).length).toBe(1_000)
  expect(await pool.apply(buffers.keptLength, [])).toBe(1_000)
})

test('what is handed over cannot be run again: `transfer` does not go with retries', async () => {
  const pool = newPool({ size: 1 })
  const data = new Uint8Array(3)
  const options = { transfer: [data.buffer], retries: 1, idempotent: true }
  await expect(pool.apply(buffers.size, [data], options)).rejects.toThrow(/do not go together/)
})

test('a result that is no data fails alone among others that hand memory over', async () => {
  const pool = newPool({ size: 1, on: workerThread() })
  const results = pool.imap(buffers.mixed, [0, 1, 2], { chunkSize: 3 })
  const outcomes: unknown[] = []
  for (let count = 0; count < 3; count += 1) {
    outcomes.push(
      await results.next().then(
        ({ value }) => value,
        (error: Error) => error.name,
      ),
    )
  }
  expect(outcomes).toEqual([0, 'SerializationError', 2])
})

test('what is no buffer, and what a generator task would hand over, is refused where it is said', async () => {
  const pool = newPool({ size: 1 })
  await expect(pool.apply(buffers.handOverText, [])).rejects.toThrow(/ArrayBuffers/)
  await expect(pool.stream(buffers.handOverItems, []).next()).rejects.toThrow(/its items are copied/)
})
