import fc from 'fast-check'
import type { Channel } from '@troupe/core'
import { FrameQueue } from '@troupe/core/internal'

/** A channel that takes `room` frames and is full then, until it has room again. */
class Narrow implements Channel {
  readonly sent: string[] = []
  room: number
  closed = 0

  constructor(room: number) {
    this.room = room
  }

  send(bytes: Uint8Array): boolean {
    this.sent.push(Buffer.from(bytes).toString())
    this.room -= 1
    return this.room > 0
  }

  open(): void {}

  close(): void {
    this.closed += 1
  }

  destroy(): void {}

  flushNow(rest: readonly Uint8Array[], deadline: number): void {
    this.sent.push(...rest.map((bytes) => `flushed ${Buffer.from(bytes)}`), `within ${deadline}`)
  }
}

const frame = (text: string) => new Uint8Array(Buffer.from(text))

describe('the queue of frames', () => {
  test('passes on at once while the channel takes more', () => {
    const channel = new Narrow(9)
    const queue = new FrameQueue(channel)
    queue.send(frame('a'))
    queue.send(frame('b'), true)
    expect(channel.sent).toEqual(['a', 'b'])
    expect(queue.waiting).toBe(0)
  })

  test('lets what is urgent overtake, each lane in its own order, always between whole frames', () => {
    const channel = new Narrow(1)
    const queue = new FrameQueue(channel)
    for (const text of ['block 1', 'block 2', 'block 3']) queue.send(frame(text))
    for (const text of ['stop', 'kill']) queue.send(frame(text), true)
    expect(channel.sent).toEqual(['block 1'])
    channel.room = 2
    queue.drain()
    expect(channel.sent).toEqual(['block 1', 'stop', 'kill'])
    queue.send(frame('late kill'), true)
    channel.room = 9
    queue.drain()
    expect(channel.sent.slice(3)).toEqual(['late kill', 'block 2', 'block 3'])
  })

  test('counts the bytes that wait, and tells once all are taken', () => {
    const channel = new Narrow(1)
    const queue = new FrameQueue(channel)
    let drained = 0
    queue.onDrained.add(() => (drained += 1))
    queue.send(frame('a'))
    queue.send(frame('bcd'))
    queue.send(frame('ef'), true)
    expect(queue.waiting).toBe(5)
    channel.room = 1
    queue.drain()
    expect([queue.waiting, drained]).toEqual([3, 0])
    channel.room = 2
    queue.drain()
    expect([queue.waiting, drained]).toEqual([0, 1])
  })

  test('keeps a copy of what waits: the sender may overwrite it', () => {
    const channel = new Narrow(1)
    const queue = new FrameQueue(channel)
    queue.send(frame('a'))
    const bytes = frame('bbb')
    queue.send(bytes)
    bytes.fill(0x78)
    channel.room = 9
    queue.drain()
    expect(channel.sent).toEqual(['a', 'bbb'])
  })

  test('ends the way out only after all that waited', () => {
    const channel = new Narrow(1)
    const queue = new FrameQueue(channel)
    queue.send(frame('a'))
    queue.send(frame('b'))
    queue.close()
    expect(channel.closed).toBe(0)
    channel.room = 9
    queue.drain()
    expect([channel.sent, channel.closed]).toEqual([['a', 'b'], 1])
    const idle = new Narrow(9)
    new FrameQueue(idle).close()
    expect(idle.closed).toBe(1)
  })

  test('hands over all that waits, the urgent first, when the process is about to end', () => {
    const channel = new Narrow(1)
    const queue = new FrameQueue(channel)
    for (const text of ['a', 'b']) queue.send(frame(text))
    queue.send(frame('kill'), true)
    queue.flushNow(250)
    expect(channel.sent).toEqual(['a', 'flushed kill', 'flushed b', 'within 250'])
    expect(queue.waiting).toBe(0)
  })

  test('loses, repeats and reorders nothing within a lane, however the channel drains', () => {
    const step = fc.oneof(fc.constant('send' as const), fc.constant('urgent' as const), fc.integer({ min: 1, max: 4 }))
    fc.assert(
      fc.property(fc.array(step, { maxLength: 100 }), (steps) => {
        const channel = new Narrow(2)
        const queue = new FrameQueue(channel)
        const lanes: { send: string[]; urgent: string[] } = { send: [], urgent: [] }
        steps.forEach((each, index) => {
          if (typeof each === 'number') {
            channel.room = Math.max(0, channel.room) + each
            queue.drain()
          } else {
            lanes[each].push(`${each} ${index}`)
            queue.send(frame(`${each} ${index}`), each === 'urgent')
          }
        })
        channel.room = Infinity
        queue.drain()
        for (const lane of ['send', 'urgent'] as const) {
          expect(channel.sent.filter((text) => text.startsWith(lane))).toEqual(lanes[lane])
        }
      }),
    )
  })
})
