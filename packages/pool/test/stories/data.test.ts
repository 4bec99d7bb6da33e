import { NotPortableError, RemoteError, SerializationError } from '@troupe/core'
import { remote } from '@troupe/pool'
import { PlainError, QuotaError } from '../fixtures/errors.js'
import { newDesk, newPool, sharedPool } from '../support/pools.js'
import { failure, inTime } from '../support/settle.js'

const tasks = remote<typeof import('../fixtures/tasks.js')>(new URL('../fixtures/tasks.js', import.meta.url))
const errors = remote<typeof import('../fixtures/errors.js')>(new URL('../fixtures/errors.js', import.meta.url))
const broken = remote<typeof import('../fixtures/broken-at-load.js')>(
  new URL('../fixtures/broken-at-load.js', import.meta.url),
)

const shared = sharedPool(1)

describe('arguments and results', () => {
  test('keep what structuredClone keeps', async () => {
    const pool = shared()
    const value = {
      date: new Date(0),
      map: new Map<unknown, unknown>([['a', new Set([1n])]]),
      bytes: new Uint8Array([1, 2, 3]),
      list: [undefined, null, Number.NaN, Infinity, 'text'],
      regexp: /x/gi,
    }
    expect(await pool.apply(tasks.echo, [value])).toEqual(value)
    expect(await pool.map(tasks.echo, [value, value])).toEqual([value, value])
  })

  test('are a snapshot: what the caller changes after the call changes nothing', async () => {
    const pool = shared()
    const item = { n: 1 }
    const calls = [pool.apply(tasks.echo, [item]), pool.map(tasks.echo, [item]), pool.applyAsync(tasks.echo, [item])]
    item.n = 2
    expect(await Promise.all(calls)).toEqual([{ n: 1 }, [{ n: 1 }], { n: 1 }])
  })

  test('refs work where they arrive', async () => {
    const desk = await newDesk()
    const pool = newPool({ size: 1 })
    desk.open()
    expect(await inTime(pool.apply(tasks.visit, [desk.key, 'here']))).toBe('here')
    expect(desk.visits).toMatchObject([{ label: 'here', attempt: 1, workerId: 'worker-1' }])
  })

  test('that are no data are refused at the call, with the path of the bad member', async () => {
    const pool = newPool({ size: 1 })
    const bad = { list: [1, { call: (): number => 1 }] }
    for (const call of [pool.apply(tasks.echo, [bad]), pool.map(tasks.echo, [1, bad])]) {
      const error = await failure(call)
      expect(error).toBeInstanceOf(SerializationError)
      expect(error.message).toMatch(/list\[1\]\.call is a function/)
    }
    expect(() => pool.applyAsync(tasks.echo, [Symbol('x')])).toThrow(/args\[0\] is a symbol/)
    expect(pool.stats().workers).toEqual([])
  })

  test('with a cycle are refused, with its place', async () => {
    const pool = newPool({ size: 1 })
    const cycle: { self?: unknown } = {}
    cycle.self = cycle
    const error = await failure(pool.apply(tasks.echo, [cycle]))
    expect(error).toBeInstanceOf(SerializationError)
    expect(error.message).toMatch(/args\[0\]\.self is a cycle/)
  })

  test('a result that is no data rejects with its path, and the worker lives on', async () => {
    const pool = shared()
    const pid = await pool.apply(tasks.pid, [])
    const error = await failure(pool.apply(errors.badResult, []))
    expect(error).toBeInstanceOf(SerializationError)
    expect(error.message).toMatch(/list\[1\]\.call is a function/)
    expect(await pool.apply(tasks.pid, [])).toBe(pid)
  })
})

