import { Allowance, Answers, HOST_LIMITS, type Outbox, type PeerPortables, To } from '@troupe/core/internal'

type Sent = [to: number, id: number, value: unknown]

/** `sizeOf` is what an item takes on this way; what is no data is refused. */
function answers(sizeOf: (value: unknown) => number = () => 10, allowance = new Allowance(HOST_LIMITS)) {
  const sent: Sent[] = []
  const outbox = {
    append(to: number, _: unknown, id: number, value: unknown) {
      if (typeof value === 'function') throw new TypeError('a function is no data')
      sent.push([to, id, value])
      return 10
    },
  }
  const way = {
    open: true,
    whenOpen: () => undefined,
    sendItem(id: number, value: unknown) {
      sent.push([To.item, id, value])
      return sizeOf(value)
    },
  }
  return { sent, all: new Answers(outbox as unknown as Outbox, way, {} as PeerPortables, allowance) }
}

const window = { items: 4, bytes: 1_000 }
const GONE = { type: 'noconnection' } as const

describe('questions from another host', () => {
  test('are answered once, whatever happens to those who handle them', () => {
    const { all, sent } = answers()
    const asker = all.asker(1)
    asker.resolve('yes')
    asker.resolve('again')
    asker.reject(new Error('no'))
    expect(sent).toEqual([[To.reply, 1, 'yes']])
  })

  test('an answer that is no data is an error that says so', () => {
    const { all, sent } = answers()
    all.asker(1).resolve(() => 1)
    expect(sent).toEqual([[To.fail, 1, expect.objectContaining({ message: 'a function is no data' })]])
  })

  test('have numbers that are used again once answered, never before, and hardly one is skipped', () => {
    const { all } = answers()
    const first = all.asker(1)
    all.consumer(2, window)
    const refused = (id: number): void => {
      for (const ask of [() => all.asker(id), () => all.consumer(id, window)]) {
        expect(ask).toThrow(expect.objectContaining({ code: 'ERR_PROTOCOL' }))
      }
    }
    for (const id of [1, 2, 0, -1, 0.5, 2_000, 2 ** 31, 2 ** 32 - 2, 2 ** 52, Number.NaN, Infinity]) refused(id)
    first.resolve(1)
    all.asker(1)
    all.asker(3)
  })

  test('that were given up are told so once, and still answered', () => {
    const { all, sent } = answers()
    const asker = all.asker(1)
    let told = 0
    asker.onAbandon = () => (told += 1)
    all.abandon(1)
    all.abandon(1)
    all.abandon(99)
    expect([told, asker.abandoned]).toEqual([1, true])
    asker.resolve('late')
    expect(sent).toEqual([[To.reply, 1, 'late']])
  })

  test('of a host that is gone are answered by nobody, and its streams are told', () => {
    const { all, sent } = answers()
    const [asker, taking] = [all.asker(1), all.consumer(2, window)]
    let reason: unknown
    taking.onAbandon = (_, why) => (reason = why)
    all.end(GONE)
    expect(reason).toMatchObject({ code: 'ERR_ACTOR_DOWN', reason: GONE })
    asker.resolve(1)
    taking.resolve(undefined)
    expect(sent).toEqual([])
  })

  test('room for a stream goes to it; for what is none, or over, to nobody', () => {
    const { all } = answers()
    all.asker(1)
    const taking = all.consumer(2, window)
    const granted: number[][] = []
    taking.onGrant = (items, bytes) => granted.push([items, bytes])
    all.granted(1, 1, 1)
    all.granted(99, 1, 1)
    all.granted(2, 3, 30)
    taking.resolve(undefined)
    all.granted(2, 1, 10)
    expect(granted).toEqual([[3, 30]])
  })

  test('the room of relayed items is given back in the bytes in which they came', () => {
    const { all, sent } = answers((value) => String(value).length)
    const taking = all.consumer(1, window)
    const granted: number[][] = []
    taking.onGrant = (items, bytes) => granted.push([items, bytes])
    for (const [value, came] of [
      ['a', 100],
      ['bb', 200],
      ['ccc', 300],
    ] as const)
      taking.item(value, came)
    expect(sent).toHaveLength(3)
    all.granted(1, 2, 3)
    all.granted(1, 1, 3)
    all.granted(1, 7, 7)
    expect(granted).toEqual([
      [2, 300],
      [1, 300],
      [7, 7],
    ])
  })

  test('count against what the other host may ask until they are answered, or it is gone', () => {
    const allowance = new Allowance({ ...HOST_LIMITS, questions: 2 })
    const { all } = answers(undefined, allowance)
    for (let round = 0; round < 5; round += 1) {
      all.asker(1).resolve(round)
      all.consumer(2, window).reject(new Error('no'))
    }
    const late = all.asker(1)
    all.consumer(2, window)
    all.end(GONE)
    late.resolve('too late')
    // Of another host behind the same neighbour.
    const { all: others } = answers(undefined, allowance)
    others.asker(1)
    others.asker(2)
    expect(() => others.asker(3)).toThrow('more than 2 questions at once')
  })
})
