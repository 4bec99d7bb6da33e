/** What every codec promises (ports/codec.ts), each promise as a case. What is data: message/data.ts. */
import { MAX_DEPTH, PORTABLE } from '../message/data.js'
import type { Codec, Portables } from '../ports/codec.js'
import { type Case, makeCase, type SuiteOptions } from './suite/case.js'
import { check, checkThat, failureOf, tagOf } from './suite/check.js'
import { Lane } from './suite/lane.js'
import { BAD, KINDS, nested } from './suite/values.js'

/** Cases for a codec; `make` is called for each end, as two processes would. */
export function codecSuite(make: () => Codec, options: SuiteOptions = {}): readonly Case[] {
  const each = (name: string, body: () => Promise<void> | void): Case => makeCase(name, options, () => body())
  const lane = (portables?: Portables): Lane => new Lane(make, portables)

  return [
    each('both ends name the same codec', () => check('The name', make().name, make().name)),
    ...Object.entries(KINDS).map(([kind, values]) =>
      each(`${kind} arrive as they were, alone and within others`, () => {
        const list = values()
        const all = lane()
        check('What arrived', all.travel(list), list)
        check('The kinds', all.travel(list).map(tagOf), list.map(tagOf))
        const within = list.map((value) => ({ value, list: [value], map: new Map([['key', value]]) }))
        check('What arrived within others', all.travel(within), within)
      }),
    ),
    each('instances of classes arrive as plain objects of their own fields', () => {
      class Point {
        readonly x = 1
        get sum(): number {
          return 3
        }
        toJSON(): string {
          return 'not this'
        }
      }
      const [arrived] = lane().travel([new Point()])
      check('What arrived', arrived, { x: 1 })
      check('Its prototype', Object.getPrototypeOf(arrived) === Object.prototype, true)
    }),
    each('holes arrive as undefined, and keys that mean something elsewhere as keys', () => {
      const odd = { constructor: 'c', toString: 't', length: 3, '': 0, $: 1, v: 2, kind: 'k' }
      const polluting: unknown = JSON.parse('{"__proto__": {"polluted": true}}')
      const [holes, keys, polluted] = lane().travel([Array(3), odd, polluting])
      check('Holes', holes, [undefined, undefined, undefined])
      check('Odd keys', keys, odd)
      check('A field of __proto__', (polluted as { polluted?: unknown }).polluted, undefined)
      check('The prototype of all', ({} as { polluted?: unknown }).polluted, undefined)
    }),
    each('errors arrive with class, fields and cause, and where they were thrown', () => {
      const cause = new TypeError('why')
      const sent = Object.assign(new RangeError('what', { cause }), { code: 'E_X', list: [{ a: 1 }] })
      const [{ error }] = lane().travel([{ error: sent }]) as [{ error: typeof sent & { remoteStack: string } }]
      check('The error', [error.name, error.message, error.code, error.list], ['RangeError', 'what', 'E_X', [{ a: 1 }]])
      check('Its cause', String(error.cause), 'TypeError: why')
      check('Where it was thrown', error.remoteStack, sent.stack)
      check('Its class', Object.getPrototypeOf(error) === RangeError.prototype, true)
    }),
    each('a view takes along its own bytes only, and shares memory with nothing that arrives later', () => {
      const whole = Uint8Array.from({ length: 64 }, (_, index) => index)
      const all = lane()
      const [bytes, words] = all.travel([whole.subarray(3, 6), new Uint32Array(whole.buffer, 8, 2)]) as [
        Uint8Array,
        Uint32Array,
      ]
      all.travel([new Uint8Array(500).fill(0xee)])
      check('Bytes', [...bytes], [3, 4, 5])
      check('Words', [...words], [...new Uint32Array(whole.buffer, 8, 2)])
      checkThat(bytes.buffer.byteLength < 64, `three bytes to keep less than 64 alive, got ${bytes.buffer.byteLength}`)
    }),
    each('a value is a snapshot, taken when it is appended', () => {
      const all = lane()
      const value = { list: [1], bytes: Uint8Array.of(1, 2) }
      all.begin()
      all.append(value)
      value.list.push(2)
      value.bytes.fill(9)
      all.end()
      const [arrived] = all.read() as [{ list: number[]; bytes: Uint8Array }]
      check('What arrived', [arrived.list, [...arrived.bytes]], [[1], [1, 2]])
    }),
    each('block after block arrives in order, the ends keeping what they have learnt', () => {
      const all = lane()
      for (let round = 0; round < 30; round += 1) {
        const values = Array.from({ length: 100 }, (_, n) => ({ [`key${(n * round) % 90}`]: n, round, list: [{ n }] }))
        check(`Block ${round}`, all.travel(values), values)
      }
    }),
    each('the numbers of an envelope arrive exactly, up to 2^32 - 1', () => {
      const borders = [0, 1, 31, 32, 63, 64, 127, 128, 255, 256, 65_535, 65_536, 2 ** 31 - 1, 2 ** 31, 2 ** 32 - 1]
      const all = lane()
      all.begin()
      for (const to of borders) for (const id of borders) all.append({ to, id }, to, (to + id) % 2 ** 32, id)
      all.end()
      const expected = borders.flatMap((to) => borders.map((id) => [to, (to + id) % 2 ** 32, id, { to, id }]))
      check(
        'The envelopes',
        all.readEnvelopes().map((each) => each.slice(0, 4)),
        expected,
      )
    }),
    each('the size of an envelope is what it added to the slab, and arrives with it', () => {
      const all = lane()
      const values = [1, 'x'.repeat(50), { text: 'x'.repeat(100_000) }, [1, 2, 3], new Uint8Array(5_000)]
      all.begin()
      const told = values.map((value) => {
        const before = all.slab.length
        const size = all.append(value)
        // What tells the size may take a few bytes of its own.
        const added = all.slab.length - before
        checkThat(added - size >= 0 && added - size <= 5, `a size of about ${added} bytes, got ${size}`)
        return size
      })
      all.end()
      check(
        'The sizes that arrived',
        all.readEnvelopes().map((each) => each[4]),
        told,
      )
    }),
    each('values larger than the slab arrive, and so does what stands around them', () => {
      const all = lane()
      all.slab.bytes = all.packer.allocate(64)
      const big = new Uint8Array(1_000_000).fill(7)
      const values = [{ before: 1 }, big, { text: 'äöü'.repeat(50_000) }, { after: 2 }, { before: 3 }]
      const arrived = all.travel(values)
      check('What arrived', arrived, values)
    }),
    each('what stands in the slab before a block is left as it is', () => {
      const all = lane()
      all.slab.length = 0
      for (let at = 0; at < 16; at += 1) all.slab.bytes[at] = 100 + at
      all.slab.length = 16
      all.packer.begin(all.slab)
      all.append({ text: 'x'.repeat(200_000) })
      all.packer.end(all.slab)
      check(
        'What stood there',
        [...all.slab.bytes.subarray(0, 16)],
        Array.from({ length: 16 }, (_, at) => 100 + at),
      )
      check('What arrived', all.read(16), [{ text: 'x'.repeat(200_000) }])
    }),
    ...Object.entries(BAD).map(([kind, value]) =>
      each(`${kind} is refused when it is appended, and what was appended before still arrives`, async () => {
        const all = lane()
        all.begin()
        all.append({ before: 1, inner: [1] })
        const before = all.slab.length
        await failureOf(`append of ${kind}`, () => all.append({ before: 2, inner: value() }))
        check('slab.length after the throw', all.slab.length, before)
        all.end()
        check('What arrived', all.read(), [{ before: 1, inner: [1] }])
        // The two ends start afresh, as an outbox and an inbox do.
        all.renew()
        check('What a fresh packer sends', all.travel([{ before: 3, inner: [2] }]), [{ before: 3, inner: [2] }])
        await failureOf(`a snapshot of ${kind}`, () => all.packer.snapshot({ inner: value() }))
      }),
    ),
    each(`values nested ${MAX_DEPTH} deep arrive, and deeper ones are refused`, async () => {
      const all = lane()
      check(
        'How many arrived',
        all.travel([nested(MAX_DEPTH - 1, 'arrays'), nested(MAX_DEPTH - 1, 'objects')]).length,
        2,
      )
      for (const levels of [MAX_DEPTH + 1, 5_000, 20_000]) {
        for (const kind of ['arrays', 'objects'] as const) {
          all.renew()
          all.begin()
          await failureOf(`append of ${kind}, ${levels} deep`, () => all.append(nested(levels, kind)))
        }
      }
    }),
    each('a portable travels as what is written for it, and arrives as what is read of that', () => {
      const all = lane({
        write: (value) => ['written', (value as { id?: unknown }).id],
        read: (fields) => ({ read: fields }),
      })
      const arrived = all.travel([new Portable(1), { deep: [new Map([['key', new Portable(2)]])] }])
      const read = (id: number): object => ({ read: ['written', id] })
      check('What arrived', arrived, [read(1), { deep: [new Map([['key', read(2)]])] }])
    }),
    each('two lanes in one process give portables each to its own, and share no other state', () => {
      const lanes = ['a', 'b'].map((name) =>
        lane({ write: () => name, read: (fields) => `${String(fields)} of ${name}` }),
      )
      const [a, b] = lanes as [Lane, Lane]
      const portable = new Portable(1)
      for (let round = 0; round < 5; round += 1) {
        check('Over a', a.travel([{ id: round, name: 'a' }, { portable }]), [
          { id: round, name: 'a' },
          { portable: 'a of a' },
        ])
        check('Over b', b.travel([{ x: round, y: 2 }, { portable }]), [{ x: round, y: 2 }, { portable: 'b of b' }])
      }
    }),
    each('a snapshot is what would arrive, with the same portables, and leaves no state behind', () => {
      const all = lane()
      const portable = new Portable(1)
      const value = { list: [1], map: new Map([[1, { deep: [2] }]]), portable }
      const copy = all.packer.snapshot(value) as typeof value
      value.list.push(3)
      check('The list', copy.list, [1])
      check('The map', copy.map, new Map([[1, { deep: [2] }]]))
      checkThat(copy.portable === portable, 'the portable itself')
      check('What is sent later', all.travel([{ deep: 1 }, { deep: 2 }]), [{ deep: 1 }, { deep: 2 }])
    }),
    each('garbled bytes are an error, or some values, and never a hang', () => {
      for (let seed = 1; seed <= 300; seed += 1) readsOrThrows(lane(), garbled(make, seed))
    }),
    each('a block that was cut is refused', async () => {
      const all = lane()
      const block = all.block([{ a: 1 }, { text: 'x'.repeat(100) }])
      await failureOf('read of half a block', () => all.unpacker.read(block.slice(0, block.length >> 1)))
    }),
  ]
}

/** Travels by itself, and would be refused if it did not. */
class Portable {
  readonly id: number

  constructor(id: number) {
    this.id = id
    Object.defineProperty(this, PORTABLE, { value: true })
  }

  readonly hidden = (): number => 1
}

/** A block in which some bytes are others. */
function garbled(make: () => Codec, seed: number): Uint8Array {
  const block = new Lane(make).block([
    { id: seed, text: 'some text', list: [1, 2.5, null] },
    new Map([[1, new Date(1)]]),
  ])
  let state = seed
  for (let times = 0; times <= seed % 5; times += 1) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    block[state % block.length] = state >>> 24
  }
  return block
}

/** Values of foreign bytes may be any; only a list, or an error, may come of them. */
function readsOrThrows(lane: Lane, block: Uint8Array): void {
  try {
    lane.unpacker.read(block)
  } catch {
    return
  }
}
