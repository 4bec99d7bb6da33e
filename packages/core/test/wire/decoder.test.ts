import fc from 'fast-check'
import { ProtocolError } from '@troupe/core'
import { type Frame, FrameDecoder, frameOf, HEADER_BYTES, Kind, MAX_PAYLOAD, payloadOf } from '@troupe/core/internal'
import { cutBy, cuts, joined } from '../support/chunks.js'

const frames = fc.array(
  fc.record({
    kind: fc.constantFrom(...Object.values(Kind)),
    flags: fc.integer({ min: 0, max: 255 }),
    origin: fc.integer({ min: 0, max: 0xffff_ffff }),
    destination: fc.integer({ min: 0, max: 0xffff_ffff }),
    payload: fc.uint8Array({ maxLength: 60 }),
  }),
  { maxLength: 8 },
)

const plain = (frame: Frame) => {
  const { kind, flags, origin, destination } = frame
  return { kind, flags, origin, destination, payload: Uint8Array.from(payloadOf(frame)) }
}

function decode(chunks: Iterable<Uint8Array>): { frames: ReturnType<typeof plain>[]; decoder: FrameDecoder } {
  const got: ReturnType<typeof plain>[] = []
  const decoder = new FrameDecoder((frame) => got.push(plain(frame)))
  for (const chunk of chunks) decoder.push(chunk)
  return { frames: got, decoder }
}

/** Runs `body` and returns the largest Uint8Array that was allocated meanwhile. */
function largestAllocation(body: () => void): number {
  const Real = globalThis.Uint8Array
  let largest = 0
  globalThis.Uint8Array = new Proxy(Real, {
    construct(target, args, newTarget) {
      if (typeof args[0] === 'number') largest = Math.max(largest, args[0])
      return Reflect.construct(target, args, newTarget)
    },
  })
  try {
    body()
  } finally {
    globalThis.Uint8Array = Real
  }
  return largest
}

const header = (length: number, kind: number): Uint8Array => {
  const bytes = frameOf({ kind, flags: 0, origin: 1, destination: 2 }, new Uint8Array())
  new DataView(bytes.buffer).setUint32(0, length)
  return bytes
}

describe('the decoder', () => {
  test('gives the frames that were sent, however their bytes are cut', () => {
    fc.assert(
      fc.property(frames, cuts, (sent, sizes) => {
        const stream = joined(sent.map(({ payload, ...head }) => frameOf(head, payload)))
        const { frames: got, decoder } = decode(cutBy(sizes)(stream))
        expect(got).toEqual(sent)
        expect(decoder.atBorder).toBe(true)
      }),
    )
  })

  const two = [Uint8Array.of(1, 2, 3), Uint8Array.of()].map((payload) =>
    frameOf({ kind: Kind.block, flags: 0, origin: 1, destination: 2 }, payload),
  )
  test.each([
    ['one byte at a time', [1]],
    ['two frames at once', [1_000]],
    ['cut within the first header', [7, 1_000]],
    ['cut at the end of a header', [HEADER_BYTES, 1_000]],
    ['cut within a payload', [HEADER_BYTES + 1, 1_000]],
    ['cut within the second header', [HEADER_BYTES + 3 + 5, 1_000]],
  ])('%s', (_, sizes) => {
    expect(decode(cutBy(sizes)(joined(two))).frames.map(({ payload }) => [...payload])).toEqual([[1, 2, 3], []])
  })

  test('gives the whole frames of a stream that was cut short, and knows that it was', () => {
    fc.assert(
      fc.property(frames, cuts, fc.nat(), (sent, sizes, cutAt) => {
        const bytes = sent.map(({ payload, ...head }) => frameOf(head, payload))
        const stream = joined(bytes)
        const length = stream.length === 0 ? 0 : cutAt % stream.length
        let borders = 0
        const whole = bytes.filter((frame) => (borders += frame.length) <= length)
        const { frames: got, decoder } = decode(cutBy(sizes)(stream.subarray(0, length)))
        expect(got).toEqual(sent.slice(0, whole.length))
        expect(decoder.atBorder).toBe(joined(whole).length === length)
      }),
    )
  })

  test('answers bytes that are no frames with ProtocolError only, and never gives a frame that was not there', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), cuts, (bytes, sizes) => {
        const got: Frame[] = []
        const decoder = new FrameDecoder((frame) => got.push({ ...frame, bytes: frame.bytes.slice() }))
        let at = 0
        try {
          for (const chunk of cutBy(sizes)(bytes)) decoder.push(chunk)
        } catch (error) {
          expect(error).toBeInstanceOf(ProtocolError)
        }
        for (const frame of got) {
          expect(frame.bytes).toEqual(bytes.slice(at, at + frame.bytes.length))
          expect(frame.bytes.length).toBe(HEADER_BYTES + new DataView(bytes.buffer).getUint32(at))
          expect(frame.kind >= Kind.hello && frame.kind <= Kind.control).toBe(true)
          at += frame.bytes.length
        }
      }),
      { numRuns: 300 },
    )
  })

  test.each([
    ['too long', header(MAX_PAYLOAD + 1, Kind.block), /a frame of 262145 bytes, more than 262144/],
    ['as long as can be written', header(0xffff_ffff, Kind.block), /a frame of 4294967295 bytes/],
    ['of kind 0', header(1, 0), /unknown kind 0/],
    ['of a kind to come', header(1, Kind.control + 1), /unknown kind 5/],
  ])('refuses a frame %s as soon as its header is there, before anything is allocated', (_, bytes, message) => {
    for (const sizes of [[1], [HEADER_BYTES]]) {
      const decoder = new FrameDecoder(() => undefined)
      const feed = () => {
        for (const chunk of cutBy(sizes)(bytes)) decoder.push(chunk)
      }
      expect(largestAllocation(() => expect(feed).toThrow(message))).toBeLessThanOrEqual(HEADER_BYTES)
    }
  })

  test('never holds more than one frame of the largest size', () => {
    const payload = new Uint8Array(MAX_PAYLOAD).fill(7)
    const frame = frameOf({ kind: Kind.block, flags: 0, origin: 1, destination: 2 }, payload)
    const chunks = cutBy([100_000])(joined([frame, frame, frame]))
    let seen = 0
    const decoder = new FrameDecoder((each) => (seen += payloadOf(each).length))
    expect(largestAllocation(() => chunks.forEach((chunk) => decoder.push(chunk)))).toBe(MAX_PAYLOAD + HEADER_BYTES)
    expect(seen).toBe(3 * MAX_PAYLOAD)
  })

  test('does not copy a frame that lies whole in its chunk', () => {
    const chunk = joined(two)
    const buffers: ArrayBufferLike[] = []
    new FrameDecoder(({ bytes }) => buffers.push(bytes.buffer)).push(chunk)
    expect(buffers).toEqual([chunk.buffer, chunk.buffer])
    expect(buffers[0]).toBe(chunk.buffer)
  })
})
