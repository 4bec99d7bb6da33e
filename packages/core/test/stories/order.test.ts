import { type ActorRef, defineActor } from '@troupe/core'
import { createProbe } from '@troupe/core/testing'
import { crew, places } from '../support/crew.js'
import { deferred } from '../support/settle.js'

interface Log {
  add(item: string): void
  all(): string[]
}

const log = defineActor.for<Log>()({
  init: () => [] as string[],
  on: {
    async add(state, item) {
      // Every other one takes longer than the next.
      if (state.length % 2 === 0) await new Promise((resolve) => setImmediate(resolve))
      state.push(item)
    },
    all: (state) => state,
  },
})

const sender = defineActor({
  init: (input: { to: ActorRef<Log>; name: string }) => input,
  on: {
    send({ to, name }, count: number) {
      for (let index = 0; index < count; index += 1) to.tell('add', `${name} ${index}`)
    },
  },
})

describe('order', () => {
  const team = crew()

  test.each(places)('is kept between one sender and one receiver: tells and asks alike (%s)', async (place) => {
    const ref = await team.spawn(place, log)
    const asked: Promise<unknown>[] = []
    for (let index = 0; index < 500; index += 1) {
      if (index % 3 === 0) asked.push(ref.ask('add', String(index)))
      else ref.tell('add', String(index))
    }
    await Promise.all(asked)
    expect(await ref.ask('all')).toEqual(Array.from({ length: 500 }, (_, index) => String(index)))
  })

  test.each(places)('is kept per sender when many send to one (%s)', async (place) => {
    const to = await team.spawn('here', log)
    const senders = await Promise.all(['a', 'b', 'c'].map((name) => team.spawn(place, sender, { to, name })))
    await Promise.all(senders.map((ref) => ref.ask('send', 40)))
    const all = await to.ask('all')
    for (const name of ['a', 'b', 'c']) {
      expect(all.filter((item) => item.startsWith(name))).toEqual(Array.from({ length: 40 }, (_, i) => `${name} ${i}`))
    }
    expect(all.length).toBe(120)
  })

  test('is kept over a ref that travelled in a message, and came back', async () => {
    const to = await team.spawn('elsewhere', log)
    const middle = await team.spawn(
      'elsewhere',
      defineActor({ init: () => undefined, on: { back: (_: undefined, ref: ActorRef<Log>) => ref } }),
    )
    const back = await middle.ask('back', to)
    expect([back.id, back.equals(to), to.equals(back)]).toEqual([to.id, true, true])
    to.tell('add', '0')
    back.tell('add', '1')
    to.tell('add', '2')
    expect(await back.ask('all')).toEqual(['0', '1', '2'])
  })

  test('between two hosts, neither of them the root, is kept too', async () => {
    const to = await team.spawn('elsewhere', log)
    const from = await team.spawn('elsewhere', sender, { to, name: 'x' })
    await from.ask('send', 200)
    const probe = await createProbe<string>(team.system)
    void probe
    for (let all = await to.ask('all'); all.length < 200; all = await to.ask('all'))
      expect(all.length).toBeLessThan(200)
    expect(await to.ask('all')).toEqual(Array.from({ length: 200 }, (_, i) => `x ${i}`))
  })
})

describe('one message at a time', () => {
  const team = crew()

  test.each(places)('also with async handlers: the next begins when the last has settled (%s)', async (place) => {
    const ref = await team.spawn(
      place,
      defineActor({
        init: () => ({ running: 0, most: 0, done: 0 }),
        on: {
          async work(state) {
            state.running += 1
            state.most = Math.max(state.most, state.running)
            await new Promise((resolve) => setImmediate(resolve))
            state.running -= 1
            state.done += 1
          },
          result: (state) => state,
        },
      }),
    )
    for (let index = 0; index < 20; index += 1) ref.tell('work')
    expect(await ref.ask('result')).toEqual({ running: 0, most: 1, done: 20 })
  })

  test('nothing is handled before init has settled, and all that was sent meanwhile is', async () => {
    const started = deferred()
    const handled: string[] = []
    let self: ActorRef<any> | undefined
    const spawned = team.system.spawn(
      defineActor({
        init: async (_: undefined, ctx): Promise<{ n: number }> => {
          self = ctx.self
          await started.promise
          handled.push('init')
          return { n: 0 }
        },
        on: { note: (_, text: string) => void handled.push(text) },
      }),
    )
    expect(self?.tell('note', 'early')).toBe(true)
    const reply = self?.ask('note', 'asked')
    started.resolve()
    await spawned
    await reply
    expect(handled).toEqual(['init', 'early', 'asked'])
  })

  test('a flood to one actor lets timers and others have their turn', async () => {
    const ref = await team.system.spawn(
      defineActor({ init: () => undefined, on: { work: () => undefined }, mailbox: { capacity: 1_000_000 } }),
    )
    let timer = false
    setImmediate(() => (timer = true))
    for (let index = 0; index < 10_000; index += 1) ref.tell('work')
    const last = ref.ask('work')
    await last
    expect(timer).toBe(true)
  })
})
