import fc from 'fast-check'
import { type Channel, ProtocolError, SerializationError } from '@troupe/core'
import {
  Allowance,
  Flag,
  type Frame,
  FrameDecoder,
  FrameQueue,
  frameOf,
  HOST_LIMITS,
  Inbox,
  Kind,
  MAX_PAYLOAD,
  Outbox,
  payloadOf,
  type Receiver,
  To,
} from '@troupe/core/internal'
import { jsonCodec, ManualClock } from '@troupe/core/testing'
import { cutBy, cuts } from '../support/chunks.js'
import { turn } from '../support/settle.js'

type Arrived = [to: string, name: string, id: number, value: unknown, bytes?: number]

/** An outbox whose bytes go, cut by `sizes`, through a decoder into an inbox. */
const portables = { write: (value: object) => value, read: (fields: unknown) => fields }

function way(sizes: readonly number[] = [1_000_000]) {
  const arrived: Arrived[] = []
  const frames: Frame[] = []
  let granted = 0
  const receiver: Receiver = {
    reply: (id, value) => arrived.push(['reply', '', id, value]),
    fail: (id, error) => arrived.push(['fail', '', id, error]),
    toHost: (name, id, value) => arrived.push(['host', name, id, value]),
    toActor: (actor, name, id, value, bytes) => arrived.push([String(actor), name, id, value, bytes]),
    called: (name, id, call, bytes) => arrived.push(['call', name, id, call, bytes]),
    pulled: (id, pull) => arrived.push(['pull', '', id, pull]),
    item: (id, value, bytes) => arrived.push(['item', '', id, value, bytes]),
    granted: (id, grant) => arrived.push(['grant', '', id, grant]),
  }
  const codec = jsonCodec()
  const inbox = new Inbox({ codec, portables, receiver, allowance: new Allowance(HOST_LIMITS) })
  const decoder = new FrameDecoder((frame) => {
    frames.push({ ...frame, bytes: frame.bytes.slice() })
    granted += inbox.receive(frame)
  })
  const cut = cutBy(sizes)
  const channel: Channel = {
    send(bytes) {
      for (const chunk of cut(bytes.slice())) decoder.push(chunk)
      return true
    },
    open() {},
    close() {},
    destroy() {},
  }
  const clock = new ManualClock()
  const queue = new FrameQueue(channel)
  const outbox = new Outbox({ queue, codec, clock, portables, origin: 1, destination: 2 })
  const send = (actor: number, name: string, id: number, value: unknown) =>
    outbox.append(actor, name, id, value, () => `The argument of '${name}'`)
  return { outbox, send, arrived, frames, clock, inbox, granted: () => granted }
}

const values = fc.oneof(
  fc.jsonValue({ maxDepth: 3 }),
  fc.uint8Array({ maxLength: 300 }),
  fc.string({ maxLength: 50 }),
  fc.constantFrom(undefined, 1n, Number.NaN, new Date(0).getTime()),
)
const steps = fc.array(
  fc.oneof(
    {
      weight: 8,
      arbitrary: fc.record({
        type: fc.constant('send' as const),
        to: fc.constantFrom<number>(To.reply, To.fail, To.host, 16, 17),
        name: fc.constantFrom('add', 'get', 'fehlt ✗', '__proto__'),
        id: fc.nat(70_000),
        value: values,
      }),
    },
    { weight: 1, arbitrary: fc.constantFrom({ type: 'flush' as const }, { type: 'bad' as const }) },
  ),
  { maxLength: 60 },
)

