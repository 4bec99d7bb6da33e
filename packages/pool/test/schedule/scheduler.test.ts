import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { PoisonTaskError, TimeoutError, WorkerCrashedError } from '@troupe/core'
import type { TaskOptions } from '@troupe/pool'
import fc from 'fast-check'
import { Call, Chunk, type Sink, type Work } from '../../dist/call/work.js'
import { Claim } from '../../dist/schedule/lease.js'
import { Scheduler } from '../../dist/schedule/scheduler.js'
import { asTarget, FakeTarget, FakeWorkshop } from '../support/workshop.js'

const name = { url: 'file:///tasks.js', export: 'resize' }
const exit = { type: 'exit', code: null, signal: 'SIGKILL' } as const

class Desk {
  readonly shop: FakeWorkshop
  readonly scheduler: Scheduler
  readonly targets = new Map<string, FakeTarget>()

  constructor(size: number, options: { readonly spares?: number; readonly prefetch?: number } = {}) {
    this.shop = new FakeWorkshop(size, options)
    this.scheduler = new Scheduler(this.shop)
  }

  /** A worker is there, as its supervisor would tell. */
  start(id = 'worker-1'): FakeTarget {
    const target = new FakeTarget()
    this.targets.set(id, target)
    this.scheduler.started(id, asTarget(target), 4711)
    return target
  }

  /** It ends: its channel closes first, then its supervisor tells. */
  end(id = 'worker-1'): void {
    this.targets.get(id)?.end(exit)
    this.scheduler.ended(id)
  }

  call(label: string, options: TaskOptions = {}): Record {
    const record = new Record()
    this.scheduler.submit(new Call({ ...name, export: label }, [label], options, record))
    return record
  }

  chunk(items: readonly string[], options: TaskOptions = {}): Record {
    const record = new Record()
    this.scheduler.submit(new Chunk(name, items, options, { start: 0, sink: record }))
    return record
  }
}

/** What one work has told, position by position. */
class Record implements Sink {
  readonly told: [index: number, outcome: unknown][] = []

  value(index: number, value: unknown): void {
    this.told.push([index, value])
  }

  error(index: number, error: unknown): void {
    this.told.push([index, error])
  }

  get outcome(): any {
    return this.told[0]?.[1]
  }
}

test('what was handed over with its memory is not given to another worker, which would find that empty', async () => {
  const desk = new Desk(1)
  const target = new FakeTarget()
  desk.call('first')
  desk.targets.set('worker-1', target)
  desk.scheduler.started('worker-1', asTarget(target), 4711)
  target.reply('first')
  // So long that its death may not have been noticed.
  await desk.shop.clock.advance(20)
  const buffer = new ArrayBuffer(8)
  const whole = desk.call('whole', { transfer: [buffer] } as TaskOptions)
  desk.end()
  const next = desk.start()
  expect(next.asked).toHaveLength(1)
  next.reply('done')
  expect(whole.outcome).toBe('done')
  await desk.shop.clock.advance(20)
  const moved = desk.call('moved', { transfer: [buffer] } as TaskOptions)
  structuredClone(buffer, { transfer: [buffer] })
  desk.end()
  expect(moved.outcome).toBeInstanceOf(WorkerCrashedError)
})

test('beside spares, a worker that is checked out is one of those that work', () => {
  const desk = new Desk(1, { spares: 1 })
  desk.call('a')
  const [one, other] = [desk.start('worker-1'), desk.start('worker-2')]
  desk.scheduler.submit(
    new Claim(
      {},
      () => undefined,
      () => undefined,
    ),
  )
  desk.call('b')
  one.reply('A')
  expect(desk.scheduler.running).toBe(1)
  expect(other.asked).toEqual([])
})

