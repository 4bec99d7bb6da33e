import { child, createSystem, defineActor, type System, type SystemEvent } from '@troupe/core'
import { memoryHost, memoryModule } from '../support/memory-host.js'
import { deferred, stateOf, until } from '../support/settle.js'

describe('the mailbox of a supervised actor', () => {
  let system: System
  beforeEach(() => {
    system = createSystem({ name: 'test' })
    system.events$.subscribe(() => undefined)
  })
  afterEach(() => system.stop({ timeout: 200 }))

  /** One that is between its first and its second life, until `ready` is called. */
  async function between(overflow: 'wait' | 'reject' | 'dropOldest' | 'dropNewest', capacity = 2) {
    const ready = deferred()
    const log: string[] = []
    let lives = 0
    const definition = defineActor({
      init: async () => {
        lives += 1
        if (lives === 2) await ready.promise
      },
      on: {
        note: (_, text: string) => void log.push(text),
        echo: (_, text: string) => text,
        fail() {
          throw new Error('failed')
        },
      },
      mailbox: { capacity, overflow },
    })
    const app = await system.supervise({ children: [child('a', definition)] })
    const ref = app.ref('a')
    ref.tell('fail')
    await until(() => lives === 2)
    return { ref, log, ready: () => ready.resolve() }
  }

  test('holds between two lives what it may hold: under `wait` a tell more is not taken, an ask waits', async () => {
    const { ref, log, ready } = await between('wait')
    expect(['1', '2', '3'].map((text) => ref.tell('note', text))).toEqual([true, true, false])
    const asked = ref.ask('echo', 'asked')
    const room = ref.ready()
    expect([await stateOf(asked), await stateOf(room)]).toEqual(['pending', 'pending'])
    ready()
    await room
    expect([await asked, log]).toEqual(['asked', ['1', '2']])
  })

  test.each(['reject', 'dropNewest'] as const)(
    'under `%s` what is too much is refused between two lives too',
    async (overflow) => {
      const { ref, log, ready } = await between(overflow)
      expect(['1', '2', '3'].map((text) => ref.tell('note', text))).toEqual([true, true, false])
      await expect(ref.ask('echo', 'asked')).rejects.toMatchObject({ name: 'MailboxFullError' })
      ready()
      expect([await ref.ready().then(() => ref.ask('echo', 'x')), log]).toEqual(['x', ['1', '2']])
    },
  )

  test('under `dropOldest` the oldest is dropped between two lives too, and who had asked is told', async () => {
    const { ref, log, ready } = await between('dropOldest')
    const asked = ref.ask('echo', 'oldest')
    const refused = expect(asked).rejects.toMatchObject({ name: 'MailboxFullError' })
    expect(['1', '2', '3'].map((text) => ref.tell('note', text))).toEqual([true, true, true])
    await refused
    ready()
    await until(() => log.length === 2)
    expect(log).toEqual(['2', '3'])
  })

  test('is one with that of its life: what waits at both is not counted twice', async () => {
    const gate = deferred()
    const definition = defineActor({
      init: () => undefined,
      on: { work: () => gate.promise, note: (_, text: string) => void text },
      mailbox: { capacity: 3 },
    })
    const app = await system.supervise({ children: [child('a', definition)] })
    const ref = app.ref('a')
    ref.tell('work')
    await stateOf(ref.exited)
    expect(['1', '2', '3', '4', '5'].map((text) => ref.tell('note', text))).toEqual([true, true, true, false, false])
    gate.resolve()
    await ref.ready()
    expect(ref.tell('note', '6')).toBe(true)
  })

  test.each([1, 3, 8])(
    'loses no more than `handover` (%i) with a host that dies, and keeps the rest in order',
    async (handover) => {
      const log: string[] = []
      let lives = 0
      const gate = deferred()
      const placement = memoryHost()
      const { actor } = memoryModule({
        actor: defineActor({
          init: () => void (lives += 1),
          on: {
            work: () => gate.promise,
            note: (_, text: string) => void log.push(text),
          },
        }),
      })
      const app = await system.supervise({ children: [child('a', actor, undefined, { on: placement, handover })] })
      const ref = app.ref('a')
      const letters: SystemEvent[] = []
      system.events$.subscribe((event) => void (event.type === 'deadLetter' && letters.push(event)))
      const inHand = ref.ask('work')
      const texts = Array.from({ length: 20 }, (_, n) => `${n}`)
      for (const text of texts) expect(ref.tell('note', text)).toBe(true)
      await stateOf(inHand)
      await ref.kill()
      await expect(inHand).rejects.toMatchObject({ code: 'ERR_ACTOR_DOWN' })
      await until(() => log.at(-1) === '19')
      expect(log).toEqual(texts.slice(handover - 1))
      expect(lives).toBe(2)
      const count = letters.reduce((sum, letter) => sum + (('count' in letter && letter.count) || 1), 0)
      expect(count).toBe(handover - 1)
    },
  )
})
