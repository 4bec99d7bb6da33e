/** A queue between processes: nothing is lost, doubled or blocked, whoever dies. */
import { defineActor } from '@troupe/core'
import { childProcess, createJoinableQueue, createQueue, type Queue, remote } from '@troupe/transport-node'
import { runChaos } from './queue-chaos.js'
import { stopSystems, testSystem, within } from './support.js'

const { putter, getter, maker } = remote<typeof import('../fixtures/queues.js')>(
  new URL('../fixtures/queues.js', import.meta.url),
)

afterEach(stopSystems)

test('a full queue holds a put until an item is taken; what does not wait, or not so long, is refused and takes nothing', async () => {
  const { system } = testSystem()
  const queue = createQueue<unknown>({ capacity: 1, system })
  await queue.put('a')
  const second = queue.put('b')
  await expect(queue.put('c', { timeout: 5 })).rejects.toMatchObject({ code: 'ERR_QUEUE_FULL', name: 'QueueFullError' })
  await expect(queue.putNowait('d')).rejects.toMatchObject({ code: 'ERR_QUEUE_FULL' })
  await expect(queue.put('e', { signal: AbortSignal.abort(new Error('no')) })).rejects.toThrow('no')
  expect([await queue.full(), await queue.qsize(), await queue.empty()]).toEqual([true, 1, false])
  expect(await queue.get()).toBe('a')
  await second
  expect(await queue.getNowait()).toBe('b')
  await expect(queue.getNowait()).rejects.toMatchObject({ code: 'ERR_QUEUE_EMPTY' })
  await expect(queue.get({ timeout: 0 })).rejects.toMatchObject({ code: 'ERR_QUEUE_EMPTY' })
})

test('its capacity holds however it is put; slots that one process has in advance keep no other from putting', async () => {
  const { system } = testSystem()
  const queue = createQueue<unknown>({ capacity: 10, system })
  const other = await system.spawn(putter, queue, { on: childProcess() })
  for (let item = 0; item < 4; item += 1) await queue.put(item, { timeout: 1_000 })
  const outcomes: string[] = []
  for (let item = 0; item < 8; item += 1) outcomes.push(await other.ask('nowait', item))
  expect(outcomes.map((text) => text.split(' ')[0])).toEqual([
    ...Array(6).fill('gave'),
    ...Array(2).fill('ERR_QUEUE_FULL'),
  ])
  await expect(queue.putNowait('x')).rejects.toMatchObject({ code: 'ERR_QUEUE_FULL' })
  expect(await queue.qsize()).toBe(10)
  await expect(queue.put('x', { timeout: 'soon' as never })).rejects.toThrow(TypeError)
})

test('a get that is given up swallows no item', async () => {
  const { system } = testSystem()
  const queue = createQueue<number>({ system })
  const abort = new AbortController()
  const given = [queue.get({ timeout: 1 }), queue.get({ signal: abort.signal })]
  const kept = queue.get()
  abort.abort(new Error('enough'))
  await expect(given[1]).rejects.toThrow('enough')
  await expect(given[0]).rejects.toMatchObject({ code: 'ERR_QUEUE_EMPTY' })
  for (const item of [1, 2]) await queue.put(item)
  expect([await kept, await queue.get()]).toEqual([1, 2])
})

test('what is put is taken as it is at the call, and bad values are refused there', async () => {
  const { system } = testSystem()
  const queue = createQueue<{ list: number[] }>({ system })
  const value = { list: [1] }
  const put = queue.put(value)
  value.list.push(2)
  await put
  expect(await queue.get()).toEqual({ list: [1] })
  expect(() => queue.put({ list: [() => 1] } as never)).toThrow('value.list[0] is a function')
})

test('a process whose way to the owner is full when it first uses the queue is not forgotten', async () => {
  const { system } = testSystem()
  const queue = createQueue<unknown>({ system })
  await queue.put('item')
  const sink = await system.spawn(defineActor({ init: () => undefined, on: { note: (_, text: string) => void text } }))
  const far = await system.spawn(getter, queue as never, { on: childProcess() })
  expect(await within(5_000, far.ask('oneBehind', sink))).toBe('item')
})

test('what is aborted before it is put is not put', async () => {
  const queue = createQueue<number>()
  await queue.put(1)
  await queue.qsize()
  await expect(queue.put(2, { signal: AbortSignal.abort(new Error('enough')) })).rejects.toThrow('enough')
  expect(await queue.qsize()).toBe(1)
})

test('a put that waits with the end of a pipe, which moves meanwhile, says so and harms nothing', async () => {
  const { system } = testSystem()
  const queue = createQueue<unknown>({ capacity: 1, system })
  const sink = createQueue<unknown>({ system })
  await queue.put('first')
  const far = await system.spawn(putter, queue, { on: childProcess() })
  const put = far.ask('putMoved', sink)
  // It has moved, to this process.
  await within(5_000, sink.get())
  expect(await queue.get()).toBe('first')
  expect(await within(5_000, put)).toBe('ERR_SERIALIZATION')
  expect(await within(5_000, far.ask('sizeAfter', 'second'))).toBe(1)
})

