import fc from 'fast-check'
import { type Control, controlFrame, FrameDecoder, Kind, payloadOf, readControl } from '@troupe/core/internal'

const payload = (value: unknown) => new Uint8Array(Buffer.from(JSON.stringify(value)))

describe('control', () => {
  test.each<Control>([
    { type: 'stop', actor: 17, timeout: 5_000 },
    { type: 'stop', actor: 17, timeout: -1 },
    { type: 'kill', actor: 17 },
    { type: 'abandon', ask: 3 },
  ])('%j arrives as it was sent', (control) => {
    new FrameDecoder((frame) => {
      expect(frame).toMatchObject({ kind: Kind.control, flags: 0, origin: 1, destination: 2 })
      expect(readControl(payloadOf(frame))).toEqual(control)
    }).push(controlFrame(1, 2, control))
    expect.assertions(2)
  })

  test.each<[unknown]>([
    [{ type: 'pause', actor: 17 }],
    [{ type: 'kill' }],
    [{ type: 'kill', actor: 'all' }],
    [{ type: 'kill', actor: 1.5 }],
    [{ type: 'abandon', actor: 17 }],
    [{ type: ['kill'], actor: 17 }],
    [[]],
    [null],
    ['kill'],
  ])('%j is passed over: a newer peer may know more', (value) => {
    expect(readControl(payload(value))).toBeUndefined()
  })

  test('any bytes are either control or nothing', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => expect(readControl(bytes)).toBeUndefined()))
  })
})
