/** Compiled only: what the compiler must accept, refuse and infer of a pool's calls. */
import { type AsyncResult, createPool, type ImapIterator, type Pool, type PoolEvent, remote } from '@troupe/pool'
import { task } from '@troupe/pool/task'

const tasks = remote<typeof import('./tasks.js')>(new URL('./tasks.js', import.meta.url))
const crypto = remote<typeof import('node:crypto')>('node:crypto')
declare const pool: Pool
declare const bytes: Uint8Array

type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false
declare function same<A, B>(is: Same<A, B>): void
type Image = import('./tasks.js').Image

export function apply(): void {
  const image = pool.apply(tasks.resize, [bytes, 100])
  same<typeof image, Promise<Image>>(true)
  const nothing = pool.apply(tasks.nothing, [])
  same<typeof nothing, Promise<void>>(true)
  void pool.apply(tasks.resize, [bytes, 100, { upscale: true }], { timeout: 5, retries: 1, idempotent: true })
  const maybe: number | undefined = undefined
  void pool.apply(tasks.square, [1], { timeout: maybe, signal: undefined })

  // @ts-expect-error a name that the module does not have
  void pool.apply(tasks.resise, [bytes, 100])
  // @ts-expect-error an argument of the wrong type
  void pool.apply(tasks.resize, [bytes, '100'])
  // @ts-expect-error too few
  void pool.apply(tasks.resize, [bytes])
  // @ts-expect-error too many
  void pool.apply(tasks.square, [1, 2])
  // @ts-expect-error none at all
  void pool.apply(tasks.square)
  // @ts-expect-error no list
  void pool.apply(tasks.square, 1)
  // @ts-expect-error an optional property that is misspelt
  void pool.apply(tasks.resize, [bytes, 100, { upscail: true }])
  // @ts-expect-error a generator
  void pool.apply(tasks.lines, ['path'])
  // @ts-expect-error an async generator
  void pool.apply(tasks.rows, ['path'])
  // @ts-expect-error a constant
  void pool.apply(tasks.LIMIT, [])
  // @ts-expect-error a closure
  void pool.apply(() => 1, [])
  // @ts-expect-error an option that nobody knows
  void pool.apply(tasks.square, [1], { retry: 1 })
  // @ts-expect-error an option of maps
  void pool.apply(tasks.square, [1], { chunkSize: 1 })
}

export function overloads(): void {
  const word = pool.apply(tasks.parse, ['1'])
  same<typeof word, Promise<string>>(true)
  const number = pool.apply(tasks.parse, ['1', 2])
  same<typeof number, Promise<number>>(true)
  // @ts-expect-error none of them takes it
  void pool.apply(tasks.parse, [1])

  const random = pool.apply(crypto.randomBytes, [16])
  const buffer: Promise<Uint8Array> = random
  void buffer
  const mapped = pool.map(crypto.randomBytes, [16, 32])
  const buffers: Promise<Uint8Array[]> = mapped
  void buffers
}

export function applyAsync(): void {
  const result = pool.applyAsync(tasks.square, [3], { callback: (value) => same<typeof value, number>(true) })
  same<typeof result, AsyncResult<number>>(true)
  const got = result.get(5)
  same<typeof got, Promise<number>>(true)
  // @ts-expect-error the callback takes another result
  pool.applyAsync(tasks.square, [3], { callback: (value: string) => value })
}

export function maps(): void {
  const squares = pool.map(tasks.square, [1, 2])
  same<typeof squares, Promise<number[]>>(true)
  void pool.map(tasks.square, new Set([1]), { chunkSize: 2 })
  void pool.map(tasks.shout, 'text')
  async function* numbers(): AsyncGenerator<number> {
    yield 1
  }
  void pool.map(tasks.square, numbers())

  // @ts-expect-error an item of the wrong type
  void pool.map(tasks.square, [1, '2'])
  // @ts-expect-error items of the wrong type
  void pool.map(tasks.shout, new Set([1]))
  // @ts-expect-error a task that needs two arguments
  void pool.map(tasks.setup, ['url'])
  // @ts-expect-error no source
  void pool.map(tasks.square, 5)
  // @ts-expect-error a window is for imap
  void pool.map(tasks.square, [1], { window: 1 })

  const lazily = pool.imap(tasks.shout, ['a'], { window: 4, chunkSize: 2 })
  same<typeof lazily, ImapIterator<string>>(true)
  const unordered = pool.imapUnordered(tasks.square, [1])
  same<typeof unordered, ImapIterator<number>>(true)
  void lazily.next(5)
  // @ts-expect-error a time that is no number
  void lazily.next('5')
  // @ts-expect-error items of the wrong type
  pool.imapUnordered(tasks.square, ['1'])
  // @ts-expect-error a generator
  pool.imap(tasks.lines, ['path'])
}

