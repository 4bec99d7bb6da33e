/** Frames from a host are data: whatever a child sends, its parent lives on. */
import { createSystem, defineActor, type System } from '@troupe/core'
import { channelPair, jsonCodec } from '@troupe/core/testing'
import { creditFrame, FIRST_ACTOR, Flag, frameOf, Kind, To } from '@troupe/core/internal'
import { FakeGuest } from '../support/fake-guest.js'
import { memoryHost, memoryModule } from '../support/memory-host.js'
import { stateOf, turn, until } from '../support/settle.js'

/** A block as the codec in memory makes it, of the envelopes `[to, name, id, value]`. */
function blockOf(...envelopes: (readonly [to: number, name: number, id: number, value: unknown])[]): Uint8Array {
  const packer = jsonCodec().packer({ write: (value) => value })
  const slab = { bytes: packer.allocate(1_000), length: 0 }
  packer.begin(slab)
  for (const envelope of envelopes) packer.append(slab, ...envelope)
  packer.end(slab)
  return frameOf({ kind: Kind.block, flags: Flag.fresh, origin: 2, destination: 1 }, slab.bytes.slice(0, slab.length))
}

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
    ['asks by a number that is not free', blockOf([To.name, 0, 0, 'wait'], [FIRST_ACTOR, 0, 5_000, 1])],
    ['calls without the parts of a call', blockOf([To.name, 0, 0, 'wait'], [To.call, 0, 1, [FIRST_ACTOR, null]])],
    ['calls what is no actor', blockOf([To.name, 0, 0, 'wait'], [To.call, 0, 1, [2, null, 1, 1, 'arg']])],
    [
      'calls with a chain that is none',
      blockOf([To.name, 0, 0, 'wait'], [To.call, 0, 1, [FIRST_ACTOR, 1, 1, 1, 'arg']]),
    ],
    ['pulls without numbers', blockOf([To.pull, 0, 1, 'all'])],
    ['pulls by no number', blockOf([To.pull, 0, 0, [1, 1, 1]])],
    ['gives room that is no number', blockOf([To.grant, 0, 1, [1, 'much']])],
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

  test('but items, room, pulls and answers for what is not there are passed over', async () => {
    const on = memoryHost()
    const ref = await system.spawn(far.idle, undefined, { on })
    const asked = ref.ask('wait')
    void asked.catch(() => undefined)
    await on.hosts[0]?.say(
      blockOf(
        [To.item, 0, 99, 'item'],
        [To.item, 0, 1, 'for a question that is no stream'],
        [To.grant, 0, 99, [1, 1]],
        [To.grant, 0, 0, [Number.MAX_SAFE_INTEGER, 0]],
        [To.reply, 0, 99, 'answer'],
        [To.reply, 0, 0, 'answer'],
        [To.fail, 0, 2 ** 31, 'answer'],
      ),
    )
    // Its own packer goes on where it was, so it must not be asked any more; but it has not been ended.
    for (let round = 0; round < 5; round += 1) await turn()
    expect(await stateOf(ref.exited)).toBe('pending')
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
