import { remote } from '@troupe/pool'
import { newDesk, newPool } from '../support/pools.js'
import { failure, inTime, until } from '../support/settle.js'

const tasks = remote<typeof import('../fixtures/tasks.js')>(new URL('../fixtures/tasks.js', import.meta.url))

/** 0, 1, 2, … for ever; counts what is pulled and whether it was closed. */
function endless(): { source: AsyncIterable<number>; pulled: () => number; closed: () => boolean } {
  let pulled = 0
  let closed = false
  async function* generate(): AsyncGenerator<number> {
    try {
      for (;;) yield pulled++
    } finally {
      await Promise.resolve()
      closed = true
    }
  }
  return { source: generate(), pulled: () => pulled, closed: () => closed }
}

describe('lazy maps', () => {
  test.each([
    // By itself a chunk grows to 32 items, and there are two for each of two workers.
    ['imap', {}, 128, 32],
    ['imapUnordered', {}, 128, 32],
    ['imap', { window: 8 }, 8, 2],
    ['imap', { chunkSize: 1 }, 4, 1],
    ['imap', { chunkSize: 3 }, 12, 3],
    ['imap', { window: 5, chunkSize: 2 }, 6, 2],
  ] as const)(
    '%s with %p holds no more than %i of an endless source, and break closes it',
    async (kind, options, most, chunk) => {
      const pool = newPool({ size: 2 })
      const { source, pulled, closed } = endless()
      let taken = 0
      for await (const _ of pool[kind](tasks.square, source, options)) {
        taken += 1
        expect(pulled() - taken).toBeLessThan(most + chunk)
        if (taken === 1_000) break
      }
      expect(closed()).toBe(true)
      const atEnd = pulled()
      await until(() => pool.stats().running === 0)
      expect(pulled()).toBe(atEnd)
    },
  )

  test('nothing is pulled before the first next, and a full window while nothing is taken', async () => {
    const pool = newPool({ size: 2 })
    const { source, pulled } = endless()
    const iterator = pool.imap(tasks.square, source, { window: 6 })
    expect(pulled()).toBe(0)
    await iterator.next()
    await until(() => pool.stats().done >= 7)
    expect(pulled()).toBe(7)
    await iterator.return()
  })

  test('a break takes back what runs and what waits, and the workers go on', async () => {
    const desk = await newDesk()
    const pool = newPool({ size: 1, cancelGrace: 60_000 })
    const iterator = pool.imap(tasks.obey, [desk.key, desk.key, desk.key], { window: 3 })
    const first = iterator.next()
    const { pid } = await desk.next()
    expect(await inTime(iterator.return())).toEqual({ done: true, value: undefined })
    expect(await inTime(first)).toEqual({ done: true, value: undefined })
    expect((await desk.next()).label).toBe('aborted')
    expect(await inTime(pool.apply(tasks.pid, []))).toBe(pid)
    expect(desk.visits).toHaveLength(2)
  })

  test('an abort ends the iteration with its reason and closes the source', async () => {
    const pool = newPool({ size: 2 })
    const { source, closed } = endless()
    const stop = new AbortController()
    const reason = new Error('enough')
    const run = async (): Promise<void> => {
      for await (const y of pool.imap(tasks.square, source, { signal: stop.signal })) if (y === 25) stop.abort(reason)
    }
    expect(await failure(run())).toBe(reason)
    await until(closed)
    expect(await pool.apply(tasks.square, [3])).toBe(9)
  })

  test('an item that is no data fails at its place, and the iteration goes on', async () => {
    const pool = newPool({ size: 1 })
    for (const chunkSize of [1, 2, 5]) {
      const iterator = pool.imap(tasks.echo, [1, (): number => 2, 3], { chunkSize })
      expect(await iterator.next()).toEqual({ done: false, value: 1 })
      expect((await failure(iterator.next())).code).toBe('ERR_SERIALIZATION')
      expect(await iterator.next()).toEqual({ done: false, value: 3 })
      expect(await iterator.next()).toEqual({ done: true, value: undefined })
    }
  })

  test('items that arrive slowly are run as they arrive', async () => {
    const desk = await newDesk()
    const pool = newPool({ size: 2 })
    let release: () => void = () => undefined
    const released = new Promise<void>((resolve) => {
      release = resolve
    })
    async function* slow(): AsyncGenerator<number> {
      yield 1
      await released
      yield 2
    }
    const iterator = pool.imap(tasks.square, slow())
    expect(await inTime(iterator.next())).toEqual({ done: false, value: 1 })
    const second = iterator.next()
    release()
    expect(await inTime(second)).toEqual({ done: false, value: 4 })
    desk.open()
  })
})
