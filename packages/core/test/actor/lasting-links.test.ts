/** Links to a ref that outlives its actor: they are to the life at the call. */
import type { Reason } from '@troupe/core'
import { Links, type Target } from '@troupe/core/internal'
import { turn } from '../support/settle.js'

function linked() {
  const home = {}
  const address = (actor: number) => ({ host: 1, actor, incarnation: 0 })
  const watchers = new Set<(reason: Reason) => void>()
  const told: boolean[] = []
  const life = {
    home,
    address: address(17),
    onEnd: (watcher: (reason: Reason) => void) => watchers.add(watcher),
    offEnd: (watcher: (reason: Reason) => void) => watchers.delete(watcher),
    linkedBy: (_: Target, on: boolean, heard?: () => void) => {
      told.push(on)
      heard?.()
    },
  }
  const lasting = { home, address: address(16), lasting: true, lifeNow: async () => life }
  const signals: Reason[] = []
  const self = { home, address: address(18) } as unknown as Target
  const signalled = { post: () => undefined, fail: (reason: Reason) => void signals.push(reason) }
  const links = new Links(self, () => ({}) as never, signalled)
  return { links, ref: { [Symbol.for('@troupe/portable')]: lasting } as never, watchers, told, signals }
}

describe('links to one that is supervised', () => {
  test('that are made and taken back leave nothing with its life', async () => {
    const { links, ref, watchers, told } = linked()
    for (let round = 0; round < 100; round += 1) {
      links.link(ref)
      await turn()
      links.unlink(ref)
    }
    expect([watchers.size, links.pending, told.length]).toEqual([0, 0, 200])
  })

  test('are one, however often they are made, and end with whoever made them', async () => {
    const { links, ref, watchers, told } = linked()
    for (let round = 0; round < 3; round += 1) {
      links.link(ref)
      links.link(ref)
      await turn()
    }
    // That of the link, and one that takes note of the end.
    expect([watchers.size, told]).toEqual([2, [true]])
    links.end()
    expect(watchers.size).toBe(0)
  })

  test('are taken back though they were about to be made once more', async () => {
    const { links, ref, watchers, told, signals } = linked()
    links.link(ref)
    await turn()
    links.link(ref)
    links.unlink(ref)
    await turn()
    expect([watchers.size, told]).toEqual([0, [true, false]])
    links.link(ref)
    await turn()
    for (const watcher of watchers) watcher({ type: 'killed' })
    expect(signals).toEqual([{ type: 'killed' }])
  })
})