describe('the diagnostics of tasks', () => {
  const names = ['troupe:pool:task:start', 'troupe:pool:task:end']

  /** What is published while `use` runs. */
  async function published(use: () => unknown): Promise<any[]> {
    const seen: unknown[] = []
    const listen = (message: unknown): void => void seen.push(message)
    for (const each of names) subscribe(each, listen)
    try {
      await use()
    } finally {
      for (const each of names) unsubscribe(each, listen)
    }
    return seen
  }

  /** A task of a pool of one worker, after which `end` comes. */
  function run(end: (target: FakeTarget, desk: Desk) => void, options: TaskOptions = {}): Promise<any[]> {
    const desk = new Desk(1)
    const target = new FakeTarget()
    return published(async () => {
      desk.call('resize', options)
      desk.targets.set('worker-1', target)
      desk.scheduler.started('worker-1', asTarget(target), 4711)
      await desk.shop.clock.advance(20)
      end(target, desk)
    })
  }

  const task = `resize of ${name.url}`
  const about = { system: 'test', pool: 'pool', ticket: 1, task, attempt: 1, worker: 'worker-1', pid: 4711 }
  const boom = new RangeError('boom')

  test.each<[string, (target: FakeTarget, desk: Desk) => void, object, TaskOptions?]>([
    ['done', (target) => target.reply(1), { outcome: 'done' }],
    ['failed', (target) => target.fail(boom), { outcome: 'failed', error: boom }],
    ['crashed', (_, desk) => desk.end(), { outcome: 'crashed', reason: exit }],
    [
      'cancelled by the end of the pool',
      (_, desk) => (desk.scheduler.end(boom), desk.end()),
      { outcome: 'cancelled', error: boom },
    ],
    [
      'cancelled by its timeout',
      () => undefined,
      { outcome: 'cancelled', error: expect.any(TimeoutError) },
      { timeout: 20 },
    ],
  ])('tell of one that is %s, with its time', async (_, ...[end, outcome, options]) => {
    const [start, ended, ...more] = await run(end, options)
    expect(start).toEqual({ ...about, at: 0 })
    expect(ended).toEqual({ ...about, at: 20, ms: 20, ...outcome })
    expect(more).toEqual([])
  })

  test('tell of each attempt', async () => {
    const seen = await run(
      (_, desk) => {
        desk.end()
        desk.start().reply(1)
      },
      { retries: 1, idempotent: true },
    )
    expect(seen.map(({ attempt, ticket, outcome }) => [attempt, ticket, outcome])).toEqual([
      [1, 1, undefined],
      [1, 1, 'crashed'],
      [2, 2, undefined],
      [2, 2, 'done'],
    ])
  })

  test('cost nothing without a subscriber: not even the label is made', () => {
    const desk = new Desk(1)
    const work = new Call(name, [], {}, new Record())
    Object.defineProperty(work, 'label', {
      get: () => {
        throw new Error('nobody asked')
      },
    })
    desk.scheduler.submit(work)
    desk.start().reply(1)
    expect(work.complete).toBe(true)
  })

  test('of a task that began while nobody listened the time is known too', async () => {
    const desk = new Desk(1)
    desk.call('resize')
    const target = desk.start()
    expect(await published(() => target.reply(1))).toEqual([{ ...about, at: 0, ms: 0, outcome: 'done' }])
  })
})

