/** A function as a process: how it ends, and what ends with it. */
import type { Placement } from '@troupe/core'
import {
  children,
  createPipe,
  createQueue,
  parent,
  remote,
  select,
  startProcess,
  workerThread,
} from '@troupe/transport-node'
import { stopSystems, testSystem, within } from './support.js'

const tasks = remote<typeof import('../fixtures/tasks.js')>(new URL('../fixtures/tasks.js', import.meta.url))

afterEach(stopSystems)

const places: [string, () => Placement | undefined][] = [
  ['process', () => undefined],
  ['thread', () => workerThread()],
]

test.each(places)(
  'it ends with 0 when its function has settled and nothing is left in its loop (%s)',
  async (_, on) => {
    const { system } = testSystem()
    const queue = createQueue<unknown>({ system })
    const late = startProcess(tasks.later, [queue], { system, on: on() })
    const told = startProcess(tasks.tells, [queue, 1], { system, on: on(), name: 'teller' })
    expect([late.alive, late.exitCode, told.name, children().length]).toEqual([true, undefined, 'teller', 2])
    await expect(late.join({ timeout: 0 })).rejects.toMatchObject({ code: 'ERR_TIMEOUT' })
    expect(await within(10_000, Promise.all([late.join(), told.exited]))).toEqual([
      { code: 0, signal: null },
      { code: 0, signal: null },
    ])
    expect(new Set([await queue.get(), await queue.get()])).toEqual(new Set([1, 'later']))
    expect([late.alive, late.exitCode, children()]).toEqual([false, 0, []])
  },
)

test.each(places)('its end tells the exit code, or what it threw, with class and fields (%s)', async (_, on) => {
  const { system } = testSystem()
  const [exits, sets, throws, missing] = [
    startProcess(tasks.exits, [3], { system, on: on() }),
    startProcess(tasks.setsCode, [4], { system, on: on() }),
    startProcess(tasks.throws, [], { system, on: on() }),
    startProcess({ ...tasks.throws, export: 'nothing' } as never, [] as never, { system, on: on() }),
  ]
  const ends = await within(15_000, Promise.all([exits, sets, throws, missing].map((each) => each.join())))
  expect(ends.map(({ code, signal }) => [code, signal])).toEqual([
    [3, null],
    [4, null],
    [1, null],
    [1, null],
  ])
  expect([exits.exitCode, sets.exitCode, throws.exitCode]).toEqual([3, 4, 1])
  expect(ends[2]?.error).toMatchObject({ name: 'RangeError', message: 'out of range', field: 7 })
  expect(ends[3]?.error).toMatchObject({ message: expect.stringContaining('nothing') })
})

test('a signal is its end: -15 by terminate, -9 by kill, busy or not, and before it has started', async () => {
  const { system } = testSystem()
  const queue = createQueue<unknown>({ system })
  const [waits, spins, never] = [
    startProcess(tasks.waits, [queue], { system }),
    startProcess(tasks.spins, [queue], { system }),
    startProcess(tasks.waits, [queue], { system }),
  ]
  never.kill()
  const pids = [await queue.get(), await queue.get()]
  expect(pids).toContain(spins.pid)
  waits.terminate()
  spins.kill()
  const ready = await within(5_000, select([waits]))
  expect(ready).toEqual([waits])
  await within(5_000, Promise.all([waits.exited, spins.exited, never.exited]))
  expect([waits.exitCode, spins.exitCode, never.exitCode]).toEqual([-15, -9, -9])
  expect(await waits.exited).toEqual({ code: null, signal: 'SIGTERM' })
})

test('terminate does nothing while the word of its end is on its way', async () => {
  const { system } = testSystem()
  const queue = createQueue<unknown>({ system })
  const waits = startProcess(tasks.waits, [queue], { system })
  await queue.get()
  process.kill(waits.pid as number, 'SIGKILL')
  while (waits.alive) {
    waits.terminate()
    await new Promise((resolve) => setImmediate(resolve))
  }
  expect(await waits.join()).toEqual({ code: null, signal: 'SIGKILL' })
})

test('processes start processes, which are waited for; each knows its parent', async () => {
  const { system } = testSystem()
  const queue = createQueue<unknown>({ system })
  const outer = startProcess(tasks.nests, [queue], { system, name: 'outer' })
  expect(await within(10_000, outer.join())).toEqual({ code: 0, signal: null })
  expect([await queue.get(), await queue.get()]).toEqual([[process.pid, 'outer', ['inner'], true], 'inner'])
  expect(parent()).toBe(undefined)
})

test('an end of a pipe among its arguments moves there, and is closed by its end', async () => {
  const { system } = testSystem()
  const [mine, theirs] = createPipe<number>()
  const doubles = startProcess(tasks.doubles, [theirs], { system })
  for (const value of [1, 2]) await mine.send(value)
  expect([await mine.recv(), await mine.recv(), theirs.closed]).toEqual([2, 4, true])
  doubles.kill()
  await expect(within(5_000, mine.recv())).rejects.toMatchObject({ code: 'ERR_END_OF_STREAM' })
  await doubles.join()
})

test('what cannot run elsewhere, or travel, is refused at the call', async () => {
  const { system } = testSystem()
  const host = await system.launch(workerThread())
  expect(() => startProcess((() => 1) as never, [] as never)).toThrow('exists only in this process')
  expect(() => startProcess(tasks.exits, [(() => 1) as never])).toThrow('args[0] is a function')
  expect(() => startProcess(tasks.exits, 3 as never)).toThrow('the list of arguments')
  expect(() => startProcess(tasks.exits, [1], { on: host, system })).toThrow('a launched host')
  const sleeper = startProcess(tasks.exits, [0], { system })
  const queue = createQueue<unknown>({ system })
  expect(() => queue.put(sleeper)).toThrow('a StartedProcess')
  await sleeper.join()
})
