import { ActorDownError, WorkerCrashedError } from '@troupe/core'
import { remote } from '@troupe/pool'
import { eventOf, eventsOf, newDesk, newPool } from '../support/pools.js'
import { living, onThreads, processTest } from '../support/place.js'
import { failure, inTime, until } from '../support/settle.js'

const tasks = remote<typeof import('../fixtures/tasks.js')>(new URL('../fixtures/tasks.js', import.meta.url))
const loud = remote<typeof import('../fixtures/exits-at-load.js')>(
  new URL('../fixtures/exits-at-load.js', import.meta.url),
)

describe('a worker that dies', () => {
  processTest('fails the task it had, by an error that names task, worker, process and signal', async () => {
    const desk = await newDesk()
    const pool = newPool({ size: 1 })
    const running = failure(pool.apply(tasks.visit, [desk.key, 'victim']))
    const { pid, workerId } = await desk.next()
    process.kill(pid, 'SIGKILL')
    const error = await running
    expect(error).toBeInstanceOf(WorkerCrashedError)
    expect(error).toMatchObject({
      code: 'ERR_WORKER_CRASHED',
      workerId,
      pid,
      exitCode: null,
      signal: 'SIGKILL',
      started: true,
    })
    expect(error.message).toContain('visit of file:')
    expect(error.message).toContain(workerId)
    expect(error.message).toContain(String(pid))
    expect(error.message).toContain('SIGKILL')
  })

  processTest('takes no other task along, and is replaced', async () => {
    const desk = await newDesk()
    const pool = newPool({ size: 2 })
    const calls = ['a', 'b', 'c', 'd', 'e', 'f'].map((label) => pool.apply(tasks.visit, [desk.key, label]))
    const settled = Promise.allSettled(calls)
    const victim = await desk.next()
    await desk.next()
    process.kill(victim.pid, 'SIGKILL')
    desk.open()
    const outcomes = await inTime(settled)
    const failed = outcomes.flatMap(({ status }, index) => (status === 'rejected' ? ['abcdef'[index]] : []))
    expect(failed).toEqual([victim.label])
    const survivors = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []))
    expect(survivors).toEqual(['a', 'b', 'c', 'd', 'e', 'f'].filter((label) => label !== victim.label))
    await until(() => pool.stats().workers.every(({ state, pid }) => state === 'idle' && pid !== victim.pid))
    expect(pool.stats()).toMatchObject({ restarts: 1, failed: 1, done: 5, retried: 0 })
  })

  test.each([
    ...(onThreads() ? [] : [['SIGKILL to itself', tasks.killSelf, [], { exitCode: null, signal: 'SIGKILL' }] as const]),
    ['process.exit(0)', tasks.exit, [0], { exitCode: 0, signal: null }],
    ['process.exit(3)', tasks.exit, [3], { exitCode: 3, signal: null }],
    ['process.exit while its module is loaded', loud.unreachable, [], { exitCode: 7, signal: null }],
  ] as const)('by %s fails its task only, and the next one is served', async (_, task, args, crash) => {
    const pool = newPool({ size: 1 })
    const error = await failure(pool.apply(task as typeof tasks.exit, args as never))
    expect(error).toBeInstanceOf(WorkerCrashedError)
    expect(error).toMatchObject({ ...crash, workerId: 'worker-1', pid: expect.any(Number), started: true })
    expect(await inTime(pool.apply(tasks.square, [3]))).toBe(9)
    expect(living([error.pid])).toEqual([])
  })

  test.each([
    ['an error that nobody caught', tasks.throwLater, 'thrown by nobody'],
    ['a rejection that nobody caught', tasks.rejectLater, 'rejected by nobody'],
  ] as const)('by %s keeps that error as the cause', async (_, task, message) => {
    const pool = newPool({ size: 1 })
    const error = await failure(pool.apply(task, []))
    expect(error).toBeInstanceOf(WorkerCrashedError)
    expect(error.cause).toBeInstanceOf(RangeError)
    expect(error.cause.message).toBe(message)
    expect(error.cause.remoteStack).toContain('fixtures/tasks.js')
    expect(await inTime(pool.apply(tasks.square, [3]))).toBe(9)
  })

  processTest('while idle harms no task at all', async () => {
    const pool = newPool({ size: 1 })
    const pid = await pool.apply(tasks.pid, [])
    const restarted = eventOf(pool, 'restarted')
    process.kill(pid, 'SIGKILL')
    await inTime(restarted)
    expect(await pool.apply(tasks.pid, [])).not.toBe(pid)
    expect(pool.stats()).toMatchObject({ failed: 0, restarts: 1 })
  })

  processTest('together with all others fails what each had, and the pool lives on', async () => {
    const desk = await newDesk()
    const pool = newPool({ size: 3 })
    const calls = Promise.allSettled(
      ['a', 'b', 'c', 'd', 'e'].map((label) => pool.apply(tasks.visit, [desk.key, label])),
    )
    const victims = [await desk.next(), await desk.next(), await desk.next()]
    for (const { pid } of victims) process.kill(pid, 'SIGKILL')
    desk.open()
    const outcomes = await inTime(calls)
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected', 'fulfilled', 'fulfilled'])
    expect(await inTime(pool.map(tasks.square, [1, 2, 3, 4]))).toEqual([1, 4, 9, 16])
  })

  test('fails in a map only the items of its chunk that were not reported', async () => {
    const desk = await newDesk()
    const pool = newPool({ size: 1 })
    const items = ['a', 'b', 'poison', 'd'].map((item) => ({ key: desk.key, item }))
    const iterator = pool.imap(tasks.noteItem, items, { chunkSize: 4 })
    expect(await iterator.next()).toEqual({ done: false, value: 'a' })
    expect(await iterator.next()).toEqual({ done: false, value: 'b' })
    expect(await failure(iterator.next())).toBeInstanceOf(WorkerCrashedError)
    expect(await failure(iterator.next())).toBeInstanceOf(WorkerCrashedError)
    expect(desk.visits.map(({ label }) => label)).toEqual(['a', 'b', 'poison'])
  })

  test('is told of on events$: its crash, its end, and the start of its successor', async () => {
    const pool = newPool({ size: 1 })
    const events = eventsOf(pool)
    await failure(pool.apply(tasks.exit, [4]))
    await pool.apply(tasks.square, [1])
    const about = { id: 'worker-1', at: expect.any(Number) }
    const pid = expect.any(Number)
    expect(events).toEqual([
      { ...about, type: 'spawned', pid },
      { ...about, type: 'crashed', error: expect.any(ActorDownError) },
      { ...about, type: 'down', reason: { type: 'exit', code: 4, signal: null } },
      { ...about, type: 'restarted', restarts: 1, pid },
    ])
    expect((events[1] as { error: Error }).error.message).toContain('exit code 4')
    const [first, second] = [events[0], events[3]] as { pid: number }[]
    expect(first?.pid === second?.pid).toBe(onThreads())
  })
})