describe('work', () => {
  test('is given to a worker that is free, else it waits in order', () => {
    const desk = new Desk(1)
    const [a, b] = [desk.call('a'), desk.call('b')]
    expect(desk.shop.wanted).toEqual(['worker-1'])
    const target = desk.start()
    expect(target.announced).toEqual([name.url])
    expect(target.asked.map(({ arg }) => arg.export)).toEqual(['a'])
    expect([desk.scheduler.queued, desk.scheduler.running]).toEqual([1, 1])
    target.reply('A')
    expect(a.outcome).toBe('A')
    expect(target.asked.map(({ arg }) => arg.export)).toEqual(['b'])
    target.fail(new RangeError('B'))
    expect(b.outcome).toEqual(new RangeError('B'))
    expect(desk.scheduler.counts).toEqual({ done: 1, failed: 1, retried: 0, restarts: 0 })
    expect(desk.shop.events).toMatchObject([{ type: 'taskError', id: 'worker-1', error: b.outcome }])
  })

  test('wants as many workers as there is work for, up to the size', () => {
    const desk = new Desk(3)
    desk.call('a')
    expect(desk.shop.wanted).toHaveLength(1)
    desk.call('b')
    expect(desk.shop.wanted).toHaveLength(2)
    for (const label of ['c', 'd', 'e']) desk.call(label)
    expect(desk.shop.wanted).toEqual(['worker-1', 'worker-2', 'worker-3'])
    desk.scheduler.crew.want(desk.shop.bounds.min)
    expect(desk.shop.wanted).toHaveLength(3)
  })

  test('is not given to a worker that is known to be dead', () => {
    const desk = new Desk(1)
    desk.scheduler.crew.want(desk.shop.bounds.min)
    desk.start().end(exit)
    const a = desk.call('a')
    expect(a.told).toEqual([])
    desk.scheduler.ended('worker-1')
    desk.start().reply('A')
    expect(a.outcome).toBe('A')
  })

  test('whose worker dies fails, and says with which worker', () => {
    const desk = new Desk(1)
    const [a, b] = [desk.call('a'), desk.call('b')]
    desk.start()
    desk.end()
    expect(a.outcome).toBeInstanceOf(WorkerCrashedError)
    expect(a.outcome).toMatchObject({ workerId: 'worker-1', pid: 4711, signal: 'SIGKILL', exitCode: null })
    expect(b.told).toEqual([])
    desk.start().reply('B')
    expect(b.outcome).toBe('B')
  })

  test('whose worker is known to be gone before its channel is fails all the same, and leaves its successor alone', () => {
    const desk = new Desk(1)
    const a = desk.call('a')
    const first = desk.start()
    desk.scheduler.ended('worker-1')
    const second = desk.start()
    first.end(exit)
    expect(a.outcome).toBeInstanceOf(WorkerCrashedError)
    const b = desk.call('b')
    second.reply('B')
    expect(b.outcome).toBe('B')
  })

  test('that may be run again is, before what waits, and is poison after the last time', () => {
    const desk = new Desk(1)
    const a = desk.call('a', { retries: 1, idempotent: true })
    desk.call('b')
    desk.start()
    desk.end()
    expect(desk.shop.events).toMatchObject([{ type: 'taskRetried', id: 'worker-1', attempt: 2 }])
    const again = desk.start()
    expect(again.asked.map(({ arg }) => [arg.export, arg.attempt])).toEqual([['a', 2]])
    desk.end()
    expect(a.outcome).toBeInstanceOf(PoisonTaskError)
    expect(a.outcome.cause).toBeInstanceOf(WorkerCrashedError)
    expect(desk.start().asked.map(({ arg }) => arg.export)).toEqual(['b'])
  })

  test('whose worker was idle and dies before it says that it begins goes to another', async () => {
    const desk = new Desk(1)
    desk.scheduler.crew.want(1)
    desk.start()
    await desk.shop.clock.advance(10)
    const a = desk.call('a')
    const b = desk.call('b')
    desk.end()
    expect(a.told).toEqual([])
    const next = desk.start()
    // One that has just started is not asked for its word.
    expect(next.asked.map(({ arg }) => [arg.export, arg.attempt, arg.word])).toEqual([['a', 1, false]])
    next.reply('A')
    next.reply('B')
    expect([a.outcome, b.outcome]).toEqual(['A', 'B'])
  })

  test('that is short is handed ahead, as many as may be; when the worker dies those wait again, in their order', async () => {
    const desk = new Desk(1, { prefetch: 2 })
    const short = new Call({ ...name, export: 'short' }, [], {}, new Record())
    for (let task = 0; task < 8; task += 1) desk.scheduler.pace.note(short, 0)
    const calls = [1, 2, 3, 4, 5].map(() => desk.call('short'))
    const target = desk.start()
    expect(target.asked).toHaveLength(3)
    expect(desk.scheduler).toMatchObject({ running: 1, queued: 4 })
    target.reply('first')
    expect(calls[0]?.outcome).toBe('first')
    expect(target.asked).toHaveLength(3)
    // One that takes longer this time keeps what it has, and gets no more.
    await desk.shop.clock.advance(2)
    desk.call('short')
    expect(target.asked).toHaveLength(3)
    desk.end()
    expect(calls[1]?.outcome).toBeInstanceOf(WorkerCrashedError)
    const next = desk.start()
    for (const reply of ['c', 'd', 'e']) next.reply(reply)
    expect(calls.slice(2).map(({ outcome }) => outcome)).toEqual(['c', 'd', 'e'])
  })

  test('is not sent back for ever by workers that die before they begin it', async () => {
    const desk = new Desk(1)
    desk.scheduler.crew.want(1)
    desk.start()
    const b = desk.call('b')
    for (let death = 0; death < 4; death += 1) {
      expect(b.told).toEqual([])
      // As if it had been idle.
      for (const { hand } of desk.scheduler.crew.slots) for (const attempt of hand) attempt.word = 'awaited'
      desk.end()
      if (death < 3) desk.start()
    }
    expect(b.outcome).toBeInstanceOf(WorkerCrashedError)
  })

  test('that has said that it begins fails with its worker', async () => {
    const desk = new Desk(1)
    desk.scheduler.crew.want(1)
    const target = desk.start()
    await desk.shop.clock.advance(10)
    const a = desk.call('a')
    const { word, ticket } = target.asked[0]!.arg
    expect(word).toBe(true)
    desk.scheduler.begun(ticket)
    desk.end()
    expect(a.outcome).toBeInstanceOf(WorkerCrashedError)
  })

  test('that a worker refuses at once is no concern of its limits', async () => {
    const desk = new Desk(1)
    desk.scheduler.crew.want(desk.shop.bounds.min)
    const target = desk.start()
    target.ask = (_, __, asker) => asker.reject(new TypeError('cannot be packed'))
    const a = desk.call('a', { timeout: 10 })
    expect(a.outcome).toEqual(new TypeError('cannot be packed'))
    await desk.shop.clock.advance(10_000)
    expect(target.killed).toBe(0)
  })
})

