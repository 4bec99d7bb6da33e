/** Two hosts over a memory channel: how much may be on its way, and that the books agree in the end. */
import fc from 'fast-check'
import { createSystem, defineActor, MailboxFullError, type System } from '@troupe/core'
import { FrameDecoder, HEADER_BYTES, Kind, payloadOf, readGrants } from '@troupe/core/internal'
import { cutBy } from '../support/chunks.js'
import { memoryHost, memoryModule } from '../support/memory-host.js'
import { deferred, turn } from '../support/settle.js'

const MEBIBYTE = 1024 * 1024
/** What one turn may put on top of a window before it is found full: one message and its block. */
const SLACK = 300 * 1024

let gate = deferred()
const held = memoryModule({
  slow: defineActor({
    init: () => ({ handled: 0, last: undefined as unknown }),
    on: {
      async work(state, value: unknown) {
        await gate.promise
        state.last = value
        state.handled += 1
      },
      count: (state) => state.handled,
    },
  }),
  narrow: defineActor({
    init: () => ({ handled: [] as number[] }),
    on: {
      async work(state, n: number) {
        await gate.promise
        state.handled.push(n)
      },
      handled: (state) => state.handled,
    },
    mailbox: { capacity: 4 },
  }),
  refusing: defineActor({
    init: () => ({ last: -1 }),
    on: {
      async work(state, n: number) {
        await gate.promise
        state.last = n
      },
    },
    mailbox: { capacity: 2, overflow: 'reject' },
  }),
})

/** What went over one way: block bytes, and the grants for the other way. */
function ledger() {
  const sum = { block: 0, pairGranted: 0, actorGranted: 0, messagesGranted: 0 }
  const decoder = new FrameDecoder((frame) => {
    if (frame.kind === Kind.block) sum.block += frame.bytes.length - HEADER_BYTES
    if (frame.kind !== Kind.credit) return
    for (const { actor, messages, bytes } of readGrants(payloadOf(frame))) {
      if (actor === 0) sum.pairGranted += bytes
      else {
        sum.actorGranted += bytes
        sum.messagesGranted += messages
      }
    }
  })
  return { sum, push: (bytes: Uint8Array) => decoder.push(bytes.slice()) }
}

