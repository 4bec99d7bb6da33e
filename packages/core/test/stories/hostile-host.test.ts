/** Frames from a host are data: whatever a child sends, its parent lives on. */
import { createSystem, defineActor, type System } from '@troupe/core'
import { creditFrame, frameOf, Kind } from '@troupe/core/internal'
import { channelPair, jsonCodec } from '@troupe/core/testing'
import { FakeGuest } from '../support/fake-guest.js'
import { memoryHost, memoryModule } from '../support/memory-host.js'
import { until } from '../support/settle.js'

const far = memoryModule({
  idle: defineActor({
    init: () => undefined,
    on: { wait: () => new Promise<void>(() => undefined), hello: () => 'hello' },
  }),
})

describe('a host that breaks the protocol', () => {
  let system: System
  beforeEach(() => {
    system = createSystem()
    system.events$.subscribe(() => undefined)
  })
  afterEach(() => system.stop({ timeout: 50 }))

  test.each<[string, Uint8Array]>([
    ['sends garbage', new Uint8Array(100).fill(0xee)],
    [
      'sends a block that cannot be read',
      frameOf({ kind: Kind.block, flags: 0, origin: 2, destination: 1 }, new Uint8Array(9)),
    ],
    [
      'speaks in the name of another host',
      frameOf({ kind: Kind.control, flags: 0, origin: 7, destination: 1 }, new Uint8Array(2)),
    ],
    [
      'speaks in the name of the root',
      frameOf({ kind: Kind.control, flags: 0, origin: 1, destination: 1 }, new Uint8Array(2)),
    ],
  ])('and %s is ended: what waits for it rejects with why, and the others live on', async (_, bytes) => {
    const on = memoryHost()
    const bad = await system.spawn(far.idle, undefined, { on })
    const good = await system.spawn(far.idle, undefined, { on: memoryHost() })
    const asked = bad.ask('wait')
    const outcome = asked.catch((error: unknown) => error)
    await on.hosts[0]?.say(bytes)
    expect(await bad.exited).toMatchObject({ type: 'error', error: { code: 'ERR_PROTOCOL' } })
    expect(await outcome).toMatchObject({ code: 'ERR_ACTOR_DOWN', reason: { type: 'error' } })
    expect(await good.ask('hello')).toBe('hello')
    await until(() => system.tree().split('\n').length === 2)
  })

  test('but control, credit and hellos that mean nothing are passed over', async () => {
    const on = memoryHost()
    const ref = await system.spawn(far.idle, undefined, { on })
    const head = { flags: 0, origin: 2, destination: 1 }
    await on.hosts[0]?.say(frameOf({ ...head, kind: Kind.control }, new Uint8Array(3)))
    await on.hosts[0]?.say(frameOf({ ...head, kind: Kind.hello }, new Uint8Array(3)))
    await on.hosts[0]?.say(creditFrame(2, 1, [{ actor: 99, messages: 1, bytes: 1 }]))
    await on.hosts[0]?.say(frameOf({ ...head, kind: Kind.control, destination: 55 }, new Uint8Array(3)))
    expect(await ref.ask('hello')).toBe('hello')
  })

  test('or speaks another version of it is told so by its hello, and whoever starts it is told in words', async () => {
    const [ours, theirs] = channelPair()
    const child = new FakeGuest(theirs)
    const place = {
      reach: 'elsewhere' as const,
      startTimeout: 5_000,
      launch: () => {
        let over: (end: { code: null; signal: null; killed: boolean }) => void = () => undefined
        const gone = new Promise<{ code: null; signal: null; killed: boolean }>((resolve) => {
          over = resolve
        })
        const kill = (): void => {
          ours.destroy()
          over({ code: null, signal: null, killed: true })
        }
        return { channel: ours, codec: jsonCodec(), pid: 7, greeted() {}, drain: kill, kill, gone }
      },
    }
    const launching = system.launch(place).catch((error: unknown) => error)
    child.hello({ troupe: 99, host: 2, you: 1 })
    const words = expect.stringContaining('it speaks version 99 of the protocol, we speak 1')
    expect(await launching).toMatchObject({ code: 'ERR_ACTOR_DOWN', cause: { code: 'ERR_PROTOCOL', message: words } })
    expect(child.closed).toBe(true)
  })
})
