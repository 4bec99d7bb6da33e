import fc from 'fast-check'
import { type Asker, readCall, readCounts, writeCall } from '@troupe/core/internal'

const asker = (given: Partial<Asker>): Asker => given as Asker

describe('a question with more than its argument', () => {
  test('is read as it was written', () => {
    const window = { items: 3, bytes: 100 }
    const chain = ['a#1', 'b#2']
    expect(readCall(writeCall(16, 'x', asker({ window, chain })))).toEqual({ actor: 16, arg: 'x', chain, window })
    expect(readCall(writeCall(17, undefined, asker({ chain })))).toEqual({ actor: 17, chain })
    expect(readCall(writeCall(18, null, asker({ window })))).toEqual({ actor: 18, arg: null, window })
  })

  test.each([
    [undefined],
    ['text'],
    [{}],
    [[]],
    [[16, null, 1, 1]],
    [[16, null, 1, 1, 'arg', 'more']],
    [[15, null, 1, 1, 'arg']],
    [[16.5, null, 1, 1, 'arg']],
    [['16', null, 1, 1, 'arg']],
    [[16, 'chain', 1, 1, 'arg']],
    [[16, [1], 1, 1, 'arg']],
    [[16, undefined, 1, 1, 'arg']],
    [[16, null, -1, 1, 'arg']],
    [[16, null, 1, Infinity, 'arg']],
    [[16, null, 2 ** 60, 1, 'arg']],
  ])('%j is none', (fields) => {
    expect(() => readCall(fields)).toThrow(expect.objectContaining({ code: 'ERR_PROTOCOL' }))
  })

  test('whatever comes is read or refused by ProtocolError', () => {
    fc.assert(
      fc.property(fc.anything(), fc.nat(5), (fields, length) => {
        for (const read of [() => readCall(fields), () => readCounts(fields, length)]) {
          try {
            read()
          } catch (error) {
            expect(error).toMatchObject({ code: 'ERR_PROTOCOL' })
          }
        }
      }),
    )
  })
})
