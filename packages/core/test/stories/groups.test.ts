import { type ActorRef, createSystem, defineActor, type RefBase } from '@troupe/core'
import { crew, places } from '../support/crew.js'
import { memoryHost, memoryModule } from '../support/memory-host.js'
import { turn, until } from '../support/settle.js'

const clerk = defineActor({
  init: (group: string | undefined, ctx) => {
    if (group !== undefined) ctx.system.groups.join(group, ctx.self)
  },
  on: {
    hello: () => 'hello',
    join: (_, { group, ref }: { group: string; ref?: RefBase }, ctx) =>
      ctx.system.groups.join(group, ref ?? (ctx.self as RefBase)),
    leave: (_, { group, ref }: { group: string; ref?: RefBase }, ctx) =>
      ctx.system.groups.leave(group, ref ?? (ctx.self as RefBase)),
    async members(_, group: string, ctx) {
      return ctx.system.groups.members<any>(group)
    },
    /** All in one turn. */
    async rush(_, group: string, ctx) {
      const { groups } = ctx.system
      groups.join(group, ctx.self)
      const [one] = [groups.members(group), groups.leave(group, ctx.self)]
      const none = groups.members(group)
      return [(await one).length, (await none).length]
    },
    fail() {
      throw new RangeError('boom')
    },
  },
  onStop: (_, _reason, ctx) => ctx.system.groups.leave('desk', ctx.self),
})

describe('groups', () => {
  const team = crew()
  const idsIn = async (group: string) => (await team.system.groups.members(group)).map(({ id }) => id)

  test.each(places)('list their members in the order of joining, from anywhere; the refs work (%s)', async (place) => {
    const [a, b, c] = [
      await team.spawn(place, clerk),
      await team.spawn('here', clerk, 'desk'),
      await team.spawn('elsewhere', clerk),
    ]
    team.system.groups.join('desk', c)
    await a.ask('join', { group: 'desk' })
    const seen = await team.system.groups.members('desk')
    expect(seen.map(({ id }) => id)).toEqual([b.id, c.id, a.id])
    expect(await Promise.all(seen.map((each) => each.ask('hello')))).toEqual(['hello', 'hello', 'hello'])
    for (const asked of [a, b, c]) {
      const told: ActorRef<any>[] = await asked.ask('members', 'desk')
      expect(told.map((each, index) => each.equals(seen[index] as RefBase))).toEqual([true, true, true])
    }
    expect(await idsIn('nobody')).toEqual([])
  })

  test.each(places)('count joins: who has joined twice leaves twice, and is listed once (%s)', async (place) => {
    const [a, b] = [await team.spawn(place, clerk, 'desk'), await team.spawn('here', clerk, 'desk')]
    await a.ask('join', { group: 'desk' })
    expect(await idsIn('desk')).toEqual([a.id, b.id])
    await a.ask('leave', { group: 'desk' })
    expect(await idsIn('desk')).toEqual([a.id, b.id])
    await b.ask('leave', { group: 'desk', ref: a })
    expect(await idsIn('desk')).toEqual([b.id])
    await a.ask('leave', { group: 'desk' })
    await a.ask('join', { group: 'desk' })
    expect(await idsIn('desk')).toEqual([b.id, a.id])
  })

  test.each(places)('join, leave and members of one host are in order, though nobody waits (%s)', async (place) => {
    const ref = await team.spawn(place, clerk)
    expect(await ref.ask('rush', 'desk')).toEqual([1, 0])
  })

  test.each(places)('lose an actor at its end, before anybody hears of it (%s)', async (place) => {
    for (const end of ['stop', 'kill', 'fail'] as const) {
      const stays = await team.spawn('here', clerk, 'desk')
      const goes = await team.spawn(place, clerk, 'desk')
      team.system.groups.join('door', goes)
      expect(await idsIn('desk')).toEqual([stays.id, goes.id])
      if (end === 'fail') goes.tell('fail')
      else void goes[end]()
      await goes.exited
      expect(await idsIn('desk')).toEqual([stays.id])
      expect(await idsIn('door')).toEqual([])
      await stays.stop()
      expect(await idsIn('desk')).toEqual([])
    }
  })

  test('lose whom a host takes along that dies', async () => {
    const on = memoryHost()
    const ref = await team.system.spawn(memoryModule({ clerk }).clerk, 'desk', { on })
    expect(await idsIn('desk')).toEqual([ref.id])
    on.hosts[0]?.crash(9)
    await ref.exited
    expect(await idsIn('desk')).toEqual([])
  })

  test('take in nobody who has ended', async () => {
    const [here, far] = [await team.spawn('here', clerk), await team.spawn('elsewhere', clerk)]
    const seeker = await team.spawn('elsewhere', clerk)
    await Promise.all([here.stop(), far.stop()])
    for (const ref of [here, far]) {
      team.system.groups.join('desk', ref)
      await seeker.ask('join', { group: 'desk', ref })
    }
    await seeker.ask('members', 'desk')
    await until(() => team.system.tree().split('\n').length === 2)
    expect(await idsIn('desk')).toEqual([])
  })

  test('refuse what is no group and no ref', async () => {
    const { groups } = team.system
    const ref = await team.spawn('here', clerk)
    expect(() => groups.join('', ref)).toThrow(/Expected `group` to be a non-empty string/)
    expect(() => groups.join('desk', {} as never)).toThrow(/Expected `ref` to be an ActorRef/)
    expect(() => groups.leave('desk', undefined as never)).toThrow(TypeError)
    await expect(groups.members(3 as never)).rejects.toThrow(TypeError)
  })

  test('are no matter to a host that asks nonsense: it fails alone', async () => {
    const on = memoryHost()
    const ref = await team.system.spawn(memoryModule({ clerk }).clerk, 'desk', { on })
    const root = on.hosts[0]?.system?.root
    for (const nonsense of [
      undefined,
      null,
      'desk',
      { group: 'desk' },
      { group: 3, ref },
      { group: 'desk', ref: {} },
    ]) {
      root?.note('join', nonsense)
      root?.note('leave', nonsense)
    }
    await expect(on.hosts[0]?.system?.requestRoot('members', { group: 'desk' })).rejects.toMatchObject({
      code: 'ERR_PROTOCOL',
    })
    expect(await idsIn('desk')).toEqual([ref.id])
    await turn()
  })

  test('can be left while the system stops, and are closed once it has', async () => {
    const system = createSystem({ name: 'gone' })
    const crashes: unknown[] = []
    system.events$.subscribe((event) => event.type === 'crashed' && crashes.push(event.error))
    const ref = await system.spawn(clerk, 'desk')
    await system.stop()
    expect(crashes).toEqual([])
    const closed = expect.objectContaining({ code: 'ERR_SYSTEM_STOPPED' })
    expect(() => system.groups.join('desk', ref)).toThrow(closed as never)
    expect(() => system.groups.leave('desk', ref)).toThrow(closed as never)
    await expect(system.groups.members('desk')).rejects.toEqual(closed)
  })
})