export function python(): void {
  const listed = pool.mapAsync(tasks.square, [1], { callback: (list) => same<typeof list, number[]>(true) })
  same<typeof listed, AsyncResult<number[]>>(true)
  const images = pool.starmap(tasks.resize, [[bytes, 100]])
  same<typeof images, Promise<Image[]>>(true)
  const later = pool.starmapAsync(tasks.resize, [[bytes, 100, { upscale: true }]], { errorCallback: () => undefined })
  same<typeof later, AsyncResult<Image[]>>(true)
  const either = pool.starmap(tasks.parse, [['1'], ['1', 2]])
  same<typeof either, Promise<(string | number)[]>>(true)

  // @ts-expect-error an argument of the wrong type
  void pool.starmap(tasks.resize, [[bytes, '100']])
  // @ts-expect-error too few
  void pool.starmap(tasks.resize, [[bytes]])
  // @ts-expect-error items that are no lists
  void pool.starmap(tasks.square, [1])
  // @ts-expect-error the callback takes another result
  pool.mapAsync(tasks.square, [1], { callback: (list: string[]) => list })
}

export function failures(): void {
  const settled = pool.map(tasks.square, [1], { onError: 'settled' })
  same<typeof settled, Promise<PromiseSettledResult<number>[]>>(true)
  const outcomes = pool.starmapAsync(tasks.add, [[1, 2]], { onError: 'settled' })
  same<typeof outcomes, AsyncResult<PromiseSettledResult<number>[]>>(true)
  const fast = pool.map(tasks.square, [1], { onError: 'failFast', chunkSize: 2 })
  same<typeof fast, Promise<number[]>>(true)
  // @ts-expect-error there are three ways
  void pool.map(tasks.square, [1], { onError: 'ignore' })
  // @ts-expect-error of one call there is nothing to settle
  void pool.apply(tasks.square, [1], { onError: 'settled' })
}

export function workers(): void {
  const all = pool.broadcast(tasks.resize, [bytes, 1])
  same<typeof all, Promise<Image[]>>(true)
  // @ts-expect-error an argument of the wrong type
  void pool.broadcast(tasks.square, ['1'])
  // @ts-expect-error options of a task
  void pool.broadcast(tasks.square, [1], { retries: 1 })

  const used = pool.checkout(async (worker) => {
    const image = await worker.apply(tasks.resize, [bytes, 1])
    same<typeof image, Image>(true)
    // @ts-expect-error an argument of the wrong type
    void worker.apply(tasks.square, ['1'])
    return worker.id
  })
  same<typeof used, Promise<string>>(true)

  pool.resize(8)
  pool.resize({ min: 0, max: 4, idleTimeout: 5 })
  // @ts-expect-error a size that is no number
  pool.resize('8')
  void pool.apply(tasks.square, [1], {
    priority: 1,
    key: 'a',
    onProgress: (value, index) => same<typeof index, number>(true),
  })
  // @ts-expect-error a key that is no text or number
  void pool.apply(tasks.square, [1], { key: {} })
}

export function creation(): void {
  createPool({ size: { min: 1, max: 4 }, finalizer: tasks.close, maxTasksPerWorker: 5, recycleRssMb: 500, spares: 1 })
  createPool({ queue: { capacity: 5, overflow: 'reject' }, prefetch: 0, backoff: { min: 5 } })
  // @ts-expect-error a finalizer of another state
  createPool({ finalizer: tasks.resize })
  // @ts-expect-error there are two ways
  createPool({ queue: { overflow: 'dropOldest' } })

  createPool({ size: 2, initializer: tasks.setup, initargs: ['url', 3] })
  createPool({ initializer: tasks.maybeSetup })
  createPool({ initializer: tasks.nothing })
  // @ts-expect-error arguments of the wrong type
  createPool({ initializer: tasks.setup, initargs: ['url', '3'] })
  // @ts-expect-error too few
  createPool({ initializer: tasks.setup, initargs: ['url'] })
  // @ts-expect-error none
  createPool({ initializer: tasks.setup })
  // @ts-expect-error a closure
  createPool({ initializer: () => 1 })
  // @ts-expect-error a size that is no number
  createPool({ size: '4' })
}

export function inside(): void {
  const state = task<{ url: string }>().state
  same<typeof state, { url: string }>(true)
  const untold = task().state
  same<typeof untold, unknown>(true)
  const told = task().progress({ done: 1 })
  same<typeof told, boolean>(true)
  const { signal } = task()
  same<typeof signal, AbortSignal>(true)
}

export function events(event: PoolEvent): void {
  if (event.type === 'restarted') same<typeof event.restarts, number>(true)
  // @ts-expect-error no such event
  if (event.type === 'restart') return
  pool.events$.subscribe(({ id }) => same<typeof id, string>(true))
}

export function streams(): void {
  const lines = pool.stream(tasks.lines, ['path'])
  same<typeof lines, AsyncIterableIterator<string>>(true)
  const rows = pool.stream(tasks.rows, ['path'], { window: 4, windowBytes: 1_024, timeout: 5 })
  same<typeof rows, AsyncIterableIterator<string>>(true)
  // @ts-expect-error a plain function gives no stream
  pool.stream(tasks.square, [1])
  // @ts-expect-error an argument of the wrong type
  pool.stream(tasks.lines, [1])
  // @ts-expect-error chunks are of maps
  pool.stream(tasks.lines, ['path'], { chunkSize: 2 })
}
