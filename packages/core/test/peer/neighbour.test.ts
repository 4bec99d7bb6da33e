import { type Channel, ProtocolError } from '@troupe/core'
import {
  controlFrame,
  type Frame,
  GUEST_LIMITS,
  type Limits,
  frameOf,
  type Hello,
  helloFrame,
  Kind,
  Neighbour,
} from '@troupe/core/internal'
import { channelPair, jsonCodec } from '@troupe/core/testing'
import { cutBy } from '../support/chunks.js'
import { turn } from '../support/settle.js'

const hello = { host: 2, you: 1, system: 'test', pid: 7 }

/** A neighbour, and the bare other end of its channel. */
function scene(cut?: (bytes: Uint8Array) => Uint8Array[], limits?: Limits, highWater = Infinity) {
  const [ours, theirs] = channelPair({ highWater, ...(cut === undefined ? {} : { cut }) })
  const seen = { hellos: [] as Hello[], frames: [] as Frame[], closes: [] as (ProtocolError | undefined)[] }
  const events = {
    onHello: (each: Hello) => void seen.hellos.push(each),
    onClose: (error: ProtocolError | undefined) => void seen.closes.push(error),
  }
  const neighbour = new Neighbour(ours, jsonCodec(), events, limits)
  neighbour.attach((frame) => void seen.frames.push({ ...frame, bytes: frame.bytes.slice() }))
  theirs.open({ onData() {}, onDrain() {}, onClose() {} })
  return { neighbour, theirs: theirs as Channel, seen }
}

describe('a neighbour', () => {
  test.each([1, 3, 1_000])('takes a hello first, then frames, in chunks of %i bytes', async (size) => {
    const { theirs, seen } = scene(cutBy([size]))
    theirs.send(helloFrame({ ...hello, codec: 'json' }))
    theirs.send(controlFrame(2, 1, { type: 'kill', actor: 17 }))
    theirs.send(frameOf({ kind: Kind.block, flags: 0, origin: 2, destination: 1 }, new Uint8Array(5)))
    await turn()
    expect(seen.hellos).toMatchObject([hello])
    expect(seen.frames.map(({ kind }) => kind)).toEqual([Kind.control, Kind.block])
  })

  test.each<[string, Uint8Array, RegExp]>([
    ['whose first frame is no hello', controlFrame(2, 1, { type: 'kill', actor: 17 }), /no hello/],
    ['of another codec', helloFrame({ ...hello, codec: 'xml' }), /it uses the codec 'xml', we use 'json'/],
    ['that sends no frames', new Uint8Array(64).fill(0xff), /a frame of 4294967295 bytes/],
  ])('%s is refused: the channel ends, with the reason, and nothing more is taken', async (_, bytes, words) => {
    const { theirs, seen } = scene()
    theirs.send(bytes)
    theirs.send(helloFrame({ ...hello, codec: 'json' }))
    await turn()
    theirs.close()
    await turn()
    expect(seen.closes).toEqual([expect.any(ProtocolError)])
    expect(seen.closes[0]?.message).toMatch(words)
    expect([seen.hellos, seen.frames]).toEqual([[], []])
  })

  test('that ends its channel in peace leaves no error', async () => {
    const { neighbour, theirs, seen } = scene()
    theirs.send(helloFrame({ ...hello, codec: 'json' }))
    theirs.close()
    neighbour.queue.close()
    await turn()
    expect(seen.closes).toEqual([undefined])
  })

  test('that does not read is ended once more waits for it than it may; a message that has begun may go beyond', async () => {
    const { neighbour, seen } = scene(undefined, { ...GUEST_LIMITS, unread: 1_000 }, 1)
    const frame = (bytes: number) =>
      frameOf({ kind: Kind.block, flags: 0, origin: 1, destination: 2 }, new Uint8Array(bytes))
    neighbour.queue.send(frame(1))
    neighbour.queue.send(frame(900))
    neighbour.queue.send(frame(900))
    for (let part = 0; part < 5; part += 1) neighbour.queue.send(frame(900), false, true)
    expect(seen.closes).toEqual([])
    neighbour.queue.send(frame(1))
    await turn()
    expect(seen.closes).toEqual([
      expect.objectContaining({ message: expect.stringContaining('that it does not read') }),
    ])
  })
})