describe('credit between hosts', () => {
  let system: System
  beforeEach(() => {
    gate = deferred()
    system = createSystem()
  })
  afterEach(async () => {
    gate.resolve()
    await system.stop()
  })

  test('a sender stops at the window of an actor that is slow, and goes on when it has handled', async () => {
    const down = ledger()
    const up = ledger()
    const on = memoryHost({ tap: (way, bytes) => (way === 'down' ? down : up).push(bytes) })
    const ref = await system.spawn(held.slow, undefined, { on })
    const chunk = 'x'.repeat(50_000)
    let taken = 0
    const fill = async () => {
      for (let idle = 0; idle < 3; ) {
        if (ref.tell('work', chunk)) {
          taken += 1
          idle = 0
        } else idle += 1
        await turn()
      }
    }
    await fill()
    expect(down.sum.block).toBeGreaterThan(MEBIBYTE - SLACK)
    expect(down.sum.block).toBeLessThan(MEBIBYTE + SLACK)
    const ready = ref.ready()
    expect(ref.tell('work', chunk)).toBe(false)
    gate.resolve()
    await ready
    expect(ref.tell('work', chunk)).toBe(true)
    taken += 1
    expect(await ref.ask('count')).toBe(taken)
  })

  test('a sender stops at the messages that the mailbox takes', async () => {
    const ref = await system.spawn(held.narrow, undefined, { on: memoryHost() })
    const taken = Array.from({ length: 9 }, (_, n) => ref.tell('work', n))
    expect(taken.filter(Boolean).length).toBe(4)
    gate.resolve()
    await ref.ready()
    expect(await ref.ask('handled')).toEqual([0, 1, 2, 3])
  })

  test('asks wait for room, in order, under `wait`, and are rejected at once under `reject`', async () => {
    const narrow = await system.spawn(held.narrow, undefined, { on: memoryHost() })
    const replies = Promise.all(Array.from({ length: 20 }, (_, n) => narrow.ask('work', n)))
    const handled = narrow.ask('handled')
    gate.resolve()
    await replies
    expect(await handled).toEqual(Array.from({ length: 20 }, (_, n) => n))
    gate = deferred()
    const refusing = await system.spawn(held.refusing, undefined, { on: memoryHost() })
    const asked = [0, 1, 2, 3].map((n) => refusing.ask('work', n))
    const outcomes = Promise.allSettled(asked)
    gate.resolve()
    const [a, b, c, d] = await outcomes
    expect([a?.status, b?.status]).toEqual(['fulfilled', 'fulfilled'])
    for (const each of [c, d]) expect(each).toMatchObject({ reason: expect.any(MailboxFullError) })
  })

  test('an ask that waits for room is packed later, as it was at the call', async () => {
    const ref = await system.spawn(held.narrow, undefined, { on: memoryHost() })
    for (let n = 0; n < 4; n += 1) ref.tell('work', n)
    const arg = { n: 4 }
    const late = ref.ask('work', arg as unknown as number)
    arg.n = 5
    gate.resolve()
    await late
    expect(await ref.ask('handled')).toEqual([0, 1, 2, 3, { n: 4 }])
  })

  test('never stalls for good, and the books agree to the byte once all is handled', async () => {
    gate.resolve()
    const plan = fc.record({
      sizes: fc.array(fc.oneof(fc.nat(200), fc.nat(20_000), fc.nat(300_000)), { minLength: 1, maxLength: 6 }),
      messages: fc.integer({ min: 1, max: 15 }),
      cut: fc.array(fc.integer({ min: 2_000, max: 200_000 }), { minLength: 1, maxLength: 4 }),
      highWater: fc.constantFrom(1, 10_000, Infinity),
    })
    await fc.assert(
      fc.asyncProperty(plan, async ({ sizes, messages, cut, highWater }) => {
        const own = createSystem()
        const [down, up] = [ledger(), ledger()]
        const on = memoryHost({
          cut: cutBy(cut),
          highWater,
          tap: (way, bytes) => (way === 'down' ? down : up).push(bytes),
        })
        const ref = await own.spawn(held.slow, undefined, { on })
        let sent = 0
        for (let index = 0; index < messages; index += 1) {
          while (!ref.tell('work', 'x'.repeat(sizes[index % sizes.length] as number))) await ref.ready()
          sent += 1
        }
        expect(await ref.ask('count')).toBe(sent)
        // What has been handled and not yet granted is less than half a window, in each of the books.
        expect(down.sum.block - up.sum.pairGranted).toBeGreaterThanOrEqual(0)
        expect(down.sum.block - up.sum.pairGranted).toBeLessThan(MEBIBYTE / 2)
        expect(up.sum.actorGranted).toBeLessThanOrEqual(down.sum.block)
        expect(down.sum.block - up.sum.actorGranted).toBeLessThan(MEBIBYTE / 2 + 1_000)
        expect(up.sum.messagesGranted).toBeLessThanOrEqual(sent + 1)
        await own.stop()
      }),
      { numRuns: 12 },
    )
  })

  test('a question that was given up keeps its number until its answer is here: no later one gets that answer', async () => {
    const ref = await system.spawn(held.slow, undefined, { on: memoryHost() })
    const controller = new AbortController()
    const first = ref.ask('work', 1, { signal: controller.signal })
    await turn()
    controller.abort(new Error('given up'))
    await expect(first).rejects.toThrow('given up')
    const second = ref.ask('count')
    gate.resolve()
    expect(await second).toBe(1)
    expect(await ref.ask('count')).toBe(1)
  })

  test('a question that was given up while it waited there is not handled', async () => {
    const ref = await system.spawn(held.slow, undefined, { on: memoryHost() })
    ref.tell('work', 0)
    const controller = new AbortController()
    const given = ref.ask('work', 1, { signal: controller.signal })
    const kept = ref.ask('work', 2)
    await turn()
    controller.abort(new Error('given up'))
    await expect(given).rejects.toThrow('given up')
    await turn()
    gate.resolve()
    await kept
    expect(await ref.ask('count')).toBe(2)
  })
})
