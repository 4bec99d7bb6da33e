/** Buffers that are handed over: moved to threads, copied to processes, and never lost to a bad message. */
import { childProcess, remote, workerThread } from '@troupe/transport-node'
import { failureOf, stopSystems, testSystem } from './support.js'

const buffers = remote<typeof import('../fixtures/buffers.js')>(new URL('../fixtures/buffers.js', import.meta.url))

afterEach(stopSystems)

const filled = (bytes: number): Uint8Array<ArrayBuffer> => new Uint8Array(bytes).map((_, index) => index)

describe('to a thread', () => {
  test('buffers move, with all views of them, each with its class', async () => {
    const { system } = testSystem()
    const ref = await system.spawn(buffers.taker, undefined, { on: workerThread() })
    const { buffer } = filled(16)
    const views = [
      new Uint8Array(buffer, 2, 3),
      buffer,
      new DataView(buffer, 8, 2),
      new Uint16Array(buffer, 4, 2),
      Buffer.from(buffer, 1, 2),
    ]
    const came = await ref.ask('look', views, { transfer: [buffer] })
    expect(came.map(({ kind, bytes, shares }) => [kind, bytes, shares])).toEqual([
      ['Uint8Array', [2, 3, 4], true],
      ['ArrayBuffer', [...filled(16)], true],
      ['DataView', [8, 9], true],
      ['Uint16Array', [4, 5, 6, 7], true],
      ['Buffer', [1, 2], true],
    ])
    expect(buffer.byteLength).toBe(0)
  })

  test('big ones take no time of the window: a tell is taken, and what was told arrives', async () => {
    const { system } = testSystem()
    const ref = await system.spawn(buffers.taker, undefined, { on: workerThread() })
    const sizes: Promise<number>[] = []
    for (let index = 0; index < 8; index += 1) {
      const data = new Uint8Array(8 * 1024 * 1024)
      sizes.push(ref.ask('size', { data }, { transfer: [data.buffer] }))
      expect(data.length).toBe(0)
    }
    expect(await Promise.all(sizes)).toEqual(Array.from({ length: 8 }, () => 8 * 1024 * 1024))
    const data = filled(10)
    const counts: number[] = []
    for await (const n of ref.stream('chunks', { data, times: 3 }, { transfer: [data.buffer] })) counts.push(n)
    expect(counts).toEqual([10, 10, 10])
    expect(data.length).toBe(0)
  })

  test('a message that is no data moves nothing', async () => {
    const { system } = testSystem()
    const ref = (await system.spawn(buffers.taker, undefined, { on: workerThread() })) as any
    const data = filled(4)
    const error = await failureOf(ref.ask('size', { data, close: () => 1 }, { transfer: [data.buffer] }))
    expect(error).toMatchObject({ code: 'ERR_SERIALIZATION', path: 'arg.close' })
    expect([...data]).toEqual([0, 1, 2, 3])
    for (const [transfer, problem] of [
      [data.buffer, /a list of ArrayBuffers/],
      [[data], /a list of ArrayBuffers/],
      [[data.buffer, data.buffer], /names a buffer twice/],
    ] as const) {
      expect((await failureOf(ref.ask('size', { data }, { transfer }))).message).toMatch(problem)
      expect(() => ref.tell('size', { data }, { transfer })).toThrow(problem)
    }
    expect(await ref.ask('size', { data }, { transfer: [data.buffer] })).toBe(4)
    expect((await failureOf(ref.ask('size', { data }, { transfer: [data.buffer] }))).message).toMatch(
      /handed over already/,
    )
  })

  test('behind another thread they are copied, by whoever passes them on', async () => {
    const { system } = testSystem()
    const [a, b] = await Promise.all([0, 1].map(() => system.spawn(buffers.taker, undefined, { on: workerThread() })))
    const data = filled(100)
    expect(await a?.ask('pass', { to: b as never, data }, { transfer: [data.buffer] })).toBe(100)
    expect(data.length).toBe(0)
  })
})

test('to a process they are copied, and stay', async () => {
  const { system } = testSystem()
  const ref = await system.spawn(buffers.taker, undefined, { on: childProcess() })
  const { buffer } = filled(16)
  const came = await ref.ask('look', [new Uint16Array(buffer, 4, 2), buffer], { transfer: [buffer] })
  expect(came.map(({ kind, bytes }) => [kind, bytes])).toEqual([
    ['Uint16Array', [4, 5, 6, 7]],
    ['ArrayBuffer', [...filled(16)]],
  ])
  expect(buffer.byteLength).toBe(16)
})
