import fc from 'fast-check'
import { Lane } from '@troupe/core/internal'
import { deferred, stateOf, turn } from '../support/settle.js'

describe('a lane', () => {
  test('begins each work when the one before is over, however that ended', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.boolean(), { maxLength: 10 }), async (fails) => {
        const lane = new Lane()
        const log: string[] = []
        const results = fails.map((failing, index) =>
          lane.run(async () => {
            log.push(`begin ${index}`)
            await Promise.resolve()
            log.push(`end ${index}`)
            if (failing) throw new Error(`${index}`)
            return index
          }),
        )
        const settled = await Promise.allSettled(results)
        expect(log).toEqual(fails.flatMap((_, index) => [`begin ${index}`, `end ${index}`]))
        expect(settled.map(({ status }) => status === 'rejected')).toEqual(fails)
      }),
      { numRuns: 30 },
    )
  })

  test('waits for work that takes long, and begins none at the call', async () => {
    const lane = new Lane()
    const gate = deferred()
    let begun = 0
    const work = (): Promise<void> => {
      begun += 1
      return gate.promise
    }
    const first = lane.run(work)
    const second = lane.run(work)
    expect(begun).toBe(0)
    await turn()
    expect([begun, await stateOf(first)]).toEqual([1, 'pending'])
    gate.resolve()
    await second
    expect(begun).toBe(2)
  })
})