describe('giving up', () => {
  test('a timeout counts from the start; the worker is asked to leave off, then killed', async () => {
    const desk = new Desk(1)
    const a = desk.call('a', { timeout: 50 })
    await desk.shop.clock.advance(500)
    expect(a.told).toEqual([])
    const target = desk.start()
    await desk.shop.clock.advance(49)
    expect(a.told).toEqual([])
    await desk.shop.clock.advance(1)
    expect(a.outcome).toBeInstanceOf(TimeoutError)
    expect(target.asked[0]?.abandoned).toBe(true)
    await desk.shop.clock.advance(999)
    expect(target.killed).toBe(0)
    await desk.shop.clock.advance(1)
    expect(target.killed).toBe(1)
  })

  test('a worker that leaves off in time is free again, and is not killed', async () => {
    const desk = new Desk(1)
    const a = desk.call('a', { timeout: 50 })
    const b = desk.call('b')
    const target = desk.start()
    await desk.shop.clock.advance(50)
    expect(target.asked).toHaveLength(1)
    target.fail(new Error('aborted'))
    expect(target.asked.map(({ arg }) => arg.export)).toEqual(['b'])
    await desk.shop.clock.advance(10_000)
    expect(target.killed).toBe(0)
    target.reply('B')
    expect([a.told.length, b.outcome]).toEqual([1, 'B'])
    expect(desk.scheduler.counts).toMatchObject({ done: 1, failed: 1 })
  })

  test('twice is once: no second timer kills the worker under the next task', async () => {
    const desk = new Desk(1)
    const call = new Call(name, [], { timeout: 50 }, new Record())
    desk.scheduler.submit(call)
    const next = desk.call('next')
    const target = desk.start()
    await desk.shop.clock.advance(50)
    desk.scheduler.cancel(call, 'why')
    target.fail(new Error('aborted'))
    await desk.shop.clock.advance(10_000)
    expect([target.killed, next.told]).toEqual([0, []])
    expect(desk.scheduler.counts.failed).toBe(1)
  })

  test('an answer in time ends the timer', async () => {
    const desk = new Desk(1)
    const a = desk.call('a', { timeout: 50 })
    const target = desk.start()
    target.reply('A')
    expect(desk.shop.clock.pending).toBe(0)
    await desk.shop.clock.advance(10_000)
    expect([a.told, target.killed]).toEqual([[[0, 'A']], 0])
  })

  test('an abort takes it from the queue, also when it waits to be run again', () => {
    const desk = new Desk(1)
    const stop = new AbortController()
    const options = { signal: stop.signal, retries: 5, idempotent: true }
    const waiting = desk.call('waiting', options)
    const running = desk.call('running', options)
    desk.start()
    desk.end()
    stop.abort('why')
    expect([waiting.told, running.told]).toEqual([[[0, 'why']], [[0, 'why']]])
    expect(desk.start().asked).toEqual([])
    expect(desk.call('late', options).outcome).toBe('why')
  })

  test('idle is told when the last that waits is taken back', () => {
    const desk = new Desk(1)
    const call = new Call(name, [], {}, new Record())
    desk.scheduler.submit(call)
    desk.scheduler.cancel(call, 'why')
    expect(desk.shop.idles).toBe(1)
  })
})

