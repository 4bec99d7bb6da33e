import fc from 'fast-check'
import { type Envelope, Mailbox, mailboxOptions, OVERFLOWS } from '@troupe/core/internal'
import { stateOf } from '../support/settle.js'

const message = (name: string): Envelope => ({ name, arg: undefined, asker: undefined, sender: undefined, bytes: 0 })
const asker = { settled: false, abandoned: false, resolve: () => undefined, reject: () => undefined }
const ask = (name: string): Envelope => ({ ...message(name), asker })
const note = (name: string): Envelope => ({ ...message(name), note: { kind: 'down', cancelled: false } })
const named = (name: string) => (envelope: Envelope) => envelope.name === name

function takeAll(mailbox: Mailbox): string[] {
  const names: string[] = []
  for (let next = mailbox.take(); next !== undefined; next = mailbox.take()) names.push(next.name)
  return names
}

describe('a mailbox', () => {
  /** The names of what was dropped. */
  const offer = (mailbox: Mailbox, ...envelopes: Envelope[]) => envelopes.map((each) => mailbox.offer(each)?.name)

  test('keeps the order of arrival and drops beyond its capacity', () => {
    const mailbox = new Mailbox({ capacity: 2, overflow: 'wait' })
    expect(offer(mailbox, message('a'), message('b'), message('c'))).toEqual([undefined, undefined, 'c'])
    expect([mailbox.full, mailbox.length]).toEqual([true, 2])
    expect(takeAll(mailbox)).toEqual(['a', 'b'])
    expect(mailbox.full).toBe(false)
  })

  test('lets an ask that waits enter before any later message', () => {
    const mailbox = new Mailbox({ capacity: 1, overflow: 'wait' })
    expect(offer(mailbox, message('a'), ask('ask 1'), ask('ask 2'), message('b'))).toEqual([
      undefined,
      undefined,
      undefined,
      'b',
    ])
    expect(mailbox.take()?.name).toBe('a')
    // There is a free slot only once all who waited have entered.
    expect(offer(mailbox, message('c'))).toEqual(['c'])
    expect(mailbox.take()?.name).toBe('ask 1')
    expect(offer(mailbox, message('d'))).toEqual(['d'])
    expect(mailbox.take()?.name).toBe('ask 2')
    expect(offer(mailbox, message('e'))).toEqual([undefined])
  })

  test.each(['reject', 'dropNewest'] as const)('under `%s` drops what comes too late, asks too', (overflow) => {
    const mailbox = new Mailbox({ capacity: 1, overflow })
    expect(offer(mailbox, message('a'), message('b'), ask('c'))).toEqual([undefined, 'b', 'c'])
    expect(takeAll(mailbox)).toEqual(['a'])
  })

  test('under `dropOldest` drops the oldest message, never a note, for one of this thread and of another', () => {
    const mailbox = new Mailbox({ capacity: 2, overflow: 'dropOldest' })
    mailbox.note(note('n'))
    expect(offer(mailbox, message('a'), ask('b'), ask('c'))).toEqual([undefined, undefined, 'a'])
    expect(mailbox.admit(message('d'))?.name).toBe('b')
    expect([mailbox.full, mailbox.length]).toEqual([true, 3])
    expect(takeAll(mailbox)).toEqual(['n', 'c', 'd'])
  })

  test('finds room for notes beyond its capacity, in their place, without taking any from messages', () => {
    const mailbox = new Mailbox({ capacity: 1, overflow: 'wait' })
    mailbox.note(note('n1'))
    expect(offer(mailbox, message('a'))).toEqual([undefined])
    mailbox.note(note('n2'))
    expect(offer(mailbox, message('b'))).toEqual(['b'])
    expect(takeAll(mailbox)).toEqual(['n1', 'a', 'n2'])
    expect(offer(mailbox, message('c'))).toEqual([undefined])
    expect(mailbox.full).toBe(true)
  })

  test('takes what a peer has reserved room for, whatever is in it', () => {
    const mailbox = new Mailbox({ capacity: 1, overflow: 'wait' })
    mailbox.offer(message('a'))
    expect(mailbox.admit(message('b'))).toBeUndefined()
    expect(takeAll(mailbox)).toEqual(['a', 'b'])
  })

  test('withdraws an ask from the queue, and lets one that waits take its place', () => {
    const mailbox = new Mailbox({ capacity: 2, overflow: 'wait' })
    offer(mailbox, message('a'), message('b'), ask('w1'), ask('w2'))
    expect(mailbox.withdraw(named('a'))?.name).toBe('a')
    expect(mailbox.withdraw(named('w2'))?.name).toBe('w2')
    expect(mailbox.withdraw(named('nobody'))).toBeUndefined()
    expect(takeAll(mailbox)).toEqual(['b', 'w1'])
  })

  test('has one promise for all who want room, resolved once there is some', async () => {
    const mailbox = new Mailbox({ capacity: 1, overflow: 'wait' })
    const free = mailbox.room()
    expect(mailbox.room()).toBe(free)
    expect(await stateOf(free)).toBe('fulfilled')
    offer(mailbox, message('a'), ask('ask'))
    const full = mailbox.room()
    expect(mailbox.room()).toBe(full)
    mailbox.take()
    expect(await stateOf(full)).toBe('pending')
    mailbox.take()
    expect(await stateOf(full)).toBe('fulfilled')
    expect(mailbox.room()).toBe(free)
  })

  test('gives room back when an ask is withdrawn', async () => {
    const mailbox = new Mailbox({ capacity: 1, overflow: 'wait' })
    mailbox.offer(ask('ask'))
    const room = mailbox.room()
    mailbox.withdraw(named('ask'))
    expect(await stateOf(room)).toBe('fulfilled')
  })

  test('drains all that is left, asks that waited included, and nobody waits for room any more', async () => {
    const mailbox = new Mailbox({ capacity: 1, overflow: 'wait' })
    mailbox.note(note('n'))
    offer(mailbox, message('a'), ask('ask'))
    const room = mailbox.room()
    expect([...mailbox.drain()].map(({ name }) => name)).toEqual(['n', 'a', 'ask'])
    expect(await stateOf(room)).toBe('fulfilled')
    expect([mailbox.length, mailbox.full]).toEqual([0, false])
    expect(offer(mailbox, message('b'))).toEqual([undefined])
    expect(mailbox.full).toBe(true)
  })

  test.each(OVERFLOWS)('under `%s` does all of that in any order of events, as a naive model does', (overflow) => {
    const command = fc.oneof(
      { weight: 6, arbitrary: fc.constantFrom('tell' as const, 'ask' as const, 'admit' as const) },
      { weight: 4, arbitrary: fc.constant('take' as const) },
      { weight: 1, arbitrary: fc.constantFrom('note' as const, 'drain' as const) },
      { weight: 2, arbitrary: fc.nat(12) },
    )
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5 }), fc.array(command, { maxLength: 200 }), (capacity, commands) => {
        const mailbox = new Mailbox({ capacity, overflow })
        let queue: { name: string; counts: boolean }[] = []
        let waiting: string[] = []
        const counted = () => queue.filter(({ counts }) => counts).length
        const full = () => counted() >= capacity || waiting.length > 0
        const enter = (name: string) => void queue.push({ name, counts: true })
        const without = (name: string | undefined) => {
          queue = queue.filter((each) => each.name !== name)
          waiting = waiting.filter((each) => each !== name)
        }
        const refill = () => {
          while (waiting.length > 0 && counted() < capacity) enter(waiting.shift() as string)
        }
        /** The name of what is dropped for it. */
        const arrive = (name: string, kind: 'tell' | 'ask' | 'admit'): string | undefined => {
          const oldest = queue.find(({ counts }) => counts)?.name
          if (!full() || (kind === 'admit' && overflow !== 'dropOldest')) enter(name)
          else if (overflow === 'dropOldest') {
            without(oldest)
            enter(name)
            return oldest
          } else if (overflow === 'wait' && kind === 'ask') waiting.push(name)
          else return name
          return undefined
        }
        commands.forEach((step, index) => {
          const name = String(index)
          if (step === 'tell') expect(mailbox.offer(message(name))?.name).toBe(arrive(name, step))
          else if (step === 'ask') expect(mailbox.offer(ask(name))?.name).toBe(arrive(name, step))
          else if (step === 'admit') expect(mailbox.admit(message(name))?.name).toBe(arrive(name, step))
          else if (step === 'note') {
            mailbox.note(note(name))
            queue.push({ name, counts: false })
          } else if (step === 'take') {
            expect(mailbox.take()?.name).toBe(queue.shift()?.name)
            refill()
          } else if (step === 'drain') {
            expect([...mailbox.drain()].map((each) => each.name)).toEqual([
              ...queue.map((each) => each.name),
              ...waiting,
            ])
            queue = []
            waiting = []
          } else {
            const known = [...queue.filter(({ counts }) => counts).map((each) => each.name), ...waiting][step]
            expect(mailbox.withdraw(named(known ?? ''))?.name).toBe(known)
            without(known)
            refill()
          }
          expect([mailbox.length, mailbox.full]).toEqual([queue.length, full()])
        })
      }),
    )
  })
})

describe('the options of a mailbox', () => {
  test('are 10,000 messages and waiting by default', () => {
    expect(mailboxOptions(undefined)).toEqual({ capacity: 10_000, overflow: 'wait' })
    expect(mailboxOptions({ capacity: 1, overflow: 'reject' })).toEqual({ capacity: 1, overflow: 'reject' })
  })

  test.each<[unknown, RegExp]>([
    [{ capacity: 0 }, /Expected `mailbox.capacity` to be an integer of at least 1, got 0/],
    [{ capacity: 1.5 }, /`mailbox.capacity`/],
    [{ capacity: '3' }, /`mailbox.capacity`/],
    [
      { overflow: 'drop' },
      /Expected `mailbox.overflow` to be one of 'wait', 'reject', 'dropOldest', 'dropNewest', got 'drop'/,
    ],
    [{ size: 3 }, /Unknown option `size` in mailbox/],
    [3, /Expected `mailbox` to be an object/],
  ])('refuse %j', (options, message) => {
    expect(() => mailboxOptions(options as never)).toThrow(message)
  })
})
