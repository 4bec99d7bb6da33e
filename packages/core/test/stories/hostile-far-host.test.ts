/** Who connects trusts the other process as a host of its own: with what lives there, and with nothing else. */
import { createSystem, defineActor, type FarHost, type System } from '@troupe/core'
import { To } from '@troupe/core/internal'
import { FakeGuest } from '../support/fake-guest.js'
import { memoryEndpoint, silentEndpoint } from '../support/memory-endpoint.js'
import { stateOf, turn, until } from '../support/settle.js'

const own = defineActor({ init: () => 0, on: { get: (n: number) => n } })

let count = 0
let system: System
let far: FakeGuest
let host: FarHost

beforeEach(async () => {
  count += 1
  const endpoint = memoryEndpoint(`far ${count}`)
  await endpoint.listen({
    onChannel: (channel) => {
      far = new FakeGuest(channel)
      far.hello({ host: 2, you: 1 })
    },
    onRefused: () => undefined,
  })
  system = createSystem({ name: 'client' })
  system.events$.subscribe(() => undefined)
  host = await system.connect(endpoint)
  await turn()
})

afterEach(() => system.stop({ timeout: 20 }))

/** A ref as data: the fake speaks of actors as it likes. */
const fails = async (name: string, value: unknown, words: RegExp): Promise<void> => {
  const answer = await far.answer(far.request(name, value))
  expect([answer.ok, answer.value?.message]).toEqual([false, expect.stringMatching(words)])
}

describe('a far host', () => {
  test('leads only to hosts whose numbers it was given, each once', async () => {
    await fails('route', 1, /a way to host 1, which is none of its own/)
    await fails('route', 2, /a way to host 2, which is none of its own/)
    await fails('route', 3, /a way to host 3, which is none of its own/)
    await fails('route', 4_000_000_000, /none of its own/)
    const { value } = await far.answer(far.request('newHost', null))
    expect(value).toBe(3)
    expect((await far.answer(far.request('route', 3))).ok).toBe(true)
    await fails('route', 3, /none of its own/)
  })

  test('gives back no name but its own', async () => {
    const held = await system.spawn(own, undefined, { name: 'held' })
    expect((await far.answer(far.request('claim', 'mine'))).ok).toBe(true)
    await fails('claim', 'held', /held/)
    await far.answer(far.request('release', 'held'))
    expect(await system.whereis('held')).toBeDefined()
    await far.answer(far.request('release', 'mine'))
    expect((await far.answer(far.request('claim', 'mine'))).ok).toBe(true)
    await held.stop()
  })

  test('tells of the lives of its own actors only: the tree and the events are no tale of others', async () => {
    const ref = await system.spawn(own, undefined, { name: 'own' })
    const at = 1
    const seen: string[] = []
    system.events$.subscribe(({ type, id }) => void seen.push(`${type} ${id}`))
    await fails('event', { type: 'down', at, id: ref.id, reason: { type: 'killed' } }, /none of its own/)
    await fails('event', { type: 'crashed', at, id: ref.id, error: 'x' }, /none of its own/)
    await fails('event', { type: 'spawned', at, id: '1.99', host: 1 }, /none of its own/)
    await fails('event', { type: 'spawned', at, id: '2.16', host: 1 }, /none of its own/)
    await fails('event', { type: 'spawned', at, id: '2.16', host: 2, name: { toString: 1 } }, /that is none/)
    await fails('event', { type: 'down', at, id: '2.16', reason: 'x' }, /a reason that is none/)
    await fails('event', { type: 'constructor', at, id: '2.16' }, /none of its own/)
    expect(seen).toEqual([])
    await far.answer(far.request('event', { type: 'spawned', at, id: '2.16', host: 2, name: 'theirs' }))
    expect(system.tree()).toBe(`client\n├─ own (${ref.id})\n└─ theirs (2.16) on host 2`)
  })

  test('ends neither us nor others by news of them', async () => {
    const down = { host: 1, reason: { type: 'killed' }, silent: false }
    await far.answer(far.request('hostDown', down))
    await far.answer(far.request('hostDown', { ...down, host: 7 }))
    await fails('stop', null, /only a parent stops a host/)
    await fails('down', { actor: 16 }, /a reason that is none/)
    await fails('ended', { type: 'nonsense' }, /a reason that is none/)
    expect(await stateOf(host.exited)).toBe('pending')
    expect(await (await system.spawn(own)).ask('get')).toBe(0)
  })

  test('links no actors but its own to ours', async () => {
    const ref = await system.spawn(own)
    const actor = Number(ref.id.split('.')[1])
    for (const [number, of] of [
      [actor, 1],
      [16, 7],
    ] as const) {
      await fails('link', { actor, by: far.refTo(number, of) }, /a link by an actor that lives elsewhere/)
      await fails('unlink', { actor, by: far.refTo(number, of) }, /a link by an actor that lives elsewhere/)
    }
    await fails('link', { actor, by: 16 }, /a link by no actor/)
    expect((await far.answer(far.request('link', { actor, by: far.refTo(16) }))).ok).toBe(true)
    far.put(To.host, 'down', 0, { actor: 16, reason: { type: 'killed' } })
    expect(await ref.exited).toEqual({ type: 'killed' })
  })

  test('that speaks in the name of another is ended', async () => {
    far.put(To.host, 'claim', 0, 'x', 3)
    expect(await host.exited).toMatchObject({ type: 'error', error: { code: 'ERR_PROTOCOL' } })
  })
})

describe('a connect that gets no answer', () => {
  /** Lets in, and says nothing. */
  async function mute(): Promise<{ endpoint: ReturnType<typeof memoryEndpoint>; met: FakeGuest[] }> {
    const endpoint = memoryEndpoint(`mute ${count}`)
    const met: FakeGuest[] = []
    await endpoint.listen({ onChannel: (channel) => met.push(new FakeGuest(channel)), onRefused: () => undefined })
    return { endpoint, met }
  }

  test('by nobody, or by one that lets in and says no hello, ends at its timeout and at its abort; nothing is left', async () => {
    const { endpoint, met } = await mute()
    for (const at of [silentEndpoint(`silent ${count}`), endpoint]) {
      await expect(system.connect(at, { timeout: 30 })).rejects.toMatchObject({ code: 'ERR_TIMEOUT' })
      const abort = new AbortController()
      const connecting = system.connect(at, { signal: abort.signal })
      await turn()
      abort.abort(new Error('enough'))
      await expect(connecting).rejects.toThrow('enough')
    }
    await until(() => met.length === 2 && met.every(({ closed }) => closed))
    expect(system.tree()).toBe('client')
  })

  test('ends with its system, in each phase', async () => {
    const { endpoint, met } = await mute()
    for (const at of [silentEndpoint(`gone ${count}`), endpoint]) {
      const other = createSystem()
      const connecting = other.connect(at).catch((error: unknown) => error)
      await turn()
      await other.stop()
      expect(await connecting).toMatchObject({ code: 'ERR_ACTOR_DOWN' })
      await expect(other.connect(at)).rejects.toMatchObject({ code: 'ERR_SYSTEM_STOPPED' })
    }
    await until(() => met.length === 1 && met.every(({ closed }) => closed))
  })
})
