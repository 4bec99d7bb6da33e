import type { Channel } from '@troupe/core'
import { channelPair } from '@troupe/core/testing'
import { cutBy, joined } from '../support/chunks.js'
import { turn } from '../support/settle.js'

function listen(channel: Channel) {
  const seen = { chunks: [] as Uint8Array[], drains: 0, closes: 0 }
  channel.open({
    onData: (chunk) => seen.chunks.push(chunk),
    onDrain: () => (seen.drains += 1),
    onClose: () => (seen.closes += 1),
  })
  return seen
}
const text = (chunks: Uint8Array[]) => Buffer.from(joined(chunks)).toString()
const bytes = (of: string) => new Uint8Array(Buffer.from(of))

describe('the channel in memory', () => {
  test('brings bytes both ways, in order and later, and copies what the sender may overwrite', async () => {
    const [a, b] = channelPair()
    const [atA, atB] = [listen(a), listen(b)]
    const mine = bytes('abc')
    expect(a.send(mine)).toBe(true)
    mine.fill(0)
    a.send(bytes('def'))
    b.send(bytes('xyz'))
    expect(atB.chunks).toEqual([])
    await turn()
    expect([text(atB.chunks), text(atA.chunks)]).toEqual(['abcdef', 'xyz'])
  })

  test('delivers nothing before it is opened, and everything then', async () => {
    const [a, b] = channelPair()
    a.send(bytes('early'))
    await turn()
    const atB = listen(b)
    await turn()
    expect(text(atB.chunks)).toBe('early')
  })

  test('cuts as it is told', async () => {
    const [a, b] = channelPair({ cut: cutBy([2]) })
    const atB = listen(b)
    a.send(bytes('abcde'))
    await turn()
    expect(atB.chunks.map((chunk) => chunk.length)).toEqual([2, 2, 1])
    expect(text(atB.chunks)).toBe('abcde')
  })

  test('is full at its high-water mark, and says when it has drained', async () => {
    const [a, b] = channelPair({ highWater: 4 })
    const atA = listen(a)
    listen(b)
    expect([a.send(bytes('abc')), a.send(bytes('d'))]).toEqual([true, false])
    expect(atA.drains).toBe(0)
    await turn()
    expect(atA.drains).toBe(1)
    expect(a.send(bytes('e'))).toBe(true)
  })

  test('closes one way after all that was sent; the other stays open until it is closed too, then both are told once', async () => {
    const [a, b] = channelPair()
    const [atA, atB] = [listen(a), listen(b)]
    a.send(bytes('last'))
    a.close()
    a.send(bytes('lost'))
    await turn()
    expect(text(atB.chunks)).toBe('last')
    b.send(bytes('answer'))
    await turn()
    expect(text(atA.chunks)).toBe('answer')
    expect([atA.closes, atB.closes]).toEqual([0, 0])
    b.close()
    b.close()
    await turn()
    expect([atA.closes, atB.closes]).toEqual([1, 1])
  })

  test('destroyed by both ends it drops what was on its way', async () => {
    const [a, b] = channelPair()
    const [atA, atB] = [listen(a), listen(b)]
    a.send(bytes('lost'))
    b.destroy()
    a.destroy()
    await turn()
    expect([atA.closes, atB.closes, atB.chunks.length]).toEqual([1, 1, 0])
  })
})
