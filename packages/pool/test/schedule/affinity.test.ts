import fc from 'fast-check'
import { Call, type Work } from '../../dist/call/work.js'
import { Affinity, placeOf } from '../../dist/schedule/affinity.js'

const keyed = (key: string | number): Work =>
  new Call(
    { url: 'file:///tasks.js', export: 'square' },
    [],
    { key },
    { value: () => undefined, error: () => undefined },
  )

const key = fc.oneof(fc.string(), fc.integer())

test('a key has one place, and moves only when a place comes that it likes better, or its own goes', () => {
  fc.assert(
    fc.property(key, fc.integer({ min: 1, max: 40 }), (each, places) => {
      const place = placeOf(each, places)
      expect(place).toBeGreaterThanOrEqual(1)
      expect(place).toBeLessThanOrEqual(places)
      expect([place, places + 1]).toContain(placeOf(each, places + 1))
    }),
  )
})

test('many keys are spread over all places, evenly enough', () => {
  for (const places of [2, 3, 8]) {
    const counts = new Array<number>(places).fill(0)
    for (let each = 0; each < 8_000; each += 1) counts[placeOf(`user-${each}`, places) - 1]! += 1
    const fair = 8_000 / places
    for (const count of counts) expect(Math.abs(count - fair)).toBeLessThan(fair * 0.2)
  }
})

test('while something of it is under way, what comes goes to the same place, also when there are others by then', () => {
  const affinity = new Affinity()
  const [first, second, third] = [keyed('k'), keyed('k'), keyed('k')]
  const place = affinity.enter(first, 'k', 2)
  const moved = [...Array(40).keys()].map((more) => more + 3).find((places) => placeOf('k', places) !== place) as number
  expect(affinity.enter(second, 'k', moved)).toBe(place)
  affinity.leave(first)
  affinity.leave(first)
  expect(affinity.enter(third, 'k', moved)).toBe(place)
  affinity.leave(second)
  affinity.leave(third)
  expect(affinity.enter(keyed('k'), 'k', moved)).toBe(placeOf('k', moved))
})

test('a number and its digits are different keys', () => {
  const differ = [...Array(64).keys()].some((each) => placeOf(each, 16) !== placeOf(String(each), 16))
  expect(differ).toBe(true)
})
