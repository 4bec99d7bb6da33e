import { classed, isPortable } from '@troupe/core/internal'

async function* numbers(): AsyncGenerator<number> {
  yield* [1, 2, 3]
}

const plain = (): AsyncIterable<number> => ({ [Symbol.asyncIterator]: numbers })

describe('a stream that is a plain object', () => {
  test.each([plain(), Object.assign(Object.create(null) as object, plain())])(
    'gets a class, and gives the same',
    async (stream) => {
      const given = classed(stream) as AsyncIterable<number>
      expect(given.constructor).not.toBe(Object)
      expect(isPortable(given)).toBe(true)
      const items: number[] = []
      for await (const n of given) items.push(n)
      expect(items).toEqual([1, 2, 3])
    },
  )

  test('all else is as it was, streams of a class and those deeper within included', () => {
    for (const value of [undefined, null, 1, 'text', {}, [], new Date(0), numbers(), { items: plain() }, [plain()]]) {
      expect(classed(value)).toBe(value)
    }
  })
})
