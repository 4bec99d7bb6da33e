import fc from 'fast-check'
import { type Envelope, Mailbox, mailboxOptions } from '@troupe/core/internal'
import { stateOf } from '../support/settle.js'

const message = (name: string): Envelope => ({ name, arg: undefined, asker: undefined, sender: undefined, bytes: 0 })
const note = (name: string): Envelope => ({ ...message(name), note: { cancelled: false } })
const named = (name: string) => (envelope: Envelope) => envelope.name === name

function takeAll(mailbox: Mailbox): string[] {
  const names: string[] = []
  for (let next = mailbox.take(); next !== undefined; next = mailbox.take()) names.push(next.name)
  return names
}

describe('a mailbox', () => {
  test('keeps the order of arrival and refuses beyond its capacity', () => {
    const mailbox = new Mailbox({ capacity: 2, overflow: 'wait' })
    expect(['a', 'b', 'c'].map((name) => mailbox.offer(message(name)))).toEqual([true, true, false])
    expect([mailbox.full, mailbox.length]).toEqual([true, 2])
    expect(takeAll(mailbox)).toEqual(['a', 'b'])
    expect(mailbox.full).toBe(false)
  })

  test('lets an ask that waits enter before any later message', () => {
    const mailbox = new Mailbox({ capacity: 1, overflow: 'wait' })
    mailbox.offer(message('a'))
    mailbox.wait(message('ask 1'))
    mailbox.wait(message('ask 2'))
    expect(mailbox.offer(message('b'))).toBe(false)
    expect(mailbox.take()?.name).toBe('a')
    // There is a free slot only once all who waited have entered.
    expect(mailbox.offer(message('c'))).toBe(false)
    expect(mailbox.take()?.name).toBe('ask 1')
    expect(mailbox.offer(message('d'))).toBe(false)
    expect(mailbox.take()?.name).toBe('ask 2')
    expect(mailbox.offer(message('e'))).toBe(true)
  })

  test('finds room for notes beyond its capacity, in their place, without taking any from messages', () => {
    const mailbox = new Mailbox({ capacity: 1, overflow: 'wait' })
    mailbox.note(note('n1'))
    expect(mailbox.offer(message('a'))).toBe(true)
    mailbox.note(note('n2'))
    expect(mailbox.offer(message('b'))).toBe(false)
    expect(takeAll(mailbox)).toEqual(['n1', 'a', 'n2'])
    expect(mailbox.offer(message('c'))).toBe(true)
    expect(mailbox.full).toBe(true)
  })

  test('takes what a peer has reserved room for, whatever is in it', () => {
    const mailbox = new Mailbox({ capacity: 1, overflow: 'wait' })
    mailbox.offer(message('a'))
    mailbox.admit(message('b'))
    expect(takeAll(mailbox)).toEqual(['a', 'b'])
  })

  test('withdraws an ask from the queue, and lets one that waits take its place', () => {
    const mailbox = new Mailbox({ capacity: 2, overflow: 'wait' })
    for (const name of ['a', 'b']) mailbox.offer(message(name))
    for (const name of ['w1', 'w2']) mailbox.wait(message(name))
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
    mailbox.offer(message('a'))
    mailbox.wait(message('ask'))
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
    mailbox.offer(message('ask'))
    const room = mailbox.room()
    mailbox.withdraw(named('ask'))
    expect(await stateOf(room)).toBe('fulfilled')
  })

  test('drains all that is left, asks that waited included, and nobody waits for room any more', async () => {
    const mailbox = new Mailbox({ capacity: 1, overflow: 'wait' })
    mailbox.note(note('n'))
    mailbox.offer(message('a'))
    mailbox.wait(message('ask'))
    const room = mailbox.room()
    expect([...mailbox.drain()].map(({ name }) => name)).toEqual(['n', 'a', 'ask'])
    expect(await stateOf(room)).toBe('fulfilled')
    expect([mailbox.length, mailbox.full]).toEqual([0, false])
    expect(mailbox.offer(message('b'))).toBe(true)
    expect(mailbox.full).toBe(true)
  })

  test('does all of that in any order of events, as a naive model does', () => {
    const command = fc.oneof(
      { weight: 6, arbitrary: fc.constantFrom('offer' as const, 'ask' as const) },
      { weight: 4, arbitrary: fc.constant('take' as const) },
      { weight: 1, arbitrary: fc.constantFrom('note' as const, 'drain' as const) },
      { weight: 2, arbitrary: fc.nat(12) },
    )
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5 }), fc.array(command, { maxLength: 200 }), (capacity, commands) => {
        const mailbox = new Mailbox({ capacity, overflow: 'wait' })
        let queue: { name: string; counts: boolean }[] = []
        let waiting: string[] = []
        const counted = () => queue.filter(({ counts }) => counts).length
        const full = () => counted() >= capacity || waiting.length > 0
        const refill = () => {
          while (waiting.length > 0 && counted() < capacity)
            queue.push({ name: waiting.shift() as string, counts: true })
        }
        commands.forEach((step, index) => {
          const name = String(index)
          if (step === 'offer' || step === 'ask') {
            const taken = !full()
            expect(mailbox.offer(message(name))).toBe(taken)
            if (taken) queue.push({ name, counts: true })
            else if (step === 'ask') {
              mailbox.wait(message(name))
              waiting.push(name)
            }
          } else if (step === 'note') {
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
            queue = queue.filter((each) => each.name !== known)
            waiting = waiting.filter((each) => each !== known)
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
    [{ overflow: 'drop' }, /Expected `mailbox.overflow` to be one of 'wait'.*got 'drop'/],
    [{ size: 3 }, /Unknown option `size` in mailbox/],
    [3, /Expected `mailbox` to be an object/],
  ])('refuse %j', (options, message) => {
    expect(() => mailboxOptions(options as never)).toThrow(message)
  })
})
