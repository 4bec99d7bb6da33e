import { Consuming } from '@troupe/core/internal'

/** A stream of 1, 2 and the end; notes in `calls` what it is asked. */
function stream(calls: string[], failing = false): AsyncIterator<unknown> {
  let n = 0
  return {
    async next() {
      calls.push('next')
      n += 1
      if (failing) throw new Error('broken')
      return n > 2 ? { done: true, value: undefined } : { done: false, value: n }
    },
    async return() {
      calls.push('return')
      throw new Error('nobody hears it')
    },
  }
}

describe('the streams that an actor takes', () => {
  test('are closed when it ends, those that are over already are not', async () => {
    const consuming = new Consuming()
    const [open, done, failed]: string[][] = [[], [], []]
    await consuming.add(stream(open as string[])).next()
    const over = consuming.add(stream(done as string[]))
    const items: unknown[] = []
    for await (const item of over) items.push(item)
    await expect(consuming.add(stream(failed as string[], true)).next()).rejects.toThrow('broken')
    consuming.end()
    consuming.end()
    expect(items).toEqual([1, 2])
    expect([open, done, failed]).toEqual([['next', 'return'], ['next', 'next', 'next'], ['next']])
  })

  test('are closed at once when it has ended already: its handler may still run', () => {
    const consuming = new Consuming()
    consuming.end()
    const calls: string[] = []
    consuming.add(stream(calls))
    expect(calls).toEqual(['return'])
  })
})
