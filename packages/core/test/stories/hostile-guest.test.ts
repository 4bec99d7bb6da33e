/** Who has come in by a door is a stranger: whatever it says, it reaches what is its own, and is ended alone. */
import fc from 'fast-check'
import {
  type ActorRef,
  type Channel,
  createSystem,
  defineActor,
  type Door,
  type Endpoint,
  type System,
  TimeoutError,
} from '@troupe/core'
import { creditFrame, frameOf, GUEST_LIMITS, Kind, type Target, targetOf, To } from '@troupe/core/internal'
import { ManualClock } from '@troupe/core/testing'
import { FakeGuest } from '../support/fake-guest.js'
import { memoryEndpoint } from '../support/memory-endpoint.js'
import { deferred, turn, until } from '../support/settle.js'

let gate = deferred()

const keeper = defineActor({
  init: () => ({ n: 0 }),
  on: {
    add: (state: { n: number }, by: number) => (state.n += by),
    hold: () => gate.promise,
  },
  mailbox: { capacity: 4 },
})

let count = 0
let system: System
let door: Door
let endpoint: Endpoint
let refused: string[]
let loads: string[]

beforeEach(async () => {
  gate = deferred()
  count += 1
  loads = []
  const loader = () => ({
    announce: () => undefined,
    load: async (url: string) => {
      loads.push(url)
      return keeper
    },
  })
  endpoint = { ...memoryEndpoint(`door ${count}`), loader }
  system = createSystem({ name: 'shop' })
  refused = []
  system.events$.subscribe((event) => {
    if (event.type === 'refused') refused.push((event.error as Error).message)
    if (event.type === 'crashed') throw new Error('nobody of the landlord crashes')
  })
  door = await system.listen(endpoint)
})

afterEach(async () => {
  gate.resolve()
  await system.stop({ timeout: 50 })
})

/** Ended alone, with these words; who comes after it is let in. */
async function isEnded(guest: FakeGuest, words: RegExp): Promise<void> {
  await until(() => guest.closed && refused.length === 1)
  expect(refused[0]).toMatch(words)
  expect(door.guests).toBe(0)
  const next = await FakeGuest.at(endpoint)
  expect(await next.lookup('nobody')).toBeUndefined()
}

const SERVICES = [
  ...[
    'spawn',
    'watch',
    'down',
    'drain',
    'announce',
    'busy',
    'idle',
    'ended',
    'hostDown',
    'route',
    'newHost',
    'event',
    'lookup',
    'link',
    'unlink',
    'life',
  ],
  ...['whereis', 'claim', 'give', 'release', 'join', 'leave', 'members', 'nothing', 'constructor', '__proto__'],
]

