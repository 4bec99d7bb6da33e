import { createSystem } from '@troupe/core'
import type { ActorSystem, Cell } from '@troupe/core/internal'
import { createPool, remote } from '@troupe/pool'
import { task } from '@troupe/pool/task'
import { eventsOf, newDesk, newPool, testSystem } from '../support/pools.js'
import { failure, inTime, until } from '../support/settle.js'

const tasks = remote<typeof import('../fixtures/tasks.js')>(new URL('../fixtures/tasks.js', import.meta.url))

describe('a pool in its system', () => {
  test('is shown in the tree, with its supervisor and its workers', async () => {
    const pool = newPool({ size: 2 })
    await pool.ready()
    const lines = testSystem()
      .tree()
      .split('\n')
      .map((line) => line.replaceAll(/\d+/g, 'n'))
    expect(lines).toEqual([
      'test',
      '└─ pool (n.n)',
      '   └─ supervisor (n.n)',
      '      ├─ worker-n (n.n) on host n, process n',
      '      └─ worker-n (n.n) on host n, process n',
    ])
  })

  test('shares it with others, and they do not know of each other', async () => {
    const one = newPool({ size: 1 })
    const two = newPool({ size: 1 })
    const [a, b] = await Promise.all([one.apply(tasks.pid, []), two.apply(tasks.pid, [])])
    expect(a).not.toBe(b)
    await failure(one.apply(tasks.killSelf, []))
    await one.stop()
    expect(await two.apply(tasks.pid, [])).toBe(b)
  })

  test('ends with its supervisor when others stop that, and says that it was terminated', async () => {
    const pool = newPool({ size: 1 })
    await pool.ready()
    const [, supervisor] = /supervisor \(1\.(\d+)\)/.exec(testSystem().tree()) as RegExpExecArray
    const cell = (testSystem() as ActorSystem).resident(Number(supervisor)) as Cell | undefined
    cell?.stop({ drain: false, timeout: 5_000 })
    await inTime(cell?.exited as Promise<unknown>)
    await until(() => !testSystem().tree().includes('pool'))
    const error = await failure(pool.apply(tasks.square, [1]))
    expect(error).toMatchObject({ code: 'ERR_POOL_TERMINATED', cause: { type: 'shutdown' } })
  })

  test('works in one that isolates its actors', async () => {
    const system = createSystem({ isolate: true })
    const pool = createPool({ system, size: 1 })
    expect(await pool.apply(tasks.square, [3])).toBe(9)
    await pool.stop()
    await system.stop()
  })

  test('has the own system of the process by default', async () => {
    const pool = createPool({ size: 1 })
    try {
      expect(await pool.apply(tasks.square, [3])).toBe(9)
      expect(testSystem().tree()).toBe('test')
    } finally {
      await pool.terminate()
    }
  })

  test('takes as many workers as there are cores, by default', () => {
    expect(newPool().size).toBeGreaterThanOrEqual(1)
  })

  test('starts workers on demand: as many as there are tasks at once', async () => {
    const pool = newPool({ size: 3 })
    expect(pool.stats().workers).toEqual([])
    await pool.apply(tasks.square, [3])
    await pool.apply(tasks.square, [3])
    expect(pool.stats().workers).toHaveLength(1)
    await pool.map(tasks.square, [1, 2, 3, 4, 5], { chunkSize: 1 })
    expect(pool.stats().workers).toHaveLength(3)
  })

  test('says what it does in its stats', async () => {
    const desk = await newDesk()
    const pool = newPool({ size: 1 })
    const none = { queued: 0, running: 0, done: 0, failed: 0, retried: 0, restarts: 0 }
    expect(pool.stats()).toEqual({ phase: 'starting', size: 1, workers: [], slowest: [], ...none })
    const first = pool.apply(tasks.visit, [desk.key, 'x'])
    const second = pool.apply(tasks.square, [3])
    const { pid } = await desk.next()
    const worker = { id: 'worker-1', pid }
    const workers = [expect.objectContaining({ ...worker, state: 'busy', done: 0 })]
    expect(pool.stats()).toMatchObject({ phase: 'running', size: 1, ...none, queued: 1, running: 1 })
    expect(pool.stats().workers).toEqual(workers)
    desk.open()
    await Promise.all([first, second])
    expect(pool.stats()).toMatchObject({ phase: 'running', size: 1, ...none, done: 2 })
    expect(pool.stats().workers).toEqual([expect.objectContaining({ ...worker, state: 'idle', done: 2 })])
  })

  test('says where the time went: starting, waiting, working, and in which tasks', async () => {
    const pool = newPool({ size: 1 })
    await pool.ready()
    await pool.apply(tasks.spin, [60])
    await pool.apply(tasks.spin, [30])
    const { workers, slowest } = pool.stats()
    const [{ startUp, working, waiting }] = workers as [(typeof workers)[0]]
    expect(startUp).toBeGreaterThan(0)
    expect(working).toBeGreaterThanOrEqual(88)
    expect(waiting).toBeGreaterThanOrEqual(0)
    expect(slowest.map(({ task, workerId }) => [task.split(' ')[0], workerId])).toEqual([
      ['spin', 'worker-1'],
      ['spin', 'worker-1'],
    ])
    expect(slowest[0]?.ms).toBeGreaterThanOrEqual(slowest[1]?.ms as number)
  })

  test('tells of starts and ends on events$, which completes with the pool', async () => {
    const pool = newPool({ size: 2 })
    let completed = 0
    const events = eventsOf(pool)
    pool.events$.subscribe({ complete: () => (completed += 1) })
    await pool.ready()
    expect(events.map(({ type, id }) => `${type} ${id}`).sort((a, b) => a.localeCompare(b))).toEqual([
      'spawned worker-1',
      'spawned worker-2',
    ])
    await pool.stop()
    expect(completed).toBe(1)
  })

  test('a subscriber that throws harms nobody', async () => {
    const pool = newPool({ size: 1 })
    const { error } = console
    const printed: unknown[] = []
    console.error = (...parts: unknown[]) => void printed.push(parts)
    try {
      pool.events$.subscribe(() => {
        throw new Error('in a subscriber')
      })
      expect(await pool.apply(tasks.square, [3])).toBe(9)
    } finally {
      console.error = error
    }
    expect(printed).toHaveLength(1)
  })

  test('cannot be made in a system that is stopped', async () => {
    const system = createSystem({ name: 'short' })
    await system.stop()
    expect(() => createPool({ system })).toThrow(/stopped/)
  })
})

