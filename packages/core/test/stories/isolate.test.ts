import { createSystem, defineActor, refuse, SerializationError, type System, TimeoutError } from '@troupe/core'
import { deferred, turn } from '../support/settle.js'

function shelf() {
  const gate = deferred()
  const definition = defineActor({
    init: () => ({ items: [] as any[], handled: 0 }),
    on: {
      put(state, item: any) {
        state.items.push(item)
        item.put = true
      },
      items: (state) => state.items,
      async slow(state, _: undefined, ctx) {
        await Promise.race([gate.promise, ctx.sleep(100_000)])
        state.handled += 1
      },
      handled: (state) => state.handled,
      closure: () => ({ call: () => 0 }),
      refuse: (_, error: unknown) => refuse(error),
      fail(_, error: unknown) {
        throw error
      },
      self: (_, _arg, ctx) => ({ ref: ctx.self }),
      is: (_, { ref }: { ref: any }, ctx) => [ref.equals(ctx.self), ref.tell('put', {})],
    },
  })
  return { definition, gate }
}

describe('a system with `isolate`', () => {
  let system: System
  beforeEach(() => {
    system = createSystem({ isolate: true })
    system.events$.subscribe(() => undefined)
  })
  afterEach(() => system.stop({ timeout: 50 }))

  test('copies messages at the call: what either side changes afterwards reaches nobody', async () => {
    const ref = await system.spawn(shelf().definition)
    const [told, asked] = [{ n: 1 }, { n: 2 }]
    ref.tell('put', told)
    const put = ref.ask('put', asked)
    told.n = asked.n = 9
    await put
    expect([told, asked]).toEqual([{ n: 9 }, { n: 9 }])
    expect(await ref.ask('items')).toEqual([
      { n: 1, put: true },
      { n: 2, put: true },
    ])
  })

  test('copies replies when they are given', async () => {
    const ref = await system.spawn(shelf().definition)
    const items = ref.ask('items')
    ref.tell('put', {})
    expect(await items).toEqual([])
    ;(await ref.ask('items')).push('mine')
    expect(await ref.ask('items')).toEqual([{ put: true }])
  })

  test('refuses what is no data at the call, with its path; a reply that is none rejects that ask only', async () => {
    const ref = await system.spawn(shelf().definition)
    expect(() => ref.tell('put', { f: () => 0 })).toThrow(SerializationError)
    await expect(ref.ask('put', { f: () => 0 })).rejects.toMatchObject({ code: 'ERR_SERIALIZATION', path: 'arg.f' })
    await expect(ref.ask('closure')).rejects.toThrow(/^The reply cannot be sent: arg.call is a function/)
    expect(await ref.ask('items')).toEqual([])
  })

  test('passes refs, which work and are equal', async () => {
    const ref = await system.spawn(shelf().definition)
    const { ref: again } = await ref.ask('self')
    expect(again.equals(ref)).toBe(true)
    expect(await again.ask('is', { ref })).toEqual([true, true])
  })

  test('copies errors, with class, fields and stack', async () => {
    const ref = await system.spawn(shelf().definition)
    const error = Object.assign(new RangeError('no'), { at: 3 })
    const refused = await ref.ask('refuse', error).catch((thrown: unknown) => thrown)
    expect(refused).toBeInstanceOf(RangeError)
    expect(refused).toMatchObject({ message: 'no', at: 3, remoteStack: error.stack })
    expect(refused).not.toBe(error)
    await expect(ref.ask('refuse', 'text')).rejects.toMatchObject({ code: 'ERR_REMOTE', cause: 'text' })
    await expect(ref.ask('fail', error)).rejects.toMatchObject({
      code: 'ERR_ACTOR_DOWN',
      reason: { type: 'error', error: { message: 'no' } },
      cause: { message: 'no' },
    })
    await expect(ref.ask('items')).rejects.toMatchObject({ code: 'ERR_ACTOR_DOWN' })
  })

  test('takes back asks that are given up, in the queue and in hand', async () => {
    const { definition, gate } = shelf()
    const ref = await system.spawn(definition)
    const first = ref.ask('slow', undefined)
    await turn()
    const waits = new AbortController()
    const second = ref.ask('slow', undefined, { signal: waits.signal })
    waits.abort(new Error('no more'))
    await expect(second).rejects.toThrow('no more')
    gate.resolve()
    await first
    expect(await ref.ask('handled')).toBe(1)
    const other = await system.spawn(shelf().definition)
    await expect(other.ask('slow', undefined, { timeout: 5 })).rejects.toThrow(TimeoutError)
    expect(await other.ask('handled')).toBe(0)
  })

  test('tells of ends, and takes watches, as ever', async () => {
    const ref = await system.spawn(shelf().definition)
    const downs: string[] = []
    const watcher = await system.spawn(
      defineActor({
        init: () => undefined,
        on: { watch: (_, { ref: watched }: { ref: any }, ctx) => void ctx.watch(watched) },
        onDown: (_, { ref: gone, reason }) => void downs.push(`${gone.id} ${reason.type}`),
      }),
    )
    await watcher.ask('watch', { ref })
    expect(await ref.stop()).toEqual({ type: 'shutdown' })
    await watcher.stop({ drain: true })
    expect(downs).toEqual([`${ref.id} shutdown`])
    expect(ref.tell('put', {})).toBe(false)
  })
})

test('without `isolate` messages and replies pass by reference', async () => {
  const system = createSystem()
  const ref = await system.spawn(shelf().definition)
  const item = { call: () => 0 }
  await ref.ask('put', item)
  expect((await ref.ask('items'))[0]).toBe(item)
  await system.stop()
})

test('`isolate` is true or false', () => {
  expect(() => createSystem({ isolate: 'yes' as never })).toThrow(/Expected `isolate` to be a boolean, got 'yes'/)
})