describe('a chunk', () => {
  test('tells what is reported at once, also after it was answered', () => {
    const desk = new Desk(1)
    const a = desk.chunk(['a', 'b', 'c'])
    const target = desk.start()
    const ticket = target.asked[0]?.arg.ticket
    desk.scheduler.report({ ticket, from: 0, values: ['A'], errors: [] })
    expect(a.told).toEqual([[0, 'A']])
    target.reply({ from: 2, values: ['C'], errors: [] })
    desk.scheduler.report({ ticket, from: 1, values: ['B'], errors: [] })
    desk.scheduler.report({ ticket, from: 1, values: ['again'], errors: [] })
    desk.scheduler.report({ ticket: 99, from: 0, values: ['of nobody'], errors: [] })
    expect(a.told).toEqual([
      [0, 'A'],
      [2, 'C'],
      [1, 'B'],
    ])
  })

  test('is run again singly, without what was reported, ahead of what waits', () => {
    const desk = new Desk(1)
    desk.chunk(['a', 'b', 'c'], { retries: 1, idempotent: true })
    desk.call('later')
    const ticket = desk.start().asked[0]?.arg.ticket
    desk.scheduler.report({ ticket, from: 0, values: ['A'], errors: [] })
    desk.end()
    const target = desk.start()
    const runs: unknown[] = []
    for (let round = 0; round < 3; round += 1) {
      const { arg } = target.asked[0] as { arg: any }
      runs.push(arg.items ?? arg.export)
      target.reply({ from: 0, values: ['x'], errors: [] })
    }
    expect(runs).toEqual([['b'], ['c'], 'later'])
  })
})

describe('the end', () => {
  test('fails what waits, what runs, what is still being reported, and what comes later', () => {
    const desk = new Desk(2)
    const reported = desk.chunk(['a', 'b'])
    const answered = desk.start('worker-1')
    answered.reply({ from: 1, values: ['B'], errors: [] })
    const [running, other, waiting] = [desk.call('running'), desk.call('other'), desk.call('waiting')]
    desk.start('worker-2')
    const why = new Error('terminated')
    desk.scheduler.end(why)
    const outcomes = [running, other, waiting, desk.call('late')].map(({ told }) => told)
    expect(outcomes).toEqual(Array(4).fill([[0, why]]))
    expect(reported.told).toEqual([
      [1, 'B'],
      [0, why],
    ])
    desk.end('worker-1')
    desk.end('worker-2')
    expect(running.told).toHaveLength(1)
  })

  test('by others is not blamed on the tasks that ran', () => {
    const desk = new Desk(1)
    const a = desk.call('a', { retries: 5, idempotent: true })
    desk.start()
    desk.shop.killed = new Error('killed by others')
    desk.end()
    expect(a.told).toEqual([[0, desk.shop.killed]])
  })
})

/** What may happen, as numbers that choose among what is there at that moment. */
type Step =
  | { do: 'submit'; items: number; retries: number; timeout: number | undefined; signal: boolean }
  | { do: 'start' | 'end' | 'reply' | 'fail' | 'report' | 'cancel'; pick: number }
  | { do: 'abort' }
  | { do: 'wait'; ms: number }

const stepOf: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('submit' as const),
      items: fc.nat(4),
      retries: fc.nat(2),
      timeout: fc.option(fc.integer({ min: 1, max: 200 }), { nil: undefined }),
      signal: fc.boolean(),
    }),
  },
  {
    weight: 10,
    arbitrary: fc.record({
      do: fc.constantFrom('start' as const, 'end', 'reply', 'reply', 'fail', 'report', 'cancel'),
      pick: fc.nat(20),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('abort' as const) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('wait' as const), ms: fc.nat(1_500) }) },
)

/** Any history of a pool: whatever happens, each item is told once, and no worker has two things in hand. */
class Model {
  readonly desk: Desk
  readonly works: Work[] = []
  readonly records: { record: Record; items: number }[] = []
  stop = new AbortController()

  constructor(size: number) {
    this.desk = new Desk(size)
  }

  async step(step: Step): Promise<void> {
    if (step.do === 'submit') this.submit(step)
    else if (step.do === 'wait') await this.wait(step.ms)
    else if (step.do === 'abort') this.abort()
    else if (step.do === 'cancel')
      this.withOne(this.works, step.pick, (work) => this.desk.scheduler.cancel(work, 'why'))
    else if (step.do === 'start') this.withOne(this.wanted, step.pick, (id) => this.desk.start(id))
    else if (step.do === 'end') this.withOne(this.living, step.pick, (id) => this.desk.end(id))
    else this.withOne(this.busy, step.pick, (target) => this.answer(target, step.do as 'reply'))
    this.check()
  }

