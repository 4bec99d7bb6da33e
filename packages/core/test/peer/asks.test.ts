import fc from 'fast-check'
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
})