describe('code', () => {
  test('a closure or a local function is refused, with the way to name it', async () => {
    const pool = newPool({ size: 1 })
    const closure = (() => 1) as never
    function local(): number {
      return 1
    }
    const calls = [
      pool.apply(closure, [] as never),
      pool.map(local as never, [1]),
      pool.apply(local as never, [] as never),
    ]
    for (const error of await Promise.all(calls.map(failure))) {
      expect(error).toBeInstanceOf(NotPortableError)
      expect(error.message).toContain('remote<typeof import(')
    }
    expect(() => pool.applyAsync(closure, [] as never)).toThrow(NotPortableError)
    expect(() => pool.imap(closure, [])).toThrow(NotPortableError)
  })

  test('an export that is missing is refused with those that are there', async () => {
    const pool = shared()
    const { missing } = tasks as unknown as Record<string, typeof tasks.nothing>
    const error = await failure(pool.apply(missing as typeof tasks.nothing, []))
    expect(error).toBeInstanceOf(NotPortableError)
    expect(error.message).toContain("'missing' of file:")
    expect(error.message).toMatch(/It exports: .*square/)
  })

  test('an export that is no function is refused', async () => {
    const pool = shared()
    const error = await failure(pool.apply(tasks.LIMIT as never, [] as never))
    expect(error).toBeInstanceOf(TypeError)
    expect(error.message).toMatch(/'LIMIT' of .* is no function, but number/)
  })

  test('a module that throws when it is loaded rejects with that error, each time', async () => {
    const pool = shared()
    for (let round = 0; round < 2; round += 1) {
      const error = await failure(pool.apply(broken.unreachable, []))
      expect(error).toBeInstanceOf(SyntaxError)
      expect(error.message).toBe('broken at load')
    }
    expect(await pool.apply(tasks.square, [3])).toBe(9)
    expect(pool.stats().restarts).toBe(0)
  })

  test('a module that is not there rejects with the error of its loading', async () => {
    const pool = shared()
    const absent = remote<{ run(): void }>(new URL('absent.js', import.meta.url))
    expect((await failure(pool.apply(absent.run, []))).code).toBe('ERR_MODULE_NOT_FOUND')
  })
})

describe('errors', () => {
  test('keep class, message, code, fields and the stack of the worker', async () => {
    const pool = shared()
    const error = await failure(pool.apply(errors.range, []))
    expect(error).toBeInstanceOf(RangeError)
    expect(error).toMatchObject({ message: 'out of range', code: 'E_RANGE', limits: { min: 1 } })
    expect(error.remoteStack).toContain('fixtures/errors.js')
  })

  test('of a registered class keep it, with its fields', async () => {
    const pool = shared()
    const error = await failure(pool.apply(errors.quota, [7]))
    expect(error).toBeInstanceOf(QuotaError)
    expect(error).toMatchObject({ name: 'QuotaError', used: 7, message: 'quota exceeded' })
    expect(await failure(pool.apply(errors.plain, []))).toBeInstanceOf(PlainError)
  })

  test('keep their cause, and those that they gather', async () => {
    const pool = shared()
    const caused = await failure(pool.apply(errors.caused, []))
    expect(caused.cause).toBeInstanceOf(TypeError)
    expect(caused.cause.message).toBe('inner')
    const gathered = await failure(pool.apply(errors.aggregate, []))
    expect(gathered).toBeInstanceOf(AggregateError)
    expect(gathered.errors.map(({ message }: Error) => message)).toEqual(['first', 'second'])
  })

  test('that are no errors arrive as the cause of one, alone and in a chunk', async () => {
    const pool = shared()
    const alone = await failure(pool.apply(errors.text, []))
    expect(alone).toBeInstanceOf(RemoteError)
    expect(alone.cause).toBe('a string')
    const inChunk = await failure(pool.map(errors.oddText, [0, 1, 2], { chunkSize: 3 }))
    expect(inChunk).toBeInstanceOf(RemoteError)
    expect(inChunk.cause).toBe('odd: 1')
  })

  test('that throw when they are read arrive all the same', async () => {
    const pool = shared()
    expect(await failure(pool.apply(errors.hostile, []))).toBeInstanceOf(Error)
    expect(await inTime(pool.apply(tasks.square, [3]))).toBe(9)
  })

  test('are told of on events$, with the task', async () => {
    const pool = shared()
    const events: unknown[] = []
    pool.events$.subscribe((event) => void events.push(event))
    const error = await failure(pool.apply(errors.range, []))
    expect(events).toContainEqual({
      type: 'taskError',
      id: 'worker-1',
      at: expect.any(Number),
      task: expect.stringMatching(/^range of file:/),
      error,
    })
  })
})