  /** Lets all go on until nothing is left to be done. */
  async finish(): Promise<void> {
    for (let round = 0; this.desk.scheduler.queued + this.desk.scheduler.running > 0; round += 1) {
      for (const id of this.wanted) this.desk.start(id)
      for (const target of this.busy) this.answer(target, 'reply')
      await this.wait(1)
      this.check()
      expect(round).toBeLessThan(500)
    }
    for (const { record, items } of this.records) {
      expect(record.told.map(([index]) => index).sort((a, b) => a - b)).toEqual(
        Array.from({ length: items }, (_, i) => i),
      )
    }
  }

  private submit({ items, retries, timeout, signal }: Step & { do: 'submit' }): void {
    const options = { retries, idempotent: true, timeout, ...(signal ? { signal: this.stop.signal } : {}) }
    const record = new Record()
    this.records.push({ record, items: Math.max(1, items) })
    const values = Array.from({ length: items }, (_, index) => index)
    const work =
      items === 0 ? new Call(name, [], options, record) : new Chunk(name, values, options, { start: 0, sink: record })
    this.works.push(work)
    this.desk.scheduler.submit(work)
  }

  /** Also kills, as a real worker would be killed. */
  private async wait(ms: number): Promise<void> {
    await this.desk.shop.clock.advance(ms)
    for (const [id, target] of this.desk.targets) {
      if (target.killed > 0 && target.ended === undefined) this.desk.end(id)
    }
  }

  private abort(): void {
    this.stop.abort('why')
    this.stop = new AbortController()
  }

  private answer(target: FakeTarget, how: 'reply' | 'fail' | 'report'): void {
    const { message, arg } = target.asked[0] as { message: string; arg: any }
    if (how === 'fail') return target.fail(new RangeError('failed'))
    if (message === 'run') return how === 'report' ? undefined : target.reply('result')
    const values = arg.items.map(() => 'result')
    if (how === 'reply') return target.reply({ from: 0, values, errors: [] })
    this.desk.scheduler.report({ ticket: arg.ticket, from: 0, values: values.slice(0, -1), errors: [] })
  }

  private get wanted(): string[] {
    return this.desk.shop.wanted.filter(
      (id) => this.desk.targets.get(id)?.ended !== undefined || !this.desk.targets.has(id),
    )
  }

  private get living(): string[] {
    return [...this.desk.targets].filter(([, { ended }]) => ended === undefined).map(([id]) => id)
  }

  private get busy(): FakeTarget[] {
    return [...this.desk.targets.values()].filter(({ asked }) => asked.length > 0)
  }

  private withOne<T>(all: readonly T[], pick: number, run: (one: T) => void): void {
    if (all.length > 0) run(all[pick % all.length] as T)
  }

  private check(): void {
    const { scheduler, shop, targets } = this.desk
    for (const { record } of this.records) expect(new Set(record.told.map(([at]) => at)).size).toBe(record.told.length)
    for (const { asked } of targets.values()) expect(asked.length).toBeLessThanOrEqual(1)
    expect(scheduler.crew.size).toBeLessThanOrEqual(shop.bounds.max)
    expect(scheduler.running).toBe(this.busy.length)
    // Nothing waits while a worker is free.
    if (scheduler.queued > 0) expect([...scheduler.crew.slots].filter(({ idle }) => idle)).toEqual([])
  }
}

test('whatever happens, each item is told once, and no worker has two things in hand', async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 3 }), fc.array(stepOf, { maxLength: 60 }), async (size, steps) => {
      const model = new Model(size)
      for (const step of steps) await model.step(step)
      await model.finish()
    }),
    { numRuns: 200 },
  )
})

test('whatever has happened, the end settles all', async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 3 }), fc.array(stepOf, { maxLength: 40 }), async (size, steps) => {
      const model = new Model(size)
      for (const step of steps) await model.step(step)
      model.desk.scheduler.end(new Error('over'))
      for (const { record, items } of model.records) expect(record.told).toHaveLength(items)
      expect(model.desk.scheduler.queued).toBe(0)
    }),
    { numRuns: 100 },
  )
})
