import { remote } from '@troupe/pool'
import { newPool } from '../support/pools.js'
import { failure, inTime, isAlive, until } from '../support/settle.js'

const nested = remote<typeof import('../fixtures/nested.js')>(new URL('../fixtures/nested.js', import.meta.url))
const multiplies = remote<typeof import('../fixtures/multiplies.js')>(
  new URL('../fixtures/multiplies.js', import.meta.url),
)
const tasks = remote<typeof import('../fixtures/tasks.js')>(new URL('../fixtures/tasks.js', import.meta.url))

describe('a pool within a worker', () => {
  test('works, and ends there', async () => {
    const pool = newPool({ size: 2 })
    const results = await inTime(pool.map(nested.sumOfSquares, [[1, 2, 3], [4]], { chunkSize: 1 }))
    expect(results.map(({ sum }) => sum)).toEqual([14, 16])
    expect(results.flatMap(({ pids }) => pids).filter(isAlive)).toEqual([])
  })

  test('that is left open ends with its worker, however that ends', async () => {
    const stopped = newPool({ size: 1 })
    const left = await inTime(stopped.apply(nested.leave, []))
    expect(left.map(isAlive)).toEqual([true, true])
    await stopped.stop()
    await until(() => !left.some(isAlive))
    const killed = newPool({ size: 1 })
    const orphans = await inTime(killed.apply(nested.leave, []))
    await failure(killed.apply(tasks.killSelf, []))
    await until(() => !orphans.some(isAlive))
  })

  test('is refused while the module of a task is loaded: it would multiply without end', async () => {
    const pool = newPool({ size: 1 })
    const error = await failure(pool.apply(multiplies.run, []))
    expect(error.message).toMatch(/multiplies\.js starts a process while it is being loaded.*without end/)
    expect(await pool.apply(tasks.square, [3])).toBe(9)
  })
})
