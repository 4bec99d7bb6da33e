import type { Channel } from '@troupe/core'
import { Parcels } from '@troupe/core/internal'

const channel = (moved: unknown[]): Channel => ({
  send: () => true,
  open: () => undefined,
  close: () => undefined,
  destroy: () => undefined,
  move: (parcel, buffers) => void moved.push([parcel, buffers]),
})

test('each list has a number of its own, and is kept until the block that names it has been read', () => {
  const moved: unknown[] = []
  const parcels = new Parcels(channel(moved))
  const [a, b] = [new ArrayBuffer(1), new ArrayBuffer(2)]
  expect([parcels.send([a]), parcels.send([b])]).toEqual([1, 2])
  expect(moved).toEqual([
    [1, [a]],
    [2, [b]],
  ])
  parcels.receive(1, [a])
  parcels.receive(2, [b])
  expect([parcels.take(1), parcels.take(1)]).toEqual([[a], [a]])
  parcels.settle()
  expect([parcels.take(1), parcels.take(2)]).toEqual([undefined, [b]])
})

test('a channel that cannot is asked for nothing', () => {
  const { move: _, ...plain } = channel([])
  expect(new Parcels(plain).send([new ArrayBuffer(1)])).toBeUndefined()
})

test('what no message ever names does not gather without bound', () => {
  const parcels = new Parcels(channel([]))
  for (let parcel = 1; parcel <= 10_000; parcel += 1) parcels.receive(parcel, [])
  expect(() => parcels.receive(10_001, [])).toThrow(expect.objectContaining({ code: 'ERR_PROTOCOL' }))
})