describe('a guest that asks for anything', () => {
  test.each(SERVICES)(
    '%s: what is of the wrong shape fails alone, and each question is answered once',
    async (name) => {
      const own = await system.spawn(keeper, undefined, { name: 'own' })
      const guest = await FakeGuest.at(endpoint)
      const key = fc.constantFrom(
        'actor',
        'reason',
        'type',
        'id',
        'at',
        'host',
        'name',
        'ref',
        'group',
        'url',
        'export',
        'by',
      )
      const part = fc.oneof(
        fc.jsonValue({ maxDepth: 2 }),
        fc.constantFrom<unknown>(
          -1,
          1e300,
          Number.NaN,
          16,
          '1.16',
          'spawned',
          'down',
          'crashed',
          { type: 'killed' },
          null,
        ),
      )
      const value = fc.oneof(part, fc.dictionary(key, part, { maxKeys: 8, noNullPrototype: true }))
      const asked: number[] = []
      await fc.assert(
        fc.asyncProperty(value, async (garbage) => {
          guest.put(To.host, name, 0, garbage)
          asked.push(guest.request(name, garbage))
          await turn()
        }),
        { numRuns: 60 },
      )
      await until(() => asked.every((id) => guest.answers.has(id)))
      for (const id of asked) expect(guest.answers.get(id)).toHaveLength(1)
      expect(guest.closed).toBe(false)
      expect(await own.ask('add', 1)).toBe(1)
      expect(system.tree()).toBe(`shop\n└─ own (${own.id})`)
    },
  )

  test('has this process keep neither names, nor groups, nor hosts, nor events of its system', async () => {
    const guest = await FakeGuest.at(endpoint)
    for (const name of ['newHost', 'event', 'whereis', 'claim', 'give', 'release', 'join', 'leave', 'members']) {
      const { ok, value } = await guest.answer(guest.request(name, 'x'))
      expect([ok, value.message]).toEqual([false, expect.stringContaining('a request that is for the root')])
    }
  })

  test('is told once of an end, however often it asks', async () => {
    const own = await system.spawn(keeper, undefined, { name: 'own' })
    const guest = await FakeGuest.at(endpoint)
    const actor = (await guest.lookup('own')) as number
    for (let times = 0; times < 50; times += 1) guest.put(To.host, 'watch', 0, actor)
    await guest.lookup('nobody')
    await own.kill()
    await until(() => guest.notes.some(({ name }) => name === 'down'))
    await guest.lookup('nobody')
    expect(guest.notes).toEqual([{ name: 'down', value: { actor, reason: { type: 'killed' } } }])
  })

  test('that stops one many times leaves one timer, the soonest', async () => {
    const clock = new ManualClock()
    const other = createSystem({ clock })
    const at = memoryEndpoint(`clock ${count}`)
    await other.listen(at)
    const busy = await other.spawn(keeper, undefined, { name: 'busy' })
    busy.tell('hold')
    const guest = await FakeGuest.at(at)
    const looked = guest.lookup('busy')
    await clock.advance(1)
    const actor = (await looked) as number
    const before = clock.pending
    for (let times = 0; times < 100; times += 1) guest.control({ type: 'stop', actor, timeout: 5_000 + times })
    guest.control({ type: 'stop', actor, timeout: 1_000 })
    await turn()
    expect(clock.pending - before).toBeLessThanOrEqual(1)
    await clock.advance(1_000)
    expect((await busy.exited).type).toBe('killed')
    const stopped = other.stop({ timeout: 0 })
    await clock.advance(1)
    await stopped
  })
})

test('numbers lead to nobody but to whom it was given: it can guess all it likes', async () => {
  const own: ActorRef<any>[] = []
  for (let index = 0; index < 20; index += 1) own.push(await system.spawn(keeper, undefined, { name: `own ${index}` }))
  const guest = await FakeGuest.at(endpoint)
  const given = (await guest.lookup('own 7')) as number
  for (let actor = 0; actor < 100; actor += 1) {
    if (actor === given) continue
    guest.control({ type: 'kill', actor })
    guest.control({ type: 'stop', actor, timeout: 0 })
    guest.put(To.host, 'drain', 0, { actor, timeout: 0 })
    guest.put(To.host, 'link', 0, { actor, by: guest.refTo(16) })
    if (actor >= 16) guest.tell(actor, 'add', 1)
  }
  await guest.lookup('nobody')
  guest.put(To.host, 'down', 0, { actor: 16, reason: { type: 'killed' } })
  await guest.lookup('nobody')
  for (const ref of own) expect(await ref.ask('add', 0)).toBe(0)
  guest.tell(given, 'add', 1)
  await guest.lookup('nobody')
  expect(await Promise.all(own.map((ref) => ref.ask('add', 0)))).toEqual(own.map((_, index) => (index === 7 ? 1 : 0)))
  expect(guest.closed).toBe(false)
})

