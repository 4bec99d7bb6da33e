/** Locks, semaphores, events and barriers between processes: who dies with one holds nobody up. */
import { childProcess, createBarrier, createEvent, createLock, createSemaphore, remote } from '@troupe/transport-node'
import { stopSystems, testSystem, within } from './support.js'

const { sharer } = remote<typeof import('../fixtures/shared.js')>(new URL('../fixtures/shared.js', import.meta.url))

afterEach(stopSystems)

test('a semaphore lets so many in, first come, first served; who gives up takes nothing', async () => {
  const { system } = testSystem()
  const semaphore = createSemaphore(2, { system })
  const [one, two] = [await semaphore.acquire(), await semaphore.acquire()]
  await expect(semaphore.acquire({ timeout: 0 })).rejects.toMatchObject({ code: 'ERR_TIMEOUT' })
  await expect(semaphore.acquire({ timeout: 1 })).rejects.toMatchObject({ code: 'ERR_TIMEOUT' })
  const abort = new AbortController()
  const aborted = semaphore.acquire({ signal: abort.signal })
  const order: number[] = []
  const next = [0, 1].map((number) => semaphore.acquire().then((permit) => (order.push(number), permit)))
  abort.abort(new Error('enough'))
  await expect(aborted).rejects.toThrow('enough')
  await one.release()
  await one.release()
  const third = await next[0]
  expect([order, third?.abandoned]).toEqual([[0], false])
  await two.release()
  await next[1]
  for (let held = 2; held > 0; held -= 1) await semaphore.release()
  await expect(semaphore.release()).rejects.toThrow(RangeError)
  expect(() => createSemaphore(0)).toThrow(RangeError)
})

test('an event lets all through who wait, and whoever comes, until it is cleared', async () => {
  const { system } = testSystem()
  const event = createEvent({ system })
  await expect(event.wait({ timeout: 0 })).rejects.toMatchObject({ code: 'ERR_TIMEOUT' })
  await expect(event.wait({ timeout: 1 })).rejects.toMatchObject({ code: 'ERR_TIMEOUT' })
  const waiting = Promise.all([event.wait(), event.wait()])
  await event.set()
  await waiting
  await event.wait({ timeout: 0 })
  expect(await event.isSet()).toBe(true)
  await event.clear()
  await expect(event.wait({ timeout: 1 })).rejects.toMatchObject({ code: 'ERR_TIMEOUT' })
})

test('a barrier gives each party an index; a party that gives up breaks it, and reset makes it whole', async () => {
  const { system } = testSystem()
  const barrier = createBarrier(2, { system })
  for (let round = 0; round < 2; round += 1) {
    expect(new Set(await Promise.all([barrier.wait(), barrier.wait()]))).toEqual(new Set([0, 1]))
  }
  const late = barrier.wait({ timeout: 1 })
  await expect(late).rejects.toMatchObject({ code: 'ERR_TIMEOUT' })
  await expect(barrier.wait()).rejects.toMatchObject({ code: 'ERR_BROKEN_BARRIER', name: 'BrokenBarrierError' })
  expect(await barrier.broken()).toBe(true)
  await barrier.reset()
  const waiting = barrier.wait()
  expect([await barrier.broken(), await barrier.waiting(), barrier.parties]).toEqual([false, 1, 2])
  await barrier.reset()
  await expect(waiting).rejects.toMatchObject({ code: 'ERR_BROKEN_BARRIER' })
  const again = barrier.wait()
  await barrier.abort()
  await expect(again).rejects.toThrow('it was aborted')
})

test('across processes: the death of a holder frees its lock and tells the next, that of a party breaks the barrier', async () => {
  const { system } = testSystem()
  const [lock, event, barrier] = [createLock(), createEvent(), createBarrier(2)]
  const things = { lock, event, barrier }
  const [one, other] = await Promise.all([
    system.spawn(sharer, things, { on: childProcess() }),
    system.spawn(sharer, things, { on: childProcess() }),
  ])
  const passed = [one, other].map((each) => each.ask('waitsForEvent'))
  await event.set()
  expect(await within(2_000, Promise.all(passed))).toEqual([true, true])
  expect(new Set(await Promise.all([one.ask('arrives'), other.ask('arrives')]))).toEqual(new Set([0, 1]))
  expect(await one.ask('acquire')).toBe(false)
  expect(await lock.locked()).toBe(true)
  const mine = lock.acquire()
  const waiting = barrier.wait()
  const theirs = other.ask('acquire')
  process.kill(await one.ask('pid'), 'SIGKILL')
  const permit = await within(2_000, mine)
  expect(permit.abandoned).toBe(true)
  await expect(within(2_000, waiting)).rejects.toMatchObject({ code: 'ERR_BROKEN_BARRIER' })
  await permit.release()
  expect(await within(2_000, theirs)).toBe(false)
  // Anybody may release it, as Python's lock.
  await lock.release()
  expect(await lock.locked()).toBe(false)
})
