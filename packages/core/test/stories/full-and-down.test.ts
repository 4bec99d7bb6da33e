import { defineActor, MailboxFullError, type Overflow, type SystemEvent, TimeoutError } from '@troupe/core'
import { crew, places } from '../support/crew.js'
import { deferred, stateOf, turn, until } from '../support/settle.js'

function busy(capacity: number, overflow: Overflow) {
  const gate = deferred()
  const handled: number[] = []
  const definition = defineActor({
    init: () => undefined,
    on: {
      async work(_: undefined, n: number) {
        await gate.promise
        handled.push(n)
        return n
      },
    },
    mailbox: { capacity, overflow },
  })
  return { definition, gate, handled }
}

describe('a full mailbox', () => {
  const team = crew()

  test('holds its capacity, the message in hand not counted; then tell returns false and nothing is handled', async () => {
    const { definition, gate, handled } = busy(2, 'wait')
    const ref = await team.system.spawn(definition)
    expect(ref.tell('work', 0)).toBe(true)
    await turn()
    expect([1, 2, 3].map((n) => ref.tell('work', n))).toEqual([true, true, false])
    gate.resolve()
    await ref.ask('work', 4)
    expect(handled).toEqual([0, 1, 2, 4])
  })

  test('under `wait` asks wait for room in order, and enter before any later message', async () => {
    const { definition, gate, handled } = busy(1, 'wait')
    const ref = await team.system.spawn(definition)
    const asked = [0, 1, 2, 3].map((n) => ref.ask('work', n))
    expect(ref.tell('work', 99)).toBe(false)
    gate.resolve()
    expect(await Promise.all(asked)).toEqual([0, 1, 2, 3])
    expect(handled).toEqual([0, 1, 2, 3])
  })

  test('under `reject` asks reject with MailboxFullError, and are not handled', async () => {
    const { definition, gate, handled } = busy(1, 'reject')
    const ref = await team.system.spawn(definition)
    const kept = ref.ask('work', 0)
    const error = await ref.ask('work', 1).catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(MailboxFullError)
    expect((error as Error).message).toMatch(/is full \(1 messages\) and refuses more/)
    gate.resolve()
    expect(await kept).toBe(0)
    expect(handled).toEqual([0])
  })

  test.each(places)(
    'under `dropOldest` takes what comes and drops the oldest that waits; who asked is told (%s)',
    async (place) => {
      const { definition, gate, handled } = busy(2, 'dropOldest')
      const ref = await team.spawn(place, definition)
      expect(ref.tell('work', 0)).toBe(true)
      await turn()
      const dropped = ref.ask('work', 1).catch((thrown: unknown) => thrown)
      expect([2, 3].map((n) => ref.tell('work', n))).toEqual([true, true])
      expect(await dropped).toBeInstanceOf(MailboxFullError)
      const kept = ref.ask('work', 4)
      await turn()
      gate.resolve()
      expect(await kept).toBe(4)
      expect(handled).toEqual([0, 3, 4])
    },
  )

  test('under `dropNewest` drops what comes, and who asked is told', async () => {
    const { definition, gate, handled } = busy(2, 'dropNewest')
    const ref = await team.system.spawn(definition)
    ref.tell('work', 0)
    await turn()
    expect([1, 2, 3].map((n) => ref.tell('work', n))).toEqual([true, true, false])
    await expect(ref.ask('work', 4)).rejects.toBeInstanceOf(MailboxFullError)
    gate.resolve()
    await ref.ready()
    await ref.ask('work', 5)
    expect(handled).toEqual([0, 1, 2, 5])
  })

  test('under `dropOldest` no count stops a sender elsewhere, and ready() still waits for room', async () => {
    const { definition, gate, handled } = busy(2, 'dropOldest')
    const ref = await team.spawn('elsewhere', definition)
    for (let n = 0; n < 500; n += 1) {
      expect(ref.tell('work', n)).toBe(true)
      if (n % 50 === 0) await turn()
    }
    const room = ref.ready()
    gate.resolve()
    await room
    expect(await ref.ask('work', 500)).toBe(500)
    expect(handled).toEqual([0, 498, 499, 500])
  })

  test.each(places)(
    'ready() is one shared promise, resolved while there is room, and again once there is (%s)',
    async (place) => {
      const { definition, gate } = busy(2, 'wait')
      const ref = await team.spawn(place, definition)
      const free = ref.ready()
      expect(ref.ready()).toBe(free)
      expect(await stateOf(free)).toBe('fulfilled')
      while (ref.tell('work', 0)) await turn()
      const full = ref.ready()
      expect(full).not.toBe(free)
      expect(await stateOf(full)).toBe('pending')
      await expect(ref.ready({ timeout: 1 })).rejects.toThrow(TimeoutError)
      gate.resolve()
      await full
      expect(ref.ready()).toBe(free)
      expect(ref.tell('work', 1)).toBe(true)
    },
  )

  test.each(places)('ready() resolves when the actor ends, and for one that is down (%s)', async (place) => {
    const { definition } = busy(1, 'wait')
    const ref = await team.spawn(place, definition)
    while (ref.tell('work', 0)) await turn()
    const room = ref.ready()
    await ref.kill()
    await room
    await ref.ready({ timeout: 0 })
    expect(ref.tell('work', 1)).toBe(false)
  })

  test('a given-up ask that waits for room leaves the others their places', async () => {
    const { definition, gate, handled } = busy(1, 'wait')
    const ref = await team.system.spawn(definition)
    const first = ref.ask('work', 0)
    await turn()
    const asked = [1, 2].map((n) => ref.ask('work', n))
    await expect(ref.ask('work', 3, { timeout: 0 })).rejects.toThrow(TimeoutError)
    const last = ref.ask('work', 4)
    gate.resolve()
    await Promise.all([first, ...asked, last])
    expect(handled).toEqual([0, 1, 2, 4])
  })
})