describe('a guest that breaks the rules is ended alone', () => {
  test('more links than it may have; those that are over are not counted', async () => {
    const own = await system.spawn(keeper, undefined, { name: 'own' })
    const guest = await FakeGuest.at(endpoint)
    const actor = (await guest.lookup('own')) as number
    const link = (by: number) => guest.put(To.host, 'link', 0, { actor, by: guest.refTo(by) })
    for (let by = 16; by < 1_016; by += 1) {
      link(by)
      if (by % 2 === 0) guest.put(To.host, 'down', 0, { actor: by, reason: { type: 'normal' } })
      else guest.put(To.host, 'unlink', 0, { actor, by: guest.refTo(by) })
    }
    for (let by = 2_000; by < 2_000 + GUEST_LIMITS.links; by += 1) link(by)
    link(2_000)
    await guest.lookup('nobody')
    expect(guest.closed).toBe(false)
    link(1_999)
    await until(() => guest.closed)
    expect(refused[0]).toMatch(/more than 16384 links at once/)
    // All of them have ended with the connection.
    expect(await own.exited).toEqual({ type: 'noconnection' })
  })

  test('more messages than have room', async () => {
    const own = await system.spawn(keeper, undefined, { name: 'own' })
    const guest = await FakeGuest.at(endpoint)
    const actor = (await guest.lookup('own')) as number
    for (let times = 0; times < 4; times += 1) guest.tell(actor, 'hold')
    await turn()
    expect(guest.closed).toBe(false)
    for (let times = 0; times < 20; times += 1) guest.tell(actor, 'hold')
    await isEnded(guest, /more messages to 2\.\d+ than have room/)
    gate.resolve()
    expect(await own.ask('add', 1)).toBe(1)
  })

  test.each<[string, (guest: FakeGuest, actor: number) => void, RegExp]>([
    [
      'a question of a number far away',
      (guest) => guest.put(To.host, 'lookup', 4_000_000_000, 'x'),
      /numbered 4000000000/,
    ],
    [
      'two questions of one number',
      (guest, actor) => {
        guest.put(actor, 'hold', 2, null)
        guest.put(actor, 'hold', 2, null)
      },
      /numbered 2, which is not free/,
    ],
    ['a call without a number', (guest, actor) => guest.put(To.call, 'hold', 0, [actor, null, 1, 1, 1]), /numbered 0/],
    ['a pull without a number', (guest) => guest.put(To.pull, undefined, 0, [1, 1, 1]), /numbered 0/],
    ['a call that is none', (guest) => guest.put(To.call, 'hold', 9, ['x']), /a call without its parts/],
    ['a grant that is none', (guest) => guest.put(To.grant, undefined, 9, 'x'), /in the place of 2 counts/],
    ['an envelope to nobody', (guest) => guest.put(12, undefined, 0, 1), /an envelope to 12/],
    ['a block that cannot be read', (guest) => guest.block(new Uint8Array(9)), /a block that cannot be read/],
    ['no frame', (guest) => guest.say(new Uint8Array(64).fill(0xff)), /a frame of 4294967295 bytes/],
    ['a frame in our own name', (guest) => guest.control({ type: 'kill', actor: 1 }, 2), /in the name of another host/],
    [
      'more hosts than one system has',
      (guest) => {
        for (let host = 3; host < 400; host += 1) guest.control({ type: 'kill', actor: 1 }, host)
      },
      /more than 256 hosts/,
    ],
  ])('%s', async (_, act, words) => {
    const own = await system.spawn(keeper, undefined, { name: 'own' })
    const good = await FakeGuest.at(endpoint)
    const guest = await FakeGuest.at(endpoint)
    act(guest, (await guest.lookup('own')) as number)
    await until(() => guest.closed && refused.length === 1)
    expect(refused[0]).toMatch(words)
    expect(door.guests).toBe(1)
    expect(await good.lookup('nobody')).toBeUndefined()
    gate.resolve()
    expect(await own.ask('add', 1)).toBe(1)
  })

  test('but credit beyond what was sent, answers that nobody asked for and news of nobody are passed over', async () => {
    await system.spawn(keeper, undefined, { name: 'own' })
    const guest = await FakeGuest.at(endpoint)
    for (const id of [0, 1, 7, 4_000_000_000]) {
      guest.put(To.reply, undefined, id, 'x')
      guest.put(To.fail, undefined, id, 'x')
      guest.put(To.item, undefined, id, 'x')
      guest.put(To.grant, undefined, id, [1, 1])
    }
    for (let times = 0; times < 10; times += 1) {
      guest.say(
        creditFrame(1, 2, [
          { actor: 0, messages: 0, bytes: 4_000_000_000 },
          { actor: 99, messages: 9, bytes: 9 },
        ]),
      )
    }
    guest.say(creditFrame(1, 2, []))
    guest.say(frameOf({ kind: Kind.credit, flags: 0, origin: 1, destination: 2 }, new Uint8Array(7)))
    guest.say(frameOf({ kind: Kind.control, flags: 0, origin: 1, destination: 77 }, new Uint8Array(7)))
    guest.control({ type: 'abandon', ask: 4_000_000_000 })
    guest.hello({})
    expect(await guest.lookup('own')).toBeGreaterThan(15)
    expect(refused).toEqual([])
  })
})

