import { Call, Chunk, type Work } from '../../dist/call/work.js'
import { mayFollow } from '../../dist/schedule/hand-ahead.js'
import { Claim } from '../../dist/schedule/lease.js'
import { Overload } from '../../dist/schedule/overload.js'
import { Pace } from '../../dist/schedule/pace.js'
import { Slowest } from '../../dist/schedule/slowest.js'

const sink = { value: () => undefined, error: () => undefined }
const named = (name: string): Work => new Call({ url: 'file:///tasks.js', export: name }, [], {}, sink)
const chunk = (name: string, items: number): Work =>
  new Chunk(
    { url: 'file:///tasks.js', export: name },
    Array.from({ length: items }, () => 1),
    {},
    { start: 0, sink },
  )

/** What is known when each of a few has taken `ms`. */
function paceOf(ms: number, name = 'square'): Pace {
  const pace = new Pace()
  for (let task = 0; task < 4; task += 1) pace.note(named(name), ms)
  return pace
}

describe('the pace of a function', () => {
  test('is known after a few tasks, by function and by task, whether they came alone or in chunks', () => {
    const pace = new Pace()
    expect(pace.of(named('square').name)).toBeUndefined()
    for (let task = 0; task < 4; task += 1)
      pace.note(task % 2 === 0 ? named('square') : chunk('square', 10), task % 2 === 0 ? 2 : 20)
    expect(pace.of(named('square').name)).toBe(2)
    expect(pace.expected(chunk('square', 5))).toBe(10)
    expect(pace.of(named('other').name)).toBeUndefined()
    expect(pace.expected(named('other'))).toBeUndefined()
  })

  test('follows what changes', () => {
    const pace = paceOf(100)
    for (let task = 0; task < 200; task += 1) pace.note(named('square'), 1)
    expect(pace.of(named('square').name)).toBeCloseTo(1, 0)
  })
})

describe('a task is handed ahead', () => {
  const now = 1_000
  const working = { work: named('square'), phase: 'working', since: now } as const
  const ahead = { work: named('square'), phase: 'ahead', since: 0 } as const
  const short = paceOf(0.2)
  const follows = (work: Work, hand: readonly any[], given: { room?: number; pace?: Pace } = {}): boolean =>
    mayFollow(work, hand, { room: 2, pace: short, now, ...given })

  test('where it and what the worker has are short', () => {
    expect(follows(named('square'), [working])).toBe(true)
    expect(follows(named('square'), [working], { pace: paceOf(1) })).toBe(false)
    expect(follows(named('unknown'), [working])).toBe(false)
    expect(follows(named('square'), [{ ...working, work: named('unknown') }])).toBe(false)
    expect(follows(chunk('square', 4), [working])).toBe(true)
    expect(follows(chunk('square', 6), [working])).toBe(false)
  })

  test('up to the room', () => {
    expect(follows(named('square'), [working, ahead])).toBe(true)
    expect(follows(named('square'), [working, ahead, ahead])).toBe(false)
    expect(follows(named('square'), [working], { room: 0 })).toBe(false)
  })

  test('not behind one that takes longer this time', () => {
    expect(follows(named('square'), [{ ...working, since: now - 2 }])).toBe(false)
  })

  test('never one whose memory or streams go over to the worker for good', () => {
    const memory = { options: { transfer: [new ArrayBuffer(8)] } }
    expect(follows(Object.assign(named('square'), memory), [working])).toBe(false)
    expect(follows(new Call(named('square').name, [new ReadableStream()], {}, {} as never), [working])).toBe(false)
  })

  test('never a stream, nor a wait for a worker', () => {
    expect(follows(Object.assign(named('square'), { flow: {} }) as never, [working])).toBe(false)
    expect(
      follows(
        new Claim(
          {},
          () => undefined,
          () => undefined,
        ),
        [working],
      ),
    ).toBe(false)
  })
})

test('an overload is told once, until half of it is gone', () => {
  const told: number[] = []
  const overload = new Overload({ capacity: 4 }, (queued) => told.push(queued))
  for (const queued of [3, 4, 5, 3, 4]) overload.full(queued)
  expect(told).toEqual([4])
  for (const queued of [2, 4]) overload.full(queued)
  expect(told).toEqual([4, 4])
  expect([overload.full(3), overload.full(4)]).toEqual([false, true])
})

test('the slowest tasks are five, longest first; what took no time is none of them', () => {
  const slowest = new Slowest()
  for (const [at, ms] of [3, 0, 9, 1, 7, 5, 2, 8].entries()) slowest.note(named(`task${at}`), ms, `worker-${at}`)
  expect(slowest.list().map(({ ms }) => ms)).toEqual([9, 8, 7, 5, 3])
  expect(slowest.list()[0]).toEqual({ task: 'task2 of file:///tasks.js', ms: 9, workerId: 'worker-2' })
})
