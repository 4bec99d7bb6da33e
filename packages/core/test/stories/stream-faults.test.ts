/** Streams both ways over channels that delay, cut anew and break off: what must hold whatever happens. */
import { type ActorRef, createSystem, defineActor } from '@troupe/core'
import type { ActorSystem } from '@troupe/core/internal'
import { faultChannel, inline } from '@troupe/core/testing'
import { turn } from '../support/settle.js'

/** Numbers from 0 to 1, the same for the same seed. */
function chance(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0
    return (state >>> 8) / 0x100_0000
  }
}

/** Generators that were opened and closed, wherever they run. */
class Books {
  opened = 0
  closed = 0
  /** Those that wait for the items of another; in a host that died they wait for ever. */
  passing = 0

  async *numbers(to: number, size: number): AsyncGenerator<[number, string]> {
    this.opened += 1
    try {
      for (let n = 0; n < to; n += 1) {
        if (n % 7 === 3) await turn()
        yield [n, 'x'.repeat(n % 5 === 0 ? size : 1)]
      }
    } finally {
      this.closed += 1
    }
  }
}

interface Worker {
  give(how: { to: number; size: number }): AsyncIterable<[number, string]>
  drink(how: { items: AsyncIterable<[number, string]>; most: number }): Promise<number[]>
  pass(items: AsyncIterable<[number, string]>): AsyncIterable<[number, string]>
  idle(): string
}

function worker(books: Books) {
  return defineActor.for<Worker>()({
    init: () => undefined,
    on: {
      async *give(_, { to, size }) {
        yield* books.numbers(to, size)
      },
      async drink(_, { items, most }) {
        const seen: number[] = []
        for await (const [n] of items) {
          seen.push(n)
          if (seen.length === most) break
        }
        return seen
      },
      async *pass(_, items) {
        books.passing += 1
        try {
          yield* items
        } finally {
          books.passing -= 1
        }
      },
      idle: () => 'idle',
    },
  })
}

const MOST = 60

/** One stream of a kind that `random` decides. Throws when what came is not what was sent, in order. */
async function oneStream(ref: ActorRef<Worker>, books: Books, random: () => number): Promise<void> {
  const [to, size] = [Math.floor(random() * MOST), 1 + Math.floor(random() ** 4 * 20_000)]
  const most = random() < 0.5 ? Infinity : 1 + Math.floor(random() * MOST)
  const options = { window: 1 + Math.floor(random() * 8), windowBytes: 1 + Math.floor(random() * 4_000) }
  const kind = random()
  const seen: number[] = []
  if (kind < 0.3) {
    seen.push(...(await ref.ask('drink', { items: books.numbers(to, size), most })))
  } else {
    const stream =
      kind < 0.65 ? ref.stream('give', { to, size }, options) : ref.stream('pass', books.numbers(to, size), options)
    for await (const [n, text] of stream) {
      if (text.length !== (n % 5 === 0 ? size : 1)) throw new Error('an item is not what it was')
      seen.push(n)
      if (seen.length === most) break
    }
  }
  const expected = Math.min(to, most)
  if (seen.length !== expected || seen.some((n, index) => n !== index)) {
    throw new Error(`expected 0 to ${expected}, got ${seen.join()}`)
  }
}

const pendingIn = (system: ActorSystem): number =>
  [...system.router.peers()].reduce((sum, peer) => sum + peer.pending, 0)

async function quiet(holds: () => boolean): Promise<void> {
  for (let round = 0; round < 2_000 && !holds(); round += 1) await turn()
}

function world(seed: number, cut: number) {
  const books = new Books()
  const on = inline({
    channel: { highWater: seed % 3 === 0 ? 500 : undefined } as object,
    wrap: (channel, end) =>
      faultChannel(channel, {
        seed: 2 * seed + (end === 'near' ? 1 : 0),
        chunk: 3_000,
        cut: end === 'near' ? cut : undefined,
      }),
  })
  const system = createSystem({ name: `faults ${seed}` })
  system.events$.subscribe(() => undefined)
  return { books, on, system, own: system as unknown as ActorSystem }
}

describe('streams over a channel with faults', () => {
  test.each(Array.from({ length: 10 }, (_, index) => index))(
    'arrive in order, lose nothing, leave nothing: %i',
    async (part) => {
      for (let seed = part * 3; seed < part * 3 + 3; seed += 1) {
        const random = chance(seed)
        const { books, on, system, own } = world(seed, Infinity)
        const ref = await system.spawn(worker(books), undefined, { on })
        for (let round = 0; round < 2; round += 1) {
          await Promise.all(Array.from({ length: 6 }, () => oneStream(ref, books, random)))
        }
        expect(await ref.ask('idle')).toBe('idle')
        const far = on.hosts[0]?.system as ActorSystem
        await quiet(() => books.closed === books.opened && books.passing + pendingIn(own) + pendingIn(far) === 0)
        expect([seed, books.closed, books.passing, pendingIn(own), pendingIn(far)]).toEqual([
          seed,
          books.opened,
          0,
          0,
          0,
        ])
        await system.stop()
      }
    },
  )

  test.each(Array.from({ length: 10 }, (_, index) => index))(
    'are over at both ends when it breaks off: %i',
    async (part) => {
      for (let seed = part * 3; seed < part * 3 + 3; seed += 1) {
        const random = chance(1_000 + seed)
        const { books, on, system, own } = world(seed, 2_000 + Math.floor(random() * 40_000))
        const ref = await system.spawn(worker(books), undefined, { on })
        const flows = Array.from({ length: 12 }, () => oneStream(ref, books, random))
        const outcomes = await Promise.allSettled(flows)
        for (const outcome of outcomes) {
          if (outcome.status === 'rejected') expect(outcome.reason).toMatchObject({ code: 'ERR_ACTOR_DOWN' })
        }
        await ref.kill()
        await quiet(() => books.closed === books.opened)
        expect([seed, books.closed, pendingIn(own)]).toEqual([seed, books.opened, 0])
        await system.stop()
      }
    },
  )
})