test('any frames whatever harm nobody else', async () => {
  const own = await system.spawn(keeper, undefined, { name: 'own' })
  const good = await FakeGuest.at(endpoint)
  const frame = fc.record({
    kind: fc.integer({ min: 1, max: 4 }),
    flags: fc.nat(7),
    origin: fc.constantFrom(0, 1, 2, 3, 0xffff_ffff),
    destination: fc.constantFrom(0, 1, 2, 3, 0xffff_ffff),
    payload: fc.oneof(
      fc.uint8Array({ maxLength: 40 }),
      fc.jsonValue().map((value) => new Uint8Array(Buffer.from(JSON.stringify(value)))),
    ),
  })
  await fc.assert(
    fc.asyncProperty(fc.array(frame, { maxLength: 12 }), fc.uint8Array({ maxLength: 30 }), async (frames, rest) => {
      const guest = await FakeGuest.at(endpoint)
      for (const { payload, ...head } of frames) guest.say(frameOf(head, payload))
      guest.say(rest)
      await turn()
      guest.channel.destroy()
      await until(() => door.guests === 1)
    }),
    { numRuns: 200 },
  )
  expect(await good.lookup('own')).toBeGreaterThan(15)
  expect(await own.ask('add', 1)).toBe(1)
})

describe('modules', () => {
  const spawn = { url: 'file:///shop/actors.js', export: 'keeper', input: undefined }

  test('are loaded as the door says: of an open place none, whatever was announced', async () => {
    const open = { ...endpoint, ...memoryEndpoint(`open ${count}`), loader: endpoint.loader, trusted: false }
    await system.listen(open)
    const guest = await FakeGuest.at(open)
    guest.put(To.host, 'announce', 0, spawn.url)
    const { ok, value } = await guest.answer(guest.request('spawn', spawn))
    expect([ok, value.code]).toEqual([false, 'ERR_NOT_PORTABLE'])
    expect(loads).toEqual([])
  })

  test('what was spawned ends with the guest, and what it calls it is no name of ours', async () => {
    const guest = await FakeGuest.at(endpoint)
    const { ok } = await guest.answer(guest.request('spawn', { ...spawn, name: 'own' }))
    expect([ok, loads]).toEqual([true, [spawn.url]])
    expect(await system.whereis('own')).toBeUndefined()
    expect(system.tree()).toBe('shop')
    guest.channel.destroy()
    await until(() => door.guests === 0)
  })
})

