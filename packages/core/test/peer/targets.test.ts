import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { type RemoteTarget, Targets } from '@troupe/core/internal'
import { turn } from '../support/settle.js'

const target = (actor: number) => ({ address: { host: 2, actor, incarnation: 0 } }) as RemoteTarget

describe('the targets of a peer', () => {
  test('are one for each actor, used or not, until it has ended', () => {
    const targets = new Targets()
    const [idle, used] = [target(16), target(17)]
    targets.add(idle)
    targets.add(used)
    targets.use(used)
    expect([targets.get(16), targets.used(16), targets.get(17), targets.used(17)]).toEqual([
      idle,
      undefined,
      used,
      used,
    ])
    expect([targets.take(16), targets.take(17), targets.take(16), targets.get(17)]).toEqual([
      idle,
      used,
      undefined,
      undefined,
    ])
    targets.add(idle)
    targets.use(used)
    expect(targets.takeAll()).toEqual([used, idle])
    expect(targets.takeAll()).toEqual([])
  })

  test('are kept when they are used, and forgotten when nobody holds them', async () => {
    setFlagsFromString('--expose-gc')
    const collect = runInNewContext('gc') as () => void
    const targets = new Targets()
    for (let actor = 16; actor < 1_016; actor += 1) targets.add(target(actor))
    for (let actor = 16; actor < 26; actor += 1) targets.use(targets.get(actor) as RemoteTarget)
    for (let times = 0; times < 5; times += 1) {
      await turn()
      collect()
    }
    await turn()
    expect(targets.takeAll().map(({ address }) => address.actor)).toEqual([16, 17, 18, 19, 20, 21, 22, 23, 24, 25])
  })
})