describe('the way to a host', () => {
  test('brings every message once, in order, with its size, however the bytes are cut and whatever failed in between', () => {
    fc.assert(
      fc.property(steps, cuts, (plan, sizes) => {
        const { outbox, send, arrived, granted } = way(sizes)
        const expected: Arrived[] = []
        for (const step of plan) {
          if (step.type === 'flush') outbox.flush()
          else if (step.type === 'bad') expect(() => send(16, 'add', 0, { f: () => 0 })).toThrow(SerializationError)
          else {
            const { to, name, id, value } = step
            const named = to > To.fail
            const bytes = outbox.append(to, named ? name : undefined, id, value, () => name)
            const place = to === To.reply ? 'reply' : to === To.fail ? 'fail' : to === To.host ? 'host' : String(to)
            expected.push([place, named ? name : '', id, value, ...(to > To.host ? [bytes] : [])] as Arrived)
          }
        }
        outbox.flush()
        expect(arrived).toEqual(expected)
        expect(granted()).toBe(outbox.outstanding)
      }),
    )
  })

  test('packs at the call: what is changed afterwards does not travel', () => {
    const { outbox, send, arrived } = way()
    const value = { n: 1 }
    send(16, 'set', 0, value)
    value.n = 2
    outbox.flush()
    expect(arrived.map((each) => each[3])).toEqual([{ n: 1 }])
  })

  test('sends the first message at the end of the running code, the rest of the turn together', async () => {
    const { send, frames, clock } = way()
    send(16, 'a', 0, 1)
    send(16, 'a', 0, 2)
    expect(frames.length).toBe(0)
    await turn()
    expect(frames.length).toBe(1)
    for (let index = 0; index < 5; index += 1) {
      send(16, 'a', 0, index)
      await turn()
    }
    expect(frames.length).toBe(1)
    await clock.advance(0)
    expect(frames.length).toBe(2)
    send(16, 'a', 0, 9)
    await turn()
    expect(frames.length).toBe(3)
  })

  test('sends a full slab at once', () => {
    const { send, frames } = way()
    for (let index = 0; index < 40; index += 1) send(16, 'a', 0, 'x'.repeat(1_000))
    expect(frames.length).toBeGreaterThanOrEqual(1)
  })

  test.each([MAX_PAYLOAD, MAX_PAYLOAD + 1, 3 * MAX_PAYLOAD, 3 * MAX_PAYLOAD + 12_345])(
    'cuts a block around a message of %i bytes into parts that fit, and puts it together',
    (size) => {
      const { outbox, send, arrived, frames } = way([70_000])
      const text = Array.from({ length: size / 8 }, (_, index) => String(index).padStart(8)).join('')
      send(16, 'before', 0, 1)
      send(16, 'big', 0, text)
      send(16, 'after', 0, 2)
      outbox.flush()
      expect(arrived.map(([, name, , value]) => [name, value])).toEqual([
        ['before', 1],
        ['big', text],
        ['after', 2],
      ])
      expect(Math.max(...frames.map((frame) => payloadOf(frame).length))).toBeLessThanOrEqual(MAX_PAYLOAD)
      const more = frames.map(({ flags }) => (flags & Flag.more) !== 0)
      const flags = more.slice(more.indexOf(true), more.lastIndexOf(true) + 2)
      expect(flags).toEqual([...new Array(flags.length - 1).fill(true), false])
    },
  )

  test('puts one cut block after the other together, each of its own parts', () => {
    const { outbox, send, arrived } = way([50_000])
    const texts = [3, 2, 4].map((times, index) => String(index).repeat(times * MAX_PAYLOAD))
    for (const text of texts) {
      send(16, 'big', 0, text)
      outbox.flush()
    }
    expect(arrived.map((each) => each[3])).toEqual(texts)
  })

  test('after a failed pack the next message is right, and says that its packer is a fresh one', () => {
    const { outbox, send, arrived, frames } = way()
    send(16, 'a', 0, 1)
    expect(() => send(16, 'a', 0, { deep: [Symbol('s')] })).toThrow(
      /The argument of 'a' cannot be sent: arg\.deep\[0\] is a symbol/,
    )
    send(16, 'a', 0, 2)
    outbox.flush()
    outbox.flush()
    send(16, 'a', 0, 3)
    outbox.flush()
    expect(arrived.map((each) => each[3])).toEqual([1, 2, 3])
    expect(frames.map(({ flags }) => flags)).toEqual([Flag.fresh, Flag.fresh, 0])
  })

  test('a snapshot is a copy as the receiver would get it, and leaves nothing behind', () => {
    const { outbox, send, arrived } = way()
    const value = { list: [1, undefined, 2n] }
    const copy = outbox.snapshot(value, () => 'It')
    expect(copy).toEqual(value)
    expect(copy).not.toBe(value)
    expect(() => outbox.snapshot({ f: () => 0 }, () => 'It')).toThrow(/It cannot be sent: arg\.f is a function/)
    send(16, 'a', 0, copy)
    outbox.flush()
    expect(arrived.map((each) => each[3])).toEqual([value])
  })

  test('sends nothing once it is closed', () => {
    const { outbox, send, frames } = way()
    send(16, 'a', 0, 1)
    outbox.close()
    expect(send(16, 'a', 0, 2)).toBe(0)
    outbox.flush()
    expect(frames).toEqual([])
  })
})

