/** Links by themselves: two sides that tell each other what they do, over a way that takes its time. */
import fc from 'fast-check'
import type { Reason } from '@troupe/core'
import { Links, type Target } from '@troupe/core/internal'

type Told = () => void

/** Two actors in two hosts: what one tells the other arrives in order, when it is delivered. */
class Pair {
  readonly links: readonly [Links, Links]
  readonly signals: readonly [Reason[], Reason[]] = [[], []]
  readonly #ways: readonly [Told[], Told[]] = [[], []]
  readonly #watchers: readonly [Set<unknown>, Set<unknown>] = [new Set(), new Set()]
  readonly #refs: readonly [object, object]

  constructor() {
    const home = {}
    const targets = ([0, 1] as const).map(
      (side) =>
        ({
          home,
          address: { host: side + 1, actor: 16, incarnation: 0 },
          onEnd: (watcher: unknown) => this.#watchers[side].add(watcher),
          offEnd: (watcher: unknown) => this.#watchers[side].delete(watcher),
          linkedBy: (other: Target, on: boolean, heard?: Told) =>
            this.#ways[side].push(() => {
              this.links[side].linkedBy(other, on)
              if (heard !== undefined) this.#ways[1 - side]?.push(heard)
            }),
        }) as unknown as Target,
    ) as [Target, Target]
    this.#refs = targets.map((target) => ({ [Symbol.for('@troupe/portable')]: target })) as [object, object]
    this.links = targets.map(
      (self, side) =>
        new Links(self, () => ({}) as never, {
          post: () => undefined,
          fail: (reason) => this.signals[side]?.push(reason),
        }),
    ) as [Links, Links]
  }

  link(side: 0 | 1): void {
    this.links[side].link(this.#refs[1 - side] as never)
  }

  unlink(side: 0 | 1): void {
    this.links[side].unlink(this.#refs[1 - side] as never)
  }

  /** What was told to `side` first, if anything waits there. */
  deliver(side: 0 | 1): boolean {
    const told = this.#ways[side].shift()
    told?.()
    return told !== undefined
  }

  settle(): void {
    while (this.deliver(0) || this.deliver(1)) continue
  }
}

const side = fc.constantFrom<0 | 1>(0, 1)
const step = fc.tuple(fc.constantFrom<'link' | 'unlink' | 'deliver'>('link', 'unlink', 'deliver'), side)

describe('the two sides of a link', () => {
  test('are both there or both gone, whatever was made and taken back at once', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
        const pair = new Pair()
        for (const [what, who] of steps) pair[what](who)
        pair.settle()
        const [a, b] = pair.links
        expect([a.pending, a.pending]).toEqual([b.pending, a.pending === 0 ? 0 : 1])
      }),
      { numRuns: 500 },
    )
  })

  test('hold what the last to speak has said, when nothing crosses', () => {
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 30 }), (steps) => {
        const pair = new Pair()
        let linked = false
        for (const [what, who] of steps) {
          pair[what](who)
          pair.settle()
          if (what !== 'deliver') linked = what === 'link'
        }
        expect(pair.links.map(({ pending }) => pending)).toEqual(linked ? [1, 1] : [0, 0])
      }),
    )
  })

  test('of ten thousand that end leave nothing with the one that lives on', () => {
    const home = {}
    const links = new Links({ home, address: { host: 1, actor: 16, incarnation: 0 } } as Target, () => ({}) as never, {
      post: () => undefined,
      fail: () => undefined,
    })
    const watchers: ((reason: Reason) => void)[] = []
    for (let actor = 17; actor < 10_017; actor += 1) {
      const address = { host: 1, actor, incarnation: 0 }
      links.linkedBy({ home, address, onEnd: (watcher: never) => watchers.push(watcher) } as unknown as Target, true)
    }
    expect(links.pending).toBe(10_000)
    for (const watcher of watchers) watcher({ type: 'normal' })
    expect(links.pending).toBe(0)
  })

  test('are gone for good once their actor has ended', () => {
    const pair = new Pair()
    pair.link(0)
    pair.settle()
    pair.links[0].end()
    pair.link(0)
    pair.link(1)
    pair.settle()
    expect(pair.links[0].pending).toBe(0)
  })
})
