/** What is no data is an error at the sender, with the path of the bad member, and harms no later message. */
import { createServer } from 'node:net'
import type { Clock } from '@troupe/core'
import { Allowance, FrameQueue, HOST_LIMITS, Inbox, MAX_DEPTH, Outbox } from '@troupe/core/internal'
import { msgpackCodec } from '@troupe/transport-node/internal'
import { Pair, travel } from './blocks.js'

const clock = {
  now: () => 0,
  setTimeout: () => ({}),
  clearTimeout: () => undefined,
  setImmediate: (callback) => void setImmediate(callback),
} satisfies Clock

/** A sender and a receiver of messages, as two hosts have them; what arrives is kept. */
function lane(): { send(value: unknown): void; arrived: unknown[]; flush(): void } {
  const codec = msgpackCodec()
  const arrived: unknown[] = []
  const nothing = (): void => undefined
  const portables = { write: (value: object) => value, read: (fields: unknown) => fields }
  const inbox = new Inbox({
    codec,
    portables,
    receiver: {
      reply: nothing,
      fail: nothing,
      toHost: nothing,
      toActor: (...given) => arrived.push(given[3]),
      called: nothing,
      pulled: nothing,
      item: nothing,
      granted: nothing,
    },
    allowance: new Allowance(HOST_LIMITS),
  })
  const queue = new FrameQueue({
    open: nothing,
    close: nothing,
    destroy: nothing,
    send: (bytes) => {
      const frame = Uint8Array.from(bytes)
      inbox.receive({ kind: 2, flags: frame[5] as number, origin: 1, destination: 2, bytes: frame })
      return true
    },
  })
  const outbox = new Outbox({ queue, codec, clock, portables, origin: 1, destination: 2 })
  return {
    send: (value) => void outbox.append(16, 'take', 0, value, () => "The argument of 'take'"),
    flush: () => outbox.flush(),
    arrived,
  }
}

const cyclic: Record<string, unknown> = { name: 'ring' }
cyclic['self'] = [cyclic]

// oxlint-disable-next-line no-thenable -- what is refused
const thenable = { then: () => 1 }

function* generator(): Generator<number> {
  yield 1
}

const refused: Record<string, [value: unknown, path: string, kind: RegExp]> = {
  'a function': [{ a: [1, { close: () => 1 }] }, 'arg.a[1].close', /function/],
  'a method of a class': [Object.assign(new (class Own {})(), { run: () => 1 }), 'arg.run', /function/],
  'a class': [{ Class: class Own {} }, 'arg.Class', /function/],
  'a symbol': [[Symbol('s')], 'arg[0]', /symbol/],
  'a promise': [{ when: Promise.resolve(1) }, 'arg.when', /Promise/],
  'a thenable': [{ when: thenable }, 'arg.when', /then/],
  'a WeakMap': [new Map([['key', new WeakMap()]]), 'arg.get("key")', /WeakMap/],
  'a WeakSet': [new Set([new WeakSet()]), 'arg.values()', /WeakSet/],
  'a WeakRef': [{ 'odd key': new WeakRef({}) }, 'arg["odd key"]', /WeakRef/],
  'a generator': [{ g: generator() }, 'arg.g', /Generator/],
  'shared memory': [{ shared: new SharedArrayBuffer(4) }, 'arg.shared', /SharedArrayBuffer/],
  'a cycle': [{ ring: cyclic }, 'arg.ring.self[0]', /cycle/],
}

test.each(Object.keys(refused))('%s is refused with its path, and the next thousand messages are right', (what) => {
  const [value, path, kind] = refused[what] as [unknown, string, RegExp]
  const { send, arrived, flush } = lane()
  send({ before: 1 })
  expect(() => send(value)).toThrow(
    expect.objectContaining({ code: 'ERR_SERIALIZATION', path, message: expect.stringMatching(kind) }),
  )
  const later = Array.from({ length: 1_000 }, (_, index) => ({ index, before: [`shape${index % 40}`] }))
  for (const each of later) send(each)
  flush()
  expect(arrived).toEqual([{ before: 1 }, ...later])
})

test('failures among messages of the same shapes lose none and mix none up', () => {
  const { send, arrived, flush } = lane()
  const expected: unknown[] = []
  for (let index = 0; index < 2_000; index += 1) {
    const good = { [`key${index % 50}`]: index, inner: { [`deep${index % 7}`]: index } }
    send(good)
    expected.push(good)
    if (index % 3 === 0) {
      expect(() => send({ [`key${index % 50}`]: 1, inner: { [`new${index}`]: 1, bad: () => 1 } })).toThrow('bad')
    }
  }
  flush()
  expect(arrived).toEqual(expected)
})

test('a server is refused with the name of a member', () => {
  const { send } = lane()
  expect(() => send({ server: createServer(() => undefined) })).toThrow(
    expect.objectContaining({ code: 'ERR_SERIALIZATION', path: expect.stringMatching(/^arg\.server\../) }),
  )
})

const nests: Record<string, (inner: unknown, level: number) => unknown> = {
  arrays: (inner) => [inner],
  objects: (inner) => ({ a: inner }),
  'objects of many shapes': (inner, level) => ({ [`key${level}`]: inner }),
  maps: (inner) => new Map([['a', inner]]),
  sets: (inner) => new Set([inner]),
  instances: (inner) => Object.assign(new (class Own {})(), { inner }),
  'arrays and objects': (inner, level) => (level % 2 === 0 ? [inner] : { a: inner }),
}

function nested(levels: number, wrap: (inner: unknown, level: number) => unknown): unknown {
  let value: unknown = 1
  for (let level = 0; level < levels; level += 1) value = wrap(value, level)
  return value
}

describe.each(Object.keys(nests))('nested %s', (what) => {
  const wrap = nests[what] as (inner: unknown, level: number) => unknown

  test('arrive when as deep as is allowed', () => {
    const { send, arrived, flush } = lane()
    send(nested(MAX_DEPTH, wrap))
    flush()
    expect(arrived).toHaveLength(1)
    expect(new Pair().travel([nested(MAX_DEPTH, wrap)])).toHaveLength(1)
  })

  test('are an error at the sender when deeper, whether the packer could hold them or not', () => {
    const { send, arrived, flush } = lane()
    for (const levels of [MAX_DEPTH + 1, 1_000, 3_000, 20_000]) {
      expect(() => send(nested(levels, wrap))).toThrow(expect.objectContaining({ code: 'ERR_SERIALIZATION' }))
      send(levels)
    }
    flush()
    expect(arrived).toEqual([MAX_DEPTH + 1, 1_000, 3_000, 20_000])
  })
})

test('the refusal of a value that is too deep says how deep is allowed', () => {
  const { send } = lane()
  expect(() => send(nested(MAX_DEPTH + 1, nests['objects']!))).toThrow(`nested deeper than ${MAX_DEPTH} levels`)
})

test('a long flat value is not taken for a deep one', () => {
  const wide = { list: Array.from({ length: 10_000 }, (_, id) => ({ id, tags: ['a', ['b']] })) }
  expect(travel(wide)).toEqual(wide)
})

test('a snapshot refuses what a message does', () => {
  const { packer } = new Pair()
  expect(() => packer.snapshot({ f: () => 1 })).toThrow('function')
})