describe('who has not come in yet', () => {
  test('and says no hello is dropped at its deadline', async () => {
    const clock = new ManualClock()
    const other = createSystem({ clock })
    const words: string[] = []
    other.events$.subscribe((event) => void (event.type === 'refused' && words.push((event.error as Error).message)))
    const at = memoryEndpoint(`late ${count}`)
    const late = await other.listen(at)
    const guest = new FakeGuest(await at.connect())
    await clock.advance(4_999)
    expect([guest.closed, late.guests]).toEqual([false, 1])
    await clock.advance(1)
    expect([guest.closed, late.guests]).toEqual([true, 0])
    expect(words).toEqual([expect.stringContaining('no hello within 5000 ms')])
    // One that has said it in time leaves no timer behind.
    const punctual = await FakeGuest.at(at)
    await clock.advance(1)
    expect([punctual.closed, clock.pending]).toEqual([false, 0])
    // It is shown out, and does not go: it is cut off, and nothing is left.
    const stopped = other.stop({ timeout: 100 })
    await clock.advance(100)
    await stopped
    expect([punctual.closed, clock.pending]).toEqual([true, 0])
  })

  test.each<[string, (guest: FakeGuest) => void, RegExp]>([
    ['garbage', (guest) => guest.say(new Uint8Array(100).fill(0xee)), /a frame of 4008636142 bytes/],
    ['a message', (guest) => guest.control({ type: 'kill', actor: 16 }), /no hello/],
    [
      'half a hello',
      (guest) => guest.say(frameOf({ kind: Kind.hello, flags: 0, origin: 1, destination: 2 }, Uint8Array.of(123))),
      /no hello/,
    ],
    ['the number 0', (guest) => guest.hello({ host: 0 }), /calls itself host 0/],
    ['the number of the root for us', (guest) => guest.hello({ host: 2, you: 1 }), /and us host 1/],
    ['one number for both', (guest) => guest.hello({ host: 2, you: 2 }), /calls itself host 2, and us host 2/],
    ['a number beyond all', (guest) => guest.hello({ you: 2 ** 33 }), /no whole number for 'you'/],
    ['no name', (guest) => guest.hello({ system: { toString: 1 } }), /its system has no name/],
    ['another codec', (guest) => guest.hello({ codec: 'xml' }), /it uses the codec 'xml', we use 'json'/],
  ])('and says %s is refused with words', async (_, act, words) => {
    const guest = new FakeGuest(await endpoint.connect())
    act(guest)
    // Who is told of another codec ends by himself, or at his deadline.
    await turn()
    guest.channel.close()
    await isEnded(guest, words)
  })
})

test('many at once, good and bad, are told apart; a door that is stopped leaves none of any kind', async () => {
  const own = await system.spawn(keeper, undefined, { name: 'own' })
  const guests: FakeGuest[] = []
  for (let index = 0; index < 90; index += 1) {
    if (index % 3 === 0) guests.push(await FakeGuest.at(endpoint))
    else guests.push(new FakeGuest(await endpoint.connect()))
    if (index % 3 === 1) guests[index]?.say(new Uint8Array(32).fill(index))
  }
  await until(() => door.guests === 60 && refused.length === 30)
  for (const guest of guests.filter((_, index) => index % 3 === 0)) expect(await guest.lookup('own')).toBeDefined()
  // Those who came in do not answer that they are shown out; they are cut off.
  await door.stop({ timeout: 20 })
  expect(door.guests).toBe(0)
  await until(() => guests.every(({ closed }) => closed))
  expect(await own.ask('add', 1)).toBe(1)
})

test('who lives on knows nothing of those who have left', async () => {
  const own = await system.spawn(keeper, undefined, { name: 'own' })
  const target = targetOf(own) as Target
  const watchers = new Set<unknown>()
  const [onEnd, offEnd] = [target.onEnd.bind(target), target.offEnd.bind(target)]
  target.onEnd = (watcher) => {
    watchers.add(watcher)
    onEnd(watcher)
  }
  target.offEnd = (watcher) => {
    watchers.delete(watcher)
    offEnd(watcher)
  }
  const guest = createSystem({ name: 'guest' })
  const far = await guest.connect(endpoint)
  const ref = (await far.whereis('own')) as ActorRef<{ add(by: number): number }>
  expect(await ref.ask('add', 1)).toBe(1)
  await until(() => watchers.size > 0)
  await guest.stop()
  await until(() => door.guests === 0)
  expect(watchers.size).toBe(0)
})

test('a channel that comes when nobody waits for it any more is closed', async () => {
  const guest = createSystem()
  const late = deferred<Channel>()
  const connecting = guest.connect({ ...endpoint, connect: () => late.promise }, { timeout: 1 })
  await expect(connecting).rejects.toThrow(TimeoutError)
  const channel = await endpoint.connect()
  expect(door.guests).toBe(1)
  late.resolve(channel)
  await until(() => door.guests === 0)
  await guest.stop()
})
