/** An actor in another process is spoken to like one in this. */
import { createHash, randomBytes } from 'node:crypto'
import type { RefOf, System, SystemEvent } from '@troupe/core'
import { createProbe } from '@troupe/core/testing'
import { childProcess } from '@troupe/transport-node'
import { launcher, owns, placed, places } from './places.js'
import { actors, failureOf, stopSystems, testSystem } from './support.js'

afterAll(stopSystems)

describe.each(places)('an actor in a %s', (place) => {
  /** One that the stories share which leave it as it was. */
  let system: System
  let ref: RefOf<typeof actors.echo>

  beforeAll(async () => {
    system = testSystem().system
    ref = await system.spawn(actors.echo, undefined, { on: await placed(system, place) })
  })

  test('messages of one sender are handled in the order in which they were sent', async () => {
    const probe = await createProbe<number>(system)
    const passed = Array.from({ length: 3_000 }, (_, value) => ref.ask('pass', { to: probe.ref, value }))
    expect(await Promise.all(passed)).toEqual(passed.map(() => true))
    // They have arrived; the probe may still be at work on them.
    await probe.ref.stop({ drain: true })
    expect(probe.received).toEqual(passed.map((_, index) => index))
  })

  test('values of every kind cross to the other process and back', async () => {
    const sent = {
      nothing: [null, undefined],
      numbers: [0, -1, 1.5, Number.NaN, Infinity, 2 ** 40, -(2 ** 31)],
      big: [1n, -(2n ** 63n), 2n ** 100n],
      text: ['', 'äß', '😀'.repeat(50)],
      date: new Date(1_700_000_000_123),
      regex: /a+/gi,
      map: new Map<unknown, unknown>([[{ key: 1 }, new Set([1, 'two'])]]),
      views: [Int8Array.of(-1), Uint16Array.of(500), Float64Array.of(0.1), BigInt64Array.of(-5n)],
      buffer: Buffer.from([1, 2, 3]),
      raw: Uint8Array.of(7, 8).buffer,
      tree: { a: { b: { c: [{ d: 1 }] } } },
    }
    expect(await ref.ask('back', sent)).toEqual(sent)
  })

  test('a message is a snapshot: what is changed after the call does not arrive', async () => {
    const list = [1]
    const answer = ref.ask('back', list)
    list.push(2)
    expect(await answer).toEqual([1])
  })

  test('a ref that was sent to a child and back is equal to the one at hand, and works', async () => {
    const probe = await createProbe<string>(system)
    const [itself, mine] = (await ref.ask('back', [ref, probe.ref])) as [typeof ref, typeof probe.ref]
    expect(itself.equals(ref)).toBe(true)
    expect(mine.equals(probe.ref)).toBe(true)
    expect(mine.equals(ref)).toBe(false)
    expect(await itself.ask('back', 'still there')).toBe('still there')
    expect(mine.tell('note', 'hello')).toBe(true)
    expect(await probe.next()).toBe('hello')
  })

  test('a ref within the input of an actor works there', async () => {
    const probe = await createProbe<string>(system)
    const ref = await system.spawn(actors.ordered, probe.ref, { on: await placed(system, place) })
    await ref.stop()
    expect(probe.received).toEqual(['stopped'])
  })

  test('an answer that is no data rejects that ask only', async () => {
    const [bad, deep, good] = await Promise.all([
      failureOf(ref.ask('unserialisable')),
      failureOf(ref.ask('tooDeep')),
      ref.ask('back', 1),
    ])
    expect(bad).toMatchObject({ code: 'ERR_SERIALIZATION', path: expect.stringContaining('.deep[0].close') })
    expect(deep).toMatchObject({ code: 'ERR_SERIALIZATION', message: expect.stringContaining('nested deeper') })
    expect(good).toBe(1)
    expect(await ref.ask('back', { fine: 2 })).toEqual({ fine: 2 })
  })

  test('a message that is no data is refused at the call, and the actor does not notice', async () => {
    expect(() => ref.tell('back', { run: () => 1 })).toThrow(expect.objectContaining({ path: 'arg.run' }))
    expect(await failureOf(ref.ask('back', [Symbol('s')]))).toMatchObject({ path: 'arg[0]' })
    expect(await ref.ask('back', 'fine')).toBe('fine')
  })

  test('a refusal rejects with its error, and the actor lives on', async () => {
    const events: SystemEvent[] = []
    const { unsubscribe } = system.events$.subscribe((event) => events.push(event))
    const error = await failureOf(ref.ask('refused'))
    expect(error).toBeInstanceOf(RangeError)
    expect(error).toMatchObject({ message: 'not today', code: 'ERR_TODAY', retry: 5 })
    expect(error.remoteStack).toContain('actors.js')
    expect(await ref.ask('back', 1)).toBe(1)
    expect(events.filter((event) => event.type === 'crashed')).toEqual([])
    unsubscribe()
  })

  test('an ask that times out does not disturb the next answers', async () => {
    const ref = await system.spawn(actors.counter, { start: 3 }, { on: await placed(system, place) })
    const late = failureOf(ref.ask('sleep', 60_000, { timeout: 30 }))
    const waiting = ref.ask('get')
    expect(await late).toMatchObject({ code: 'ERR_TIMEOUT' })
    expect(await waiting).toBe(3)
    expect(await ref.ask('add', 1)).toBe(4)
  })
})

test('an actor is spawned in another process, told, asked and stopped', async () => {
  const { system } = testSystem()
  const ref = await system.spawn(actors.counter, { start: 1 }, { name: 'c1', on: childProcess() })
  expect(ref.tell('add', 2)).toBe(true)
  expect(await ref.ask('add', 4)).toBe(7)
  expect(await ref.ask('get')).toBe(7)
  expect(await ref.ask('pid')).not.toBe(process.pid)
  expect(await ref.stop()).toEqual({ type: 'shutdown' })
  expect(await ref.exited).toEqual({ type: 'shutdown' })
  expect(ref.tell('add', 1)).toBe(false)
})

test('a remote name without a placement lives in a process of its own', async () => {
  const { system } = testSystem()
  const refs = await Promise.all([1, 2].map((start) => system.spawn(actors.counter, { start })))
  const pids = await Promise.all(refs.map((ref) => ref.ask('pid')))
  expect(new Set([...pids, process.pid]).size).toBe(3)
})

/** On one busy CPU such messages take their time. */
const LONG = 60_000

test.each(owns)(
  'a message of 64 MiB arrives byte for byte (%s)',
  async (own) => {
    const { system } = testSystem()
    const probe = await createProbe<unknown>(system)
    const ref = await system.spawn(actors.ordered, probe.ref, { on: launcher(own) })
    const big = randomBytes(64 * 1024 * 1024)
    ref.tell('big', big)
    expect(await probe.next(LONG)).toBe(createHash('sha256').update(big).digest('hex'))
    await ref.stop()
  },
  LONG,
)

test.each(owns)(
  'a stop overtakes a big message on its way (%s)',
  async (own) => {
    const { system } = testSystem()
    const probe = await createProbe<unknown>(system)
    const ref = await system.spawn(actors.ordered, probe.ref, { on: launcher(own) })
    ref.tell('big', Buffer.alloc(16 * 1024 * 1024))
    // Its first frames are on their way now, the others wait for the channel.
    await new Promise((resolve) => setImmediate(resolve))
    expect(await ref.stop({ timeout: LONG })).toEqual({ type: 'shutdown' })
    expect(probe.received).toEqual(['stopped'])
  },
  LONG,
)
