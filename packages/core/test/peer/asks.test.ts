import fc from 'fast-check'
import { ProtocolError } from '@troupe/core'
import { type Asker, PendingAsks } from '@troupe/core/internal'

function asker(): Asker & { rejected: unknown[] } {
  const rejected: unknown[] = []
  return { settled: false, abandoned: false, rejected, resolve() {}, reject: (error) => void rejected.push(error) }
}

describe('pending questions', () => {
  test('have numbers from 1 on; 0 is nobody', () => {
    const asks = new PendingAsks()
    expect([asks.add(asker()), asks.add(asker())]).toEqual([1, 2])
    expect(asks.take(0)).toBeUndefined()
  })

  test('never share a number, which is free only once its answer was taken', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.constant('add' as const), fc.nat(20)), { maxLength: 100 }), (steps) => {
        const asks = new PendingAsks()
        const open = new Map<number, Asker>()
        for (const step of steps) {
          if (step === 'add') {
            const one = asker()
            const id = asks.add(one)
            expect(open.has(id)).toBe(false)
            open.set(id, one)
          } else {
            expect(asks.take(step)).toBe(open.get(step))
            open.delete(step)
          }
        }
      }),
    )
  })

  test('an answer that nobody asked for, or that comes twice, is nobody’s', () => {
    const asks = new PendingAsks()
    const one = asker()
    const id = asks.add(one)
    expect([asks.take(id), asks.take(id), asks.take(99), asks.take(-1), asks.take(0.5)]).toEqual([
      one,
      ...new Array(4).fill(undefined),
    ])
  })

  test('are all rejected, each once, when the host is gone', () => {
    const asks = new PendingAsks()
    const askers = [asker(), asker(), asker()]
    for (const each of askers) asks.add(each)
    asks.take(2)
    asks.rejectAll('gone')
    asks.rejectAll('again')
    expect(askers.map(({ rejected }) => rejected)).toEqual([['gone'], [], ['gone']])
  })

  test('a stream takes what it has granted room for, and no more: its books are those of the sender', () => {
    const asks = new PendingAsks()
    const items: unknown[] = []
    const consumer = {
      ...asker(),
      window: { items: 2, bytes: 100 },
      open: true,
      whenOpen() {},
      item: (value: unknown) => items.push(value),
    }
    const id = asks.add(consumer)
    asks.item(id, 'a', 10)
    asks.item(id, 'b', 10)
    expect(() => asks.item(id, 'c', 10)).toThrow(ProtocolError)
    asks.granted(id, 2, 10)
    // The last one may go beyond the bytes.
    asks.item(id, 'd', 500)
    expect(() => asks.item(id, 'e', 1)).toThrow(/more items of a stream than have room/)
    asks.take(id)
    asks.item(id, 'f', 1)
    asks.granted(id, 1, 1)
    expect(items).toEqual(['a', 'b', 'd'])
  })
})
