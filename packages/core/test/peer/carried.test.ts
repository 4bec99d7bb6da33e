import { CarriedStreams, type Consumer, Inflow, Waits } from '@troupe/core/internal'
import { ManualClock } from '@troupe/core/testing'
import { deferred, turn } from '../support/settle.js'

/** Both ends of a way: what is written at one is read and pulled at the other. */
function way() {
  const waits = new Waits(new ManualClock())
  const near: CarriedStreams = new CarriedStreams(() => new Inflow(waits, () => 'a stream'))
  const far = new CarriedStreams((number) => {
    const inflow = new Inflow(waits, () => 'a stream')
    near.pulled(number, inflow)
    return inflow
  })
  /** As the receiver of question `ask` gets it. */
  const carry = (stream: AsyncIterable<unknown>, { actor = 16, ask = 1 } = {}): AsyncIterable<unknown> => {
    near.carriedBy(actor, ask)
    const fields = near.write(stream)
    near.carriedBy(0, 0)
    return far.read(fields) as AsyncIterable<unknown>
  }
  return { near, far, carry }
}

/** Notes in `calls` when it is opened, and closed. */
async function* numbers(to: number, calls: string[] = []): AsyncGenerator<number> {
  calls.push('open')
  try {
    for (let n = 1; n <= to; n += 1) yield n
  } finally {
    calls.push('closed')
  }
}

async function all(stream: AsyncIterable<unknown>): Promise<unknown[]> {
  const items: unknown[] = []
  for await (const item of stream) items.push(item)
  return items
}

const OVER = { code: 'ERR_CANCELLED' }

describe('a stream in a message', () => {
  test('flows when it is asked for, and is closed at its end', async () => {
    const { carry } = way()
    const calls: string[] = []
    const given = carry(numbers(100, calls))
    await turn()
    expect(calls).toEqual([])
    expect(await all(given)).toHaveLength(100)
    expect(calls).toEqual(['open', 'closed'])
  })

  test('has one iterator: who iterates twice goes on where it is', async () => {
    const { carry } = way()
    const given = carry(numbers(3))
    expect((await given[Symbol.asyncIterator]().next()).value).toBe(1)
    expect(await all(given)).toEqual([2, 3])
    expect(await all(given)).toEqual([])
  })

  test('travels on as it came, and is closed all the way back', async () => {
    const [first, second] = [way(), way()]
    const calls: string[] = []
    for await (const n of second.carry(first.carry(numbers(1_000, calls)))) if (n === 100) break
    expect(calls).toEqual(['open', 'closed'])
  })

  test('is over with its question, flowing or not; others go on', async () => {
    const { near, carry } = way()
    const returned = deferred()
    const unasked = { next: async () => ({ done: false, value: 1 }), return: async () => returned.resolve() }
    const [mine, other] = [carry(numbers(1_000)), carry(numbers(100), { ask: 2 })]
    carry({ [Symbol.asyncIterator]: () => unasked as never })
    const items = mine[Symbol.asyncIterator]()
    await items.next()
    near.answered(1)
    await returned.promise
    await expect(all(mine)).rejects.toMatchObject(OVER)
    expect(await all(other)).toHaveLength(100)
  })

  test('of a tell is over with the actor', async () => {
    const { near, carry } = way()
    const [mine, other] = [carry(numbers(5), { ask: 0 }), carry(numbers(5), { actor: 17, ask: 0 })]
    near.actorDown(16)
    await expect(all(mine)).rejects.toMatchObject(OVER)
    expect(await all(other)).toHaveLength(5)
  })

  test('of a message that could not be packed is still its owner’s', async () => {
    const { near } = way()
    const calls: string[] = []
    const mine = numbers(2, calls)
    near.carriedBy(16, 0)
    near.write(mine)
    near.takeBack(new Error('no data'))
    near.actorDown(16)
    near.end()
    expect(await all(mine)).toEqual([1, 2])
  })

  test('travels only as part of a message to an actor', () => {
    expect(() => way().near.write(numbers(1))).toThrow(/only as part of a message to an actor/)
  })

  test('whose iterator cannot be made fails for who asked, and for nobody else', async () => {
    const { carry, near } = way()
    const given = carry({
      [Symbol.asyncIterator]: () => {
        throw new RangeError('not today')
      },
    })
    await expect(all(given)).rejects.toThrow('not today')
    near.answered(1)
  })

  test('that is pulled twice, or was never given, rejects', async () => {
    const { near, carry } = way()
    const pulls: unknown[] = []
    const consumer = (): Consumer =>
      ({ window: { items: 1, bytes: 1 }, open: true, reject: (error: unknown) => pulls.push(error) }) as never
    void carry(numbers(5))[Symbol.asyncIterator]().next()
    near.pulled(1, consumer())
    near.pulled(7, consumer())
    near.pulled(0, consumer())
    expect(pulls).toEqual([OVER, OVER, OVER].map((each) => expect.objectContaining(each)))
    await turn()
  })

  test.each([['text'], [[]], [['stream']], [['stream', 1.5]], [['other', 1]], [null]])(
    'is not made of %j',
    (fields) => {
      expect(way().far.read(fields)).toBeUndefined()
    },
  )

  test('of what awaits something that never comes does not keep who leaves', async () => {
    const { carry } = way()
    const stuck = async function* (): AsyncGenerator<number> {
      yield 1
      await new Promise(() => undefined)
    }
    const items: unknown[] = []
    for await (const item of carry(stuck())) {
      items.push(item)
      await turn()
      break
    }
    expect(items).toEqual([1])
  })
})