describe('dead letters', () => {
  const team = crew()

  test('the first message that a full mailbox drops is told, once an actor', async () => {
    const { definition, gate } = busy(1, 'wait')
    const [a, b] = [await team.system.spawn(definition), await team.system.spawn(definition)]
    const events: SystemEvent[] = []
    team.system.events$.subscribe((event) => events.push(event))
    for (const ref of [a, b]) for (let n = 0; n < 5; n += 1) ref.tell('work', n)
    expect(events.map(({ type, id }) => [type, id])).toEqual([
      ['overload', a.id],
      ['deadLetter', a.id],
      ['overload', b.id],
      ['deadLetter', b.id],
    ])
    expect(events[0]).toMatchObject({ to: a.id, capacity: 1 })
    expect(events[1]).toMatchObject({ to: a.id, message: { name: 'work', arg: 1 }, policy: 'full' })
    gate.resolve()
  })

  test.each([
    ['dropOldest', 1, true],
    ['dropNewest', 2, false],
  ] as const)('what is dropped under `%s` is told as that, once an actor', async (overflow, arg, taken) => {
    const { definition, gate } = busy(1, overflow)
    const ref = await team.system.spawn(definition)
    const events: SystemEvent[] = []
    team.system.events$.subscribe((event) => events.push(event))
    ref.tell('work', 0)
    await turn()
    expect([1, 2, 3, 4].map((n) => ref.tell('work', n))).toEqual([true, taken, taken, taken])
    expect(events).toMatchObject([
      { type: 'overload', to: ref.id, capacity: 1 },
      { type: 'deadLetter', to: ref.id, message: { name: 'work', arg }, policy: overflow },
    ])
    gate.resolve()
  })

  test('what an actor elsewhere drops under `dropOldest` is told', async () => {
    const { definition, gate } = busy(1, 'dropOldest')
    const ref = await team.spawn('elsewhere', definition)
    const letters: SystemEvent[] = []
    team.system.events$.subscribe((event) => event.type === 'deadLetter' && letters.push(event))
    for (const n of [0, 1, 2]) ref.tell('work', n)
    await until(() => letters.length === 1)
    expect(letters).toMatchObject([{ to: ref.id, message: { name: 'work' }, policy: 'dropOldest' }])
    gate.resolve()
  })

  test.each(places)('each message to an actor that is down is one (%s)', async (place) => {
    const ref = await team.spawn(place, busy(1, 'wait').definition)
    await ref.stop()
    const letters: SystemEvent[] = []
    team.system.events$.subscribe((event) => event.type === 'deadLetter' && letters.push(event))
    expect([ref.tell('work', 1), ref.tell('work', 2)]).toEqual([false, false])
    expect(letters).toMatchObject([
      { to: ref.id, message: { name: 'work', arg: 1 }, policy: 'down' },
      { to: ref.id, message: { name: 'work', arg: 2 }, policy: 'down' },
    ])
  })

  test.each(places)('what was queued at the end is told too: nothing is lost in silence (%s)', async (place) => {
    const letters: SystemEvent[] = []
    team.system.events$.subscribe((event) => event.type === 'deadLetter' && letters.push(event))
    const { definition, gate } = busy(10, 'wait')
    const ref = await team.spawn(place, definition)
    for (const n of [0, 1, 2]) ref.tell('work', n)
    await turn()
    const stopped = ref.stop()
    await turn()
    gate.resolve()
    await stopped
    await until(() => letters.length === 2)
    expect(letters.map((letter) => (letter.type === 'deadLetter' ? letter.message?.arg : 0))).toEqual([1, 2])
  })

  test.each(places)('a tell whose name the actor does not take never ends it (%s)', async (place) => {
    const { definition, gate } = busy(10, 'wait')
    gate.resolve()
    const ref = await team.spawn(place, definition)
    const letters: SystemEvent[] = []
    team.system.events$.subscribe((event) => event.type === 'deadLetter' && letters.push(event))
    const tell = () => (ref as any).tell('play')
    if (place === 'here') expect(tell).toThrow(/has no handler called 'play': it takes 'work'/)
    else {
      expect(tell()).toBe(true)
      await until(() => letters.length === 1)
      expect(letters).toMatchObject([{ to: ref.id, message: { name: 'play' }, policy: 'unknown' }])
    }
    expect(await ref.ask('work', 7)).toBe(7)
  })
})
