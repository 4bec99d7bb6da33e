/** The decisions of a queue: whatever its holders do, and whoever dies, no item is lost, doubled, or beyond the bound. */
import fc from 'fast-check'
import type { OnConsumerCrash } from '@troupe/transport-node'
import { Line } from '@troupe/transport-node/internal'

interface Seen {
  readonly orders: unknown[][]
  readonly line: Line
}

function lineOf(capacity: number, onCrash: OnConsumerCrash = 'requeue'): Seen {
  const orders: unknown[][] = []
  const line = new Line(capacity, onCrash, {
    item: (...item) => orders.push(['item', ...item]),
    slots: (...slots) => orders.push(['slots', ...slots]),
    recall: (holder) => orders.push(['recall', holder]),
    over: () => orders.push(['over']),
    done: () => orders.push(['done']),
  })
  return { orders, line }
}

test('a queue of one gives a slot, and the next only once the item has been taken', () => {
  const { line, orders } = lineOf(1)
  line.enter(1)
  line.need(1, 2, true)
  expect(orders.splice(0)).toEqual([['slots', 1, 1]])
  line.put(1, 'a')
  expect([line.size, line.full, orders.length]).toEqual([1, true, 0])
  line.want(1, 1)
  expect(orders).toEqual([
    ['item', 1, 1, 'a'],
    ['slots', 1, 1],
  ])
})

test('slots in advance are called back once another waits for one', () => {
  const { line, orders } = lineOf(4)
  for (const holder of [1, 2]) line.enter(holder)
  line.need(1, 1, true)
  expect(orders.splice(0)).toEqual([['slots', 1, 2]])
  line.need(2, 3, false)
  expect(orders.splice(0)).toEqual([
    ['slots', 2, 1],
    ['slots', 2, 1],
    ['recall', 1],
  ])
  line.giveBack(1, 2)
  expect(orders).toEqual([['slots', 2, 1]])
})

test('what a dead getter had in hand goes to others before all else, in its order', () => {
  const { line, orders } = lineOf(10)
  for (const holder of [1, 2]) line.enter(holder)
  for (const value of ['a', 'b', 'c']) line.putNow(value, () => undefined)
  line.want(1, 2)
  line.leave(1)
  line.want(2, 3)
  expect(orders.slice(2)).toEqual([
    ['item', 2, 1, 'a'],
    ['item', 2, 2, 'b'],
    ['item', 2, 3, 'c'],
  ])
})

test("with 'done' they count as done", () => {
  const { line, orders } = lineOf(10, 'done')
  line.enter(1)
  line.putNow('a', () => undefined)
  line.want(1, 1)
  line.leave(1)
  expect([line.unfinished, line.size, orders.at(-1)]).toEqual([0, 0, ['done']])
})

test('an item that nobody wanted any more goes back, and its getter may ask again', () => {
  const { line, orders } = lineOf(10)
  line.enter(1)
  line.putNow('a', () => undefined)
  line.want(1, 1)
  line.want(1, -1)
  line.handBack(1, 1, true)
  expect(line.size).toBe(1)
  line.want(1, 1)
  expect(orders.at(-1)).toEqual(['item', 1, 1, 'a'])
})

test('a closed queue is over when nothing can come any more: no item, no slot, nothing in hand', () => {
  const { line, orders } = lineOf(10)
  line.enter(1)
  line.need(1, 1, false)
  line.close()
  expect(orders.at(-1)).toEqual(['slots', 1, 1])
  line.put(1, 'last')
  line.want(1, 1)
  expect(orders.at(-1)).toEqual(['item', 1, 1, 'last'])
  line.finish(1, 1)
  expect(orders.slice(-2)).toEqual([['done'], ['over']])
})

/** Holders as near ends behave, each step one thing that one of them does. */
type Step = {
  readonly does: 'put' | 'putNow' | 'want' | 'unwant' | 'finish' | 'giveBack' | 'leave'
  readonly holder: number
}

const steps = fc.array(
  fc.record<Step>({
    does: fc.constantFrom('put', 'put', 'putNow', 'want', 'want', 'unwant', 'finish', 'finish', 'giveBack', 'leave'),
    holder: fc.integer({ min: 1, max: 3 }),
  }),
  { maxLength: 200 },
)

test('whatever holders do: every item is done once, in order of its first giving, never more than the capacity', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 6 }), steps, (capacity, course) => {
      const slots = new Map<number, number>()
      const held = new Map<number, number[]>()
      const waiting = new Map<number, number>()
      const done: number[] = []
      const given: number[] = []
      const line = new Line(capacity, 'requeue', {
        item: (holder, ticket) => {
          given.push(ticket)
          held.get(holder)?.push(ticket)
        },
        slots: (holder, count) => void slots.set(holder, (slots.get(holder) ?? 0) + count),
        recall: (holder) => recalled.add(holder),
        over: () => undefined,
        done: () => undefined,
      })
      const recalled = new Set<number>()
      const enter = (holder: number): void => {
        line.enter(holder)
        slots.set(holder, 0)
        held.set(holder, [])
        waiting.set(holder, 0)
      }
      const settle = (): void => {
        for (const holder of recalled) {
          line.giveBack(holder, slots.get(holder) ?? 0)
          slots.set(holder, 0)
        }
        recalled.clear()
      }
      let put = 0
      let nowPuts = 0
      const returns = course.some(({ does }) => does === 'leave')
      for (const holder of [1, 2, 3]) enter(holder)
      for (const { does, holder } of course) {
        if (does === 'put') {
          if ((slots.get(holder) ?? 0) === 0) line.need(holder, 1, true)
          else {
            slots.set(holder, (slots.get(holder) ?? 0) - 1)
            line.put(holder, (put += 1))
          }
        } else if (does === 'putNow') {
          nowPuts += 1
          line.putNow('now', (taken) => {
            nowPuts -= 1
            if (taken) put += 1
          })
        } else if (does === 'want') line.want(holder, 1)
        else if (does === 'unwant') line.want(holder, -1)
        else if (does === 'giveBack') {
          line.giveBack(holder, slots.get(holder) ?? 0)
          slots.set(holder, 0)
        } else if (does === 'leave') {
          line.leave(holder)
          enter(holder)
        } else {
          const ticket = held.get(holder)?.shift()
          if (ticket !== undefined) {
            line.finish(holder, ticket)
            done.push(ticket)
          }
        }
        settle()
        const returned = [...held.values()].flat().length
        expect(new Set(done).size).toBe(done.length)
        expect(done.length + returned + line.size).toBe(put)
        expect(line.unfinished).toBe(put - done.length)
        // What comes back from the dead comes on top.
        if (!returns) expect(line.size).toBeLessThanOrEqual(capacity)
        // Once all slots that were called back are back, nobody waits who does not want to.
        expect(nowPuts).toBe(0)
      }
      const first = [...new Set(given)]
      expect(first).toEqual([...first].sort((a, b) => a - b))
    }),
  )
})
