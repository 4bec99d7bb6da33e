/** Both ends of a stream, with a way between them that takes its time, against a list. */
import fc from 'fast-check'
import { type Consumer, Inflow, Outflow, type OutflowOwner, type Source, Waits } from '@troupe/core/internal'
import { ManualClock } from '@troupe/core/testing'

interface Plan {
  readonly window: number
  readonly windowBytes: number
  /** The sizes of the items that the source has, in bytes. */
  readonly sizes: readonly number[]
  readonly kind: 'list' | 'generator' | 'async generator'
  readonly end: 'end' | 'error'
  /** What happens next, as far as it can; then all the rest. `end`: the producer's owner ends. */
  readonly steps: readonly ('step' | 'down' | 'up' | 'take' | 'leave' | 'shut' | 'open' | 'end')[]
}

const plans: fc.Arbitrary<Plan> = fc.record({
  window: fc.oneof(fc.constant(1), fc.integer({ min: 1, max: 10 })),
  windowBytes: fc.oneof(fc.constant(1), fc.integer({ min: 1, max: 300 })),
  sizes: fc.array(fc.oneof(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 1, max: 500 })), { maxLength: 40 }),
  kind: fc.constantFrom('list', 'generator', 'async generator'),
  end: fc.constantFrom('end', 'error'),
  steps: fc.array(
    fc.oneof(
      { weight: 20, arbitrary: fc.constantFrom('step' as const, 'down' as const, 'up' as const, 'take' as const) },
      { weight: 1, arbitrary: fc.constantFrom('leave' as const, 'shut' as const, 'open' as const, 'end' as const) },
    ),
    { maxLength: 200 },
  ),
})

class World {
  readonly plan: Plan
  readonly inflow: Inflow
  readonly outflow: Outflow
  readonly down: (() => void)[] = []
  readonly up: (() => void)[] = []
  readonly steps: (() => void)[] = []
  readonly made: number[] = []
  readonly given: unknown[] = []
  readonly waiting: Promise<void>[] = []
  readonly errors: string[] = []
  /** Items that had been given when the error was told. */
  givenAtError: number | undefined
  opened = 0
  closed = 0
  over = 0
  left = false
  ended = false
  readonly #waiters: { opened(): void }[] = []
  #open = true

  constructor(plan: Plan) {
    this.plan = plan
    const { window, windowBytes } = plan
    this.inflow = new Inflow(new Waits(new ManualClock()), () => 'the stream', { window, windowBytes })
    const owner: OutflowOwner = {
      schedule: (step) => void this.steps.push(step),
      threw: (error) => error,
      abort: () => false,
      over: () => void (this.over += 1),
    }
    this.outflow = new Outflow(this.#source(), this.#consumer(), owner)
    this.outflow.start()
  }

  get open(): boolean {
    return this.#open
  }

  set open(open: boolean) {
    this.#open = open
    if (open) for (const waiter of this.#waiters.splice(0)) waiter.opened()
  }

  /** The consumer as its producer sees it: all that is told takes its time. */
  #consumer(): Consumer {
    const { inflow, down, up, plan } = this
    const consumer = {
      window: inflow.window,
      settled: false,
      abandoned: false,
      isOpen: () => this.open,
      get open() {
        return consumer.isOpen()
      },
      whenOpen: (waiter: { opened(): void }) => void this.#waiters.push(waiter),
      item: (value: unknown) => {
        const bytes = plan.sizes[value as number] as number
        down.push(() => inflow.item(value, bytes))
        return bytes
      },
      resolve: () => consumer.settle(() => inflow.resolve()),
      reject: (error: unknown) => consumer.settle(() => inflow.reject(error)),
      settle: (tell: () => void) => {
        if (consumer.settled) return
        consumer.settled = true
        down.push(tell)
      },
    } as Consumer & { isOpen(): boolean; settle(tell: () => void): void; settled: boolean; abandoned: boolean }
    inflow.onGrant = (items, bytes) => up.push(() => consumer.onGrant?.(items, bytes))
    inflow.onAbandon = (_, reason) =>
      up.push(() => {
        if (consumer.settled || consumer.abandoned) return
        consumer.abandoned = true
        consumer.onAbandon?.(consumer, reason)
      })
    return consumer
  }

  #source(): Source {
    const { plan, made } = this
    const body = (): Generator<number> => this.#body()
    if (plan.kind === 'generator') return body()
    if (plan.kind === 'async generator') {
      return (async function* () {
        yield* body()
      })()
    }
    let closed = false
    return {
      next: () => {
        if (closed) throw new Error('asked after its end')
        if (made.length === 0) this.opened += 1
        if (made.length < plan.sizes.length) return { done: false, value: made.push(made.length) - 1 }
        closed = true
        this.closed += 1
        if (plan.end === 'error') throw new Error('source broke')
        return { done: true, value: undefined }
      },
      return: () => {
        closed = true
        if (made.length > 0) this.closed += 1
        return { done: true, value: undefined }
      },
    }
  }