test('items of several processes arrive once each, in the order of each putter; closing ends all getters', async () => {
  const { system } = testSystem()
  const queue = createJoinableQueue<unknown>({ capacity: 10 })
  const [one, other] = await Promise.all([system.launch(childProcess()), system.launch(childProcess())])
  const putters = await Promise.all([one, other].map((on) => system.spawn(putter, queue, { on })))
  const getters = await Promise.all([one, other].map((on) => system.spawn(getter, queue, { on })))
  const taken = getters.map((each) => each.ask('acks', 100))
  const puts = putters.map((each, by) =>
    each.ask(
      'putAll',
      Array.from({ length: 100 }, (_, item) => [by, item]),
    ),
  )
  await within(10_000, Promise.all(puts))
  const all = (await within(10_000, Promise.all(taken))).flat() as [number, number][]
  expect(new Set(all.map(String)).size).toBe(200)
  for (const items of await Promise.all(taken)) {
    for (const by of [0, 1]) {
      const own = (items as [number, number][]).filter(([of]) => of === by).map(([, item]) => item)
      expect(own).toEqual([...own].sort((a, b) => a - b))
    }
  }
  await within(1_000, queue.join())
  // Read your own writes, from elsewhere too.
  expect(await putters[0]?.ask('sizeAfter', 'x')).toBe(1)
  expect(await queue.get()).toBe('x')
  await queue.taskDone()
  const blocked = getters.map((each) => each.ask('outcomeOfGet'))
  const iterating = (async () => {
    for await (const item of queue) throw new Error(String(item))
  })()
  await queue.close()
  expect(await within(2_000, Promise.all(blocked))).toEqual(['ERR_QUEUE_CLOSED', 'ERR_QUEUE_CLOSED'])
  await within(1_000, iterating)
  expect(await putters[1]?.ask('nowait', 1)).toBe('ERR_QUEUE_CLOSED')
})

test('a getter killed while it waits blocks nobody; what one had and had not done goes to others, oldest first', async () => {
  const { system } = testSystem()
  const queue = createJoinableQueue<unknown>()
  const [waiting, holding] = await Promise.all([0, 1].map(() => system.spawn(getter, queue, { on: childProcess() })))
  await waiting?.ask('waits')
  await waiting?.kill()
  for (let item = 0; item < 5; item += 1) await queue.put(item)
  expect(await holding?.ask('holds', 3)).toEqual([0, 1, 2])
  expect(await queue.get()).toBe(3)
  await expect(queue.join({ timeout: 1 })).rejects.toMatchObject({ code: 'ERR_TIMEOUT' })
  await holding?.kill()
  const rest = [await queue.get(), await queue.get(), await queue.get(), await queue.get()]
  expect(rest).toEqual([0, 1, 2, 4])
  for (const _ of [3, ...rest]) await queue.taskDone()
  await within(1_000, queue.join())
  await expect(queue.taskDone()).rejects.toThrow('more often than get()')
})

test('a putter ends without waiting for consumers, and killed with a put that waits it leaves nothing behind', async () => {
  const { system } = testSystem()
  const queue = createQueue<string>({ capacity: 2 })
  const [calm, stuck] = await Promise.all(
    [0, 1].map(() => system.spawn(putter, queue as Queue<unknown>, { on: childProcess() })),
  )
  await calm?.ask('putAll', ['a', 'b'])
  expect(await calm?.stop()).toEqual({ type: 'shutdown' })
  await stuck?.ask('putOne', 'lost with its process')
  await stuck?.kill()
  expect([await queue.get(), await queue.get()]).toEqual(['a', 'b'])
  await queue.put('c')
  expect([await queue.qsize(), await queue.get()]).toEqual([1, 'c'])
})

test('a lease that is not done goes back; discarded, nothing is left and whoever joins is told', async () => {
  const { system } = testSystem()
  const queue = createJoinableQueue<string>({ system })
  for (const item of ['a', 'b']) await queue.put(item)
  const lease = await queue.lease()
  lease.nack()
  lease.ack()
  expect([await queue.get(), await queue.get()]).toEqual(['a', 'b'])
  const joined = queue.join()
  joined.catch(() => undefined)
  const got = queue.get()
  await queue.close({ discard: true })
  await expect(within(1_000, joined)).rejects.toMatchObject({ code: 'ERR_QUEUE_CLOSED' })
  await expect(got).rejects.toMatchObject({ code: 'ERR_QUEUE_CLOSED' })
  for await (const item of queue) throw new Error(item)
})

test('when its owner dies, all that waits is told, and iterators too', async () => {
  const { system } = testSystem()
  const owner = await system.spawn(maker, undefined, { on: childProcess() })
  const queue: Queue<number> = await owner.ask('make')
  expect(await queue.get()).toBe(1)
  const [got, next] = [queue.get(), queue[Symbol.asyncIterator]().next()]
  await queue.qsize()
  await owner.kill()
  const lost = { code: 'ERR_QUEUE_CLOSED', message: expect.stringContaining('its owner is gone') }
  await expect(within(2_000, got)).rejects.toMatchObject(lost)
  await expect(within(2_000, next)).rejects.toMatchObject(lost)
  await expect(queue.put(1)).rejects.toMatchObject(lost)
})

test('consumers that are killed all the time lose no item: each is acknowledged in the end', async () => {
  const chaos = { producers: 2, consumers: 2, total: 2_000, killEvery: 200 }
  const { handled } = await runChaos(testSystem().system, chaos)
  expect(handled.indexOf(0)).toBe(-1)
})
