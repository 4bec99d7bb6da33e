import { OVERFLOWS, readWireRef, toWireRef } from '@troupe/core/internal'

const address = { host: 2, actor: 17, incarnation: 1 }

describe('what travels for a ref', () => {
  test.each(OVERFLOWS)('brings where its actor lives, and how its mailbox takes: %s', (overflow) => {
    const fields = toWireRef({ address, capacity: 5, overflow } as never)
    expect(readWireRef(JSON.parse(JSON.stringify(fields)))).toEqual({ address, capacity: 5, overflow, lasting: false })
  })

  test.each([
    [undefined],
    ['2.17'],
    [[2, 17, 1, 5]],
    [[2, 17, 1, '5', 0]],
    [[2, 17, 1, 5, true]],
    [[2, 17, 1, 5, 4]],
    [[2, 17, 1, 5, -1]],
  ])('is refused when it is %j', (fields) => {
    expect(() => readWireRef(fields)).toThrow(TypeError)
  })
})