describe('task()', () => {
  test('tells a task of its worker and its attempt', async () => {
    const pool = newPool({ size: 2 })
    await pool.ready()
    const told = await pool.map(tasks.self, [undefined, undefined, undefined, undefined], { chunkSize: 1 })
    for (const { workerId, attempt } of told) {
      expect(['worker-1', 'worker-2']).toContain(workerId)
      expect(attempt).toBe(1)
    }
  })

  test('outside of a task throws, and says where it works', () => {
    expect(() => task()).toThrow(/outside of a task/)
  })
})

describe('ready', () => {
  test('starts all workers, and starts none twice', async () => {
    const pool = newPool({ size: 3 })
    await inTime(Promise.all([pool.ready(), pool.ready()]))
    expect(pool.stats().workers.map(({ state }) => state)).toEqual(['idle', 'idle', 'idle'])
    await inTime(pool.ready())
    expect(pool.stats().workers).toHaveLength(3)
  })

  test('takes a timeout and a signal', async () => {
    const pool = newPool({ size: 1 })
    expect((await failure(pool.ready({ timeout: 0 }))).code).toBe('ERR_TIMEOUT')
    const reason = new Error('enough')
    expect(await failure(pool.ready({ signal: AbortSignal.abort(reason) }))).toBe(reason)
    await inTime(pool.ready())
    await until(() => pool.stats().workers.every(({ state }) => state === 'idle'))
  })
})
