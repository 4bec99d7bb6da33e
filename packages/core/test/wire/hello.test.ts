import fc from 'fast-check'
import { ProtocolError } from '@troupe/core'
import { FrameDecoder, helloFrame, Kind, payloadOf, PROTOCOL_VERSION, readHello } from '@troupe/core/internal'

const fields = { codec: 'json', host: 1, you: 2, system: 'shop', pid: 7 }
const payload = (value: unknown) =>
  new Uint8Array(Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)))
const hello = { troupe: PROTOCOL_VERSION, ...fields }

describe('hello', () => {
  test('travels in a frame of its own kind, from its host to the other', () => {
    new FrameDecoder((frame) => {
      expect(frame).toMatchObject({ kind: Kind.hello, flags: 0, origin: 1, destination: 2 })
      expect(readHello(payloadOf(frame), 'json')).toEqual(hello)
    }).push(helloFrame(fields))
    expect.assertions(2)
  })

  test('fields that a newer peer adds are no matter', () => {
    expect(readHello(payload({ ...hello, trace: 'x', more: [1] }), 'json')).toMatchObject(hello)
  })

  test.each<[string, unknown, RegExp]>([
    ['another version', { ...hello, troupe: 99 }, /it speaks version 99 of the protocol, we speak 1/],
    ['another codec', { ...hello, codec: 'xml' }, /it uses the codec 'xml', we use 'json'/],
    ['no host number', { ...hello, host: undefined }, /no whole number for 'host'/],
    ['a host number that is a text', { ...hello, host: '1' }, /no whole number for 'host'/],
    ['half a number', { ...hello, you: 1.5 }, /no whole number for 'you'/],
    ['no process id', { ...hello, pid: null }, /no whole number for 'pid'/],
    ['something else', { a: 1 }, /its first frame is no hello/],
    ['a list', [1], /its first frame is no hello/],
    ['null', null, /its first frame is no hello/],
    ['no JSON', '{', /its first frame is no hello/],
    ['nothing', '', /its first frame is no hello/],
  ])('is refused with words when it has %s', (_, value, words) => {
    expect(() => readHello(payload(value), 'json')).toThrow(ProtocolError)
    expect(() => readHello(payload(value), 'json')).toThrow(words)
  })

  test('any other bytes are refused with ProtocolError', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
        expect(() => readHello(bytes, 'json')).toThrow(ProtocolError)
      }),
    )
  })
})
