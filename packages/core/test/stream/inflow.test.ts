import { Inflow, Waits } from '@troupe/core/internal'
import { ManualClock } from '@troupe/core/testing'
import { stateOf, turn } from '../support/settle.js'

type Options = ConstructorParameters<typeof Inflow>[2]

/** One whose producer notes what it is told. */
function inflow(options?: Options, closesItself = true) {
  const clock = new ManualClock()
  const told: unknown[] = []
  const flow = new Inflow(new Waits(clock), () => 'the stream', options)
  flow.onGrant = (items, bytes) => told.push([items, bytes])
  flow.onAbandon = (_, reason) => {
    told.push(reason)
    if (closesItself) flow.resolve()
  }
  return { flow, told, clock }
}

const OVER = { done: true, value: undefined }

describe('the consuming end of a stream', () => {
  test('gives items in order to whoever asked first, before or after they came', async () => {
    const { flow } = inflow()
    const early = [flow.next(), flow.next()]
    for (const n of [1, 2, 3, 4]) flow.item(n)
    const late = [flow.next(), flow.next(), flow.next()]
    flow.resolve()
    expect((await Promise.all([...early, ...late])).map(({ value }) => value as unknown)).toEqual([
      1,
      2,
      3,
      4,
      undefined,
    ])
    expect(await flow.next()).toEqual(OVER)
  })

  test('of many who wait the first hears the error, the others the end', async () => {
    const { flow } = inflow()
    const waiting = [flow.next(), flow.next(), flow.next()]
    const outcomes = Promise.allSettled(waiting)
    flow.reject(new Error('broken'))
    flow.reject(new Error('again'))
    expect((await outcomes).map(({ status }) => status)).toEqual(['rejected', 'fulfilled', 'fulfilled'])
    expect(await flow.next()).toEqual(OVER)
  })

  test('tells an error once, after all that came before', async () => {
    const { flow } = inflow()
    flow.item(1)
    flow.reject(new Error('broken'))
    flow.item(2)
    expect((await flow.next()).value).toBe(1)
    await expect(flow.next()).rejects.toThrow('broken')
    expect(await flow.next()).toEqual(OVER)
  })

  test.each<[Options, (readonly [items: number, bytes: number])[]]>([
    [{ window: 1 }, Array.from({ length: 8 }, () => [1, 10] as const)],
    [{ window: 4 }, Array.from({ length: 4 }, () => [2, 20] as const)],
    [
      { window: 5 },
      [
        [3, 30],
        [3, 30],
      ],
    ],
    [{ windowBytes: 40 }, Array.from({ length: 4 }, () => [2, 20] as const)],
    [{ windowBytes: 5 }, Array.from({ length: 8 }, () => [1, 10] as const)],
  ])('gives room back in batches of half a window: %j', async (options, grants) => {
    const { flow, told } = inflow(options)
    for (let n = 0; n < 8; n += 1) flow.item(n, 10)
    expect(told).toEqual([])
    for (let n = 0; n < 8; n += 1) await flow.next()
    expect(told).toEqual(grants)
  })

  describe('left', () => {
    test('while somebody waits: all who wait hear the end, the producer why', async () => {
      const { flow, told } = inflow()
      const waiting = [flow.next(), flow.next()]
      await flow.return()
      expect(await Promise.all(waiting)).toEqual([OVER, OVER])
      expect(told).toEqual([expect.objectContaining({ code: 'ERR_CANCELLED' })])
    })

    test('resolves when the producer has closed, also to whoever leaves again', async () => {
      const { flow, told } = inflow({}, false)
      flow.item(1)
      const leaving = [flow.return(), flow.return()]
      flow.item(2)
      expect(await stateOf(Promise.race(leaving))).toBe('pending')
      expect(await flow.next()).toEqual(OVER)
      flow.reject(new Error('in its finally'))
      expect(await Promise.all(leaving)).toEqual([OVER, OVER])
      expect(told).toHaveLength(1)
    })

    test('after its end gives none of what had come before', async () => {
      for (const end of [(flow: Inflow) => flow.resolve(), (flow: Inflow) => flow.reject(new Error('broken'))]) {
        const { flow, told } = inflow()
        flow.item(1)
        end(flow)
        expect(await flow.return()).toEqual(OVER)
        expect(await flow.next()).toEqual(OVER)
        expect(told).toEqual([])
      }
    })

    test('when its signal has aborted and nobody was there to be told: waits for the producer all the same', async () => {
      const controller = new AbortController()
      const { flow } = inflow({ signal: controller.signal }, false)
      controller.abort(new Error('enough'))
      const leaving = flow.return()
      expect(await stateOf(leaving)).toBe('pending')
      flow.resolve()
      expect(await leaving).toEqual(OVER)
      expect(await flow.next()).toEqual(OVER)
    })
  })

  test('an abort is told once: to who waits, else to who asks next', async () => {
    for (const waits of [true, false]) {
      const controller = new AbortController()
      const { flow, told } = inflow({ signal: controller.signal })
      flow.item(1)
      if (waits) await flow.next()
      const waiting = waits ? flow.next() : undefined
      controller.abort(new Error('enough'))
      await expect(waiting ?? flow.next()).rejects.toThrow('enough')
      expect(await flow.next()).toEqual(OVER)
      expect(told).toHaveLength(1)
    }
  })

  test('its time runs from each `next`, and closes it', async () => {
    const { flow, told, clock } = inflow({ timeout: 10 })
    await clock.advance(100)
    const first = flow.next()
    await clock.advance(9)
    flow.item(1)
    expect((await first).value).toBe(1)
    await clock.advance(100)
    const late = flow.next()
    const later = flow.next()
    const outcomes = Promise.allSettled([late, later])
    await clock.advance(10)
    expect(await outcomes).toMatchObject([
      { status: 'rejected', reason: { code: 'ERR_TIMEOUT' } },
      { status: 'fulfilled', value: OVER },
    ])
    expect(told).toHaveLength(1)
    await turn()
  })

  test('takes its listener off the signal, however it ends', async () => {
    const ends: ((flow: Inflow) => void)[] = [
      (flow) => flow.resolve(),
      (flow) => flow.reject(new Error('broken')),
      (flow) => void flow.return(),
    ]
    for (const end of ends) {
      const listeners = new Set<unknown>()
      const signal = {
        aborted: false,
        reason: undefined,
        addEventListener: (_: string, listener: unknown) => void listeners.add(listener),
        removeEventListener: (_: string, listener: unknown) => void listeners.delete(listener),
      }
      const { flow } = inflow({ signal: signal as never })
      expect(listeners.size).toBe(1)
      end(flow)
      expect(listeners.size).toBe(0)
    }
  })
})
