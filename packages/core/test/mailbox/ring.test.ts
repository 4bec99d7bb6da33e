import fc from 'fast-check'
import { Ring } from '@troupe/core/internal'

describe('a ring', () => {
  test('gives back what was pushed, in order, whatever was shifted and removed in between', () => {
    const command = fc.oneof(
      { weight: 5, arbitrary: fc.constant({ type: 'push' as const }) },
      { weight: 3, arbitrary: fc.constant({ type: 'shift' as const }) },
      { weight: 1, arbitrary: fc.nat(40).map((place) => ({ type: 'remove' as const, place })) },
    )
    fc.assert(
      fc.property(fc.array(command, { maxLength: 400 }), (commands) => {
        const ring = new Ring<number>()
        const model: number[] = []
        let next = 0
        for (const step of commands) {
          if (step.type === 'push') {
            ring.push(next)
            model.push(next)
            next += 1
          } else if (step.type === 'shift') {
            expect(ring.shift()).toBe(model.shift())
          } else {
            const item = model[step.place]
            expect(ring.remove((each) => each === item)).toBe(item)
            if (item !== undefined) model.splice(step.place, 1)
          }
          expect(ring.length).toBe(model.length)
        }
        for (const item of model) expect(ring.shift()).toBe(item)
        expect(ring.shift()).toBeUndefined()
      }),
    )
  })

  test.each([15, 16, 17, 31, 33, 5_000])('holds %i items, also when they go round its end', (count) => {
    const ring = new Ring<number>()
    for (let index = 0; index < 10; index += 1) ring.push(index)
    for (let index = 0; index < 9; index += 1) ring.shift()
    for (let index = 10; index < 9 + count; index += 1) ring.push(index)
    expect(ring.length).toBe(count)
    expect(Array.from({ length: count }, () => ring.shift())).toEqual(Array.from({ length: count }, (_, i) => i + 9))
    // After a burst it starts small again, and must work all the same.
    ring.push(-1)
    expect([ring.shift(), ring.shift(), ring.length]).toEqual([-1, undefined, 0])
  })

  test('removes the first match only, and nothing when there is none', () => {
    const ring = new Ring<string>()
    for (const item of ['a', 'b', 'a']) ring.push(item)
    expect(ring.remove((item) => item === 'c')).toBeUndefined()
    expect(ring.remove((item) => item === 'a')).toBe('a')
    expect([ring.shift(), ring.shift()]).toEqual(['b', 'a'])
  })

  test('keeps nothing alive that was taken out', async () => {
    const ring = new Ring<object>()
    const taken: WeakRef<object>[] = []
    for (let index = 0; index < 20; index += 1) {
      const item = { index }
      taken.push(new WeakRef(item))
      ring.push(item)
    }
    for (let index = 0; index < 18; index += 1) ring.shift()
    ring.remove(() => true)
    await new Promise((resolve) => setTimeout(resolve))
    const { setFlagsFromString } = await import('node:v8')
    setFlagsFromString('--expose-gc')
    const { runInNewContext } = await import('node:vm')
    runInNewContext('gc')()
    expect(taken.filter((each) => each.deref() !== undefined).length).toBe(1)
  })
})
