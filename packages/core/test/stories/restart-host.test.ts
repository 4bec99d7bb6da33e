import { child, createSystem, defineActor, type Launcher, type System } from '@troupe/core'
import { memoryHost, memoryModule } from '../support/memory-host.js'
import { never } from '../support/supervision.js'
import { turn, until } from '../support/settle.js'

describe('a launched host that is started anew for a supervised child', () => {
  let system: System
  beforeEach(() => {
    system = createSystem({ name: 'test' })
    system.events$.subscribe(() => undefined)
  })
  afterEach(() => system.stop({ timeout: 200 }))

  const far = memoryModule({
    idle: defineActor({ init: () => undefined, on: {} }),
    stubborn: defineActor({ init: () => undefined, on: {}, onStop: never }),
  })

  /** Of hosts of which all but the first do as `then` says; `launches` counts them. */
  function launches(then: 'answer' | 'never answer'): { placement: Launcher<'elsewhere'>; count(): number } {
    let count = 0
    const [first, next] = [memoryHost(), memoryHost({ mute: then === 'never answer' })]
    const launch: Launcher['launch'] = (context) => ((count += 1) === 1 ? first : next).launch(context)
    return { placement: { ...first, launch, reach: 'elsewhere' }, count: () => count }
  }

  test('holds up neither terminateChild nor stop while it does not answer', async () => {
    const { placement, count } = launches('never answer')
    const host = await system.launch(placement)
    const on = { on: host }
    const app = await system.supervise({
      intensity: Infinity,
      children: [child('a', far.idle, undefined, on), child('b', far.idle, undefined, on)],
    })
    await host.kill()
    await until(() => count() === 2)
    await app.terminateChild('a')
    await app.stop()
    expect(count()).toBe(2)
  })

  test('is not, once the system has stopped meanwhile', async () => {
    const { placement, count } = launches('answer')
    const host = await system.launch(placement)
    const app = await system.supervise({ children: [child('a', far.idle, undefined, { on: host })] })
    await system.spawn(far.stubborn, undefined, { on: host })
    // The child is stopped at once, and wants to live there again; the other one keeps the host from ending.
    const stopped = host.stop({ timeout: Infinity })
    await app.ref('a').stop()
    await until(() => app.which()[0]?.status === 'restarting')
    await system.stop({ timeout: 50 })
    await stopped
    await turn()
    expect(count()).toBe(1)
  })
})