describe('what is no block', () => {
  const nothing = (): void => undefined
  const receiver: Receiver = {
    reply: nothing,
    fail: nothing,
    toHost: nothing,
    toActor: nothing,
    called: nothing,
    pulled: nothing,
    item: nothing,
    granted: nothing,
  }
  const block = (payload: Uint8Array, flags = 0) => {
    const head = { kind: Kind.block, flags, origin: 2, destination: 1 }
    return { ...head, bytes: frameOf(head, payload) }
  }
  const reading = (items: unknown) =>
    new Inbox({
      codec: { ...jsonCodec(), unpacker: () => ({ read: () => items as unknown[] }) },
      portables,
      receiver,
      allowance: new Allowance(HOST_LIMITS),
    })

  test.each<[string, unknown]>([
    ['no list', { length: 5 }],
    ['a list of another length', [16, 0, 0, 'x']],
    ['a target that is no number', ['16', 0, 0, 'x', 1]],
    ['a negative name', [16, -1, 0, 'x', 1]],
    ['a question without a number', [16, 0, null, 'x', 1]],
    ['a size that is none', [16, 0, 0, 'x', Number.NaN]],
    ['a name that was never told', [16, 7, 0, 'x', 1]],
    ['a request whose name was never told', [To.host, 7, 0, 'x', 1]],
    ['a number that is not whole', [16, 0, 1.5, 'x', 1]],
    ['a number beyond four bytes', [16, 0, 2 ** 32, 'x', 1]],
    ['a name far beyond the others', [To.name, 4_000_000_000, 0, 'x', 1]],
    ['a name that is no text', [To.name, 0, 0, { toString: 1 }, 1]],
  ])('is refused with ProtocolError: %s', (_, items) => {
    expect(() => reading(items).receive(block(Uint8Array.of(1)))).toThrow(ProtocolError)
  })

  test('is refused: one that is larger than what it says of its messages', () => {
    const name = [To.name, 0, 0, 'add', 1]
    const inbox = reading([...name, 16, 0, 0, 'x', 0])
    expect(() => inbox.receive(block(new Uint8Array(4_000)))).not.toThrow()
    expect(() => inbox.receive(block(new Uint8Array(6_000)))).toThrow(/larger than its messages/)
  })

  test('is refused: names without end', () => {
    const long = 'n'.repeat(1024 * 1024)
    const inbox = reading([To.name, 0, 0, long, long.length])
    expect(() => {
      for (let times = 0; times < 20; times += 1) inbox.receive(block(new Uint8Array(1)))
    }).toThrow(/names without end/)
  })

  test('is refused: what the codec cannot read, with its error as the cause', () => {
    const inbox = new Inbox({ codec: jsonCodec(), portables, receiver, allowance: new Allowance(HOST_LIMITS) })
    const receive = () => inbox.receive(block(Uint8Array.of(0, 0, 0, 2, 0x7b, 0x7b)))
    expect(receive).toThrow(ProtocolError)
    expect(receive).toThrow(expect.objectContaining({ cause: expect.any(Error) }))
  })

  test('any bytes are refused with ProtocolError, or are envelopes', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 60 }), { maxLength: 4 }), fc.nat(3), (payloads, flags) => {
        const inbox = new Inbox({ codec: jsonCodec(), portables, receiver, allowance: new Allowance(HOST_LIMITS) })
        try {
          for (const payload of payloads) inbox.receive(block(payload, flags))
        } catch (error) {
          expect(error).toBeInstanceOf(ProtocolError)
        }
      }),
    )
  })
})