  *#body(): Generator<number> {
    this.opened += 1
    try {
      for (const index of this.plan.sizes.keys()) {
        this.made.push(index)
        yield index
      }
      if (this.plan.end === 'error') throw new Error('source broke')
    } finally {
      this.closed += 1
    }
  }

  take(): void {
    this.waiting.push(
      this.inflow.next().then(
        ({ done, value }) => void (done === true ? undefined : this.given.push(value)),
        (error: Error) => {
          this.errors.push(error.message)
          this.givenAtError = this.given.length
        },
      ),
    )
  }

  async do(what: Plan['steps'][number]): Promise<void> {
    if (what === 'take') this.take()
    else if (what === 'shut' || what === 'open') this.open = what === 'open'
    else if (what === 'leave') {
      this.left = true
      this.waiting.push(this.inflow.return().then(() => undefined))
    } else if (what === 'end') {
      this.ended = true
      this.waiting.push(this.outflow.end(new Error('owner ended')))
    } else ({ step: this.steps, down: this.down, up: this.up })[what].shift()?.()
    for (let round = 0; round < 6; round += 1) await Promise.resolve()
    this.check()
  }

  /** What is made and not taken fits into the window; one item may go beyond its bytes. */
  check(): void {
    const { sizes, window, windowBytes } = this.plan
    // What a leaving consumer throws away is taken by nobody.
    if (this.left || this.ended) return
    const ahead = this.made.slice(this.given.length)
    const bytes = ahead.slice(0, -1).reduce((sum, index) => sum + (sizes[index] as number), 0)
    if (ahead.length > window) throw new Error(`${ahead.length} items are ahead`)
    if (ahead.length > 1 && bytes >= windowBytes) throw new Error(`${bytes} bytes are ahead before the last item`)
  }

  async finish(): Promise<void> {
    this.open = true
    // A take for each item that may wait already, for the end, and then some.
    for (let quiet = 0; quiet < this.plan.sizes.length + 3; ) {
      const busy = this.steps.length + this.down.length + this.up.length > 0
      quiet = busy ? 0 : quiet + 1
      for (const what of ['step', 'down', 'up', 'take'] as const) await this.do(what)
    }
    await Promise.all(this.waiting)
  }
}

test('items arrive in order, within the window; then the end; and what was opened is closed once', async () => {
  await fc.assert(
    fc.asyncProperty(plans, async (plan) => {
      const world = new World(plan)
      for (const step of plan.steps) await world.do(step)
      await world.finish()
      const { given, made, left, ended, opened, closed, over, errors } = world
      expect(given).toEqual(made.slice(0, given.length))
      if (!left && !ended) {
        expect(given).toHaveLength(plan.sizes.length)
        expect(errors).toEqual(plan.end === 'error' ? ['source broke'] : [])
      }
      expect(errors.length).toBeLessThanOrEqual(1)
      expect(given).toHaveLength(world.givenAtError ?? given.length)
      expect(over).toBe(1)
      expect(opened).toBeLessThanOrEqual(1)
      if (plan.kind !== 'list' || made.length > 0) expect(closed).toBe(opened)
    }),
    {
      numRuns: 600,
      // What came before its error was taken, and the error with it.
      examples: [
        [
          {
            window: 5,
            windowBytes: 5,
            sizes: [1, 1, 1],
            kind: 'list',
            end: 'error',
            steps: ['step', 'down', 'down', 'down', 'down'],
          },
        ],
      ],
    },
  )
})
