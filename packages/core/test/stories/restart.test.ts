import {
  type ActorRef,
  child,
  createSystem,
  defineActor,
  type Reason,
  type Supervisor,
  type SupervisorOptions,
  type SystemEvent,
} from '@troupe/core'
import { crew, type Place, places } from '../support/crew.js'
import { memoryModule } from '../support/memory-host.js'
import { deferred, stateOf, until } from '../support/settle.js'

/** An actor that keeps a record of what each of its lives has handled. */
function desk() {
  const log: string[] = []
  const seen = { lives: 0, atWork: 0 }
  /** What the init of each life waits for. */
  const inits = new Map<number, Promise<unknown>>()
  const gate = deferred()
  gate.promise.catch(() => undefined)
  const definition = defineActor({
    init: async () => {
      seen.lives += 1
      const life = seen.lives
      await inits.get(life)
      return life
    },
    on: {
      note: (life, text: string) => void log.push(`${life} ${text}`),
      echo: (life, text: string) => {
        log.push(`${life} ${text}`)
        return `${life} ${text}`
      },
      /** Works until the gate opens; is the crash of its life when that fails. */
      async work(life) {
        seen.atWork += 1
        log.push(`${life} work`)
        await gate.promise
      },
      fail(_, why: string) {
        throw new RangeError(why)
      },
      /** Sends to itself, then crashes. */
      haunt(_, text: string, ctx) {
        ctx.self.tell('note', text)
        throw new Error('haunted')
      },
      self: (_, _arg, ctx) => ctx.self,
      quit: (_, _arg, ctx) => ctx.exit(),
    },
  })
  return { definition, log, seen, inits, crash: () => gate.reject(new RangeError('the work failed')) }
}

type Desk = ReturnType<typeof desk>['definition']
type DeskRef = ActorRef<any>

describe.each(places)('an actor that is supervised, %s', (place: Place) => {
  const troupe = crew()

  /** One such actor, of whose messages no more than the one in hand are with its host. */
  async function staged(
    options: { handover?: number; mailbox?: object; name?: string; restart?: 'transient' } & SupervisorOptions = {},
  ): Promise<ReturnType<typeof desk> & { app: Supervisor<any>; ref: DeskRef }> {
    const { handover = 1, mailbox, name, restart, ...rules } = options
    const made = desk()
    const definition = { ...made.definition, ...(mailbox === undefined ? {} : { mailbox }) } as Desk
    const actor = mailbox === undefined ? made.definition : Object.assign(made.definition, definition)
    const more = { handover, name, restart }
    const spec =
      place === 'here'
        ? child('desk', actor, undefined, more)
        : child('desk', memoryModule({ actor }).actor, undefined, { ...more, on: await troupe.on(place) })
    const app = await troupe.system.supervise({ intensity: 100, ...rules, children: [spec] })
    return { ...made, app: app as never, ref: app.ref('desk') as DeskRef }
  }

  test('keeps what was queued when it crashed, in order, and is not told again what it crashed at', async () => {
    const { ref, log, seen, crash } = await staged()
    ref.tell('work')
    for (const n of [1, 2, 3, 4, 5]) ref.tell('note', `${n}`)
    await until(() => seen.atWork === 1)
    ref.tell('note', '6')
    crash()
    await ref.ask('echo', 'last')
    expect(log).toEqual(['1 work', '2 1', '2 2', '2 3', '2 4', '2 5', '2 6', '2 last'])
  })

  test('has its next life answer what was asked and waits; what was in hand rejects at once, with the reason', async () => {
    const { ref, seen, crash } = await staged()
    const inHand = ref.ask('work')
    const asked = [ref.ask('echo', 'a'), ref.ask('echo', 'b')]
    await until(() => seen.atWork === 1)
    crash()
    await expect(inHand).rejects.toMatchObject({
      ...{ name: 'ActorDownError', reason: { type: 'error' } },
      cause: { name: 'RangeError', message: 'the work failed' },
    })
    expect(await Promise.all(asked)).toEqual(['2 a', '2 b'])
  })

  test('takes what comes between two lives, behind what had waited', async () => {
    const { ref, log, seen, inits, crash } = await staged()
    const ready = deferred()
    inits.set(2, ready.promise)
    ref.tell('work')
    ref.tell('note', 'before')
    await until(() => seen.atWork === 1)
    crash()
    await until(() => seen.lives === 2)
    expect(ref.tell('note', 'between')).toBe(true)
    const asked = ref.ask('echo', 'asked between')
    expect(await stateOf(asked)).toBe('pending')
    ready.resolve()
    expect(await asked).toBe('2 asked between')
    expect(log).toEqual(['1 work', '2 before', '2 between', '2 asked between'])
  })

  test('keeps order over many lives', async () => {
    const { ref, log } = await staged()
    for (let n = 0; n < 60; n += 1) {
      ref.tell('note', `${n}`)
      if (n % 10 === 9) ref.tell('fail', 'again')
    }
    expect(await ref.ask('echo', 'last')).toBe('7 last')
    expect(log.slice(0, -1)).toEqual(Array.from({ length: 60 }, (_, n) => `${1 + Math.floor(n / 10)} ${n}`))
  })

  test('asks that are given up while they wait are never handled', async () => {
    const { ref, log, seen, crash } = await staged()
    ref.tell('work')
    const abort = new AbortController()
    const timed = expect(ref.ask('echo', 'timed', { timeout: 1 })).rejects.toMatchObject({ name: 'TimeoutError' })
    const aborted = expect(ref.ask('echo', 'aborted', { signal: abort.signal })).rejects.toThrow('changed my mind')
    const after = ref.ask('echo', 'after')
    await until(() => seen.atWork === 1)
    abort.abort(new Error('changed my mind'))
    await Promise.all([aborted, timed])
    crash()
    expect(await after).toBe('2 after')
    expect(log).toEqual(['1 work', '2 after'])
  })

  test('asks that are given up between two lives are never handled', async () => {
    const { ref, log, seen, inits } = await staged()
    const ready = deferred()
    inits.set(2, ready.promise)
    ref.tell('fail', 'now')
    await until(() => seen.lives === 2)
    const abort = new AbortController()
    const timed = expect(ref.ask('echo', 'timed', { timeout: 1 })).rejects.toMatchObject({ name: 'TimeoutError' })
    const aborted = expect(ref.ask('echo', 'aborted', { signal: abort.signal })).rejects.toThrow('changed my mind')
    abort.abort(new Error('changed my mind'))
    await Promise.all([aborted, timed])
    ready.resolve()
    expect(await ref.ask('echo', 'after')).toBe('2 after')
    expect(log).toEqual(['2 after'])
  })

  test('hears nothing of what a dead life had sent itself, nor of what was sent to that life', async () => {
    const { ref, log } = await staged({ handover: 10 })
    const life: DeskRef = await ref.ask('self')
    expect(life.incarnation).toBe(0)
    ref.tell('haunt', 'ghost')
    await life.exited
    await until(() => ref.incarnation === 1)
    expect(life.tell('note', 'to the dead')).toBe(false)
    await expect(life.ask('echo', 'to the dead')).rejects.toMatchObject({ code: 'ERR_ACTOR_DOWN' })
    expect(await ref.ask('echo', 'alive')).toBe('2 alive')
    expect(log).toEqual(['2 alive'])
  })

  test('is another life by `incarnation`, and the same actor by `equals`', async () => {
    const { ref, app } = await staged()
    const other = app.ref('desk' as never) as DeskRef
    const { id } = ref
    ref.tell('fail', '1')
    ref.tell('fail', '2')
    expect(await ref.ask('echo', 'x')).toBe('3 x')
    expect([ref.incarnation, other.incarnation, ref.id, ref.equals(other)]).toEqual([2, 2, id, true])
  })

  test('has `exited`, `stop` and `kill` mean the life at the call', async () => {
    const { ref, seen, inits } = await staged()
    const first = ref.exited
    ref.tell('fail', 'first')
    expect(await first).toMatchObject({ type: 'error', error: { message: 'first' } })
    expect(await ref.ask('echo', 'x')).toBe('2 x')
    const second = ref.exited
    expect(await stateOf(second)).toBe('pending')
    expect(await ref.kill()).toMatchObject({ type: 'killed' })
    expect(await second).toMatchObject({ type: 'killed' })
    const ready = deferred()
    inits.set(4, ready.promise)
    expect(await ref.ask('echo', 'x')).toBe('3 x')
    expect(await ref.stop()).toMatchObject({ type: 'shutdown' })
    await until(() => seen.lives === 4)
    expect([await ref.exited, await ref.stop(), await ref.kill()]).toEqual([
      { type: 'noproc' },
      { type: 'noproc' },
      { type: 'noproc' },
    ])
    ready.resolve()
    expect(await ref.ask('echo', 'x')).toBe('4 x')
  })

  test('is watched for the life at the call; between two that is `noproc`', async () => {
    const { ref, seen, inits } = await staged()
    const news: Reason[] = []
    const watcher = await troupe.system.spawn(
      defineActor({
        init: () => undefined,
        on: { watch: (_, { actor }: { actor: DeskRef }, ctx) => void ctx.watch(actor) },
        onDown: (_, { reason }) => void news.push(reason),
      }),
    )
    await watcher.ask('watch', { actor: ref })
    ref.tell('fail', 'first')
    await until(() => news.length === 1)
    expect(news[0]).toMatchObject({ type: 'error' })
    expect(await ref.ask('echo', 'x')).toBe('2 x')
    const ready = deferred()
    inits.set(3, ready.promise)
    ref.tell('fail', 'second')
    await until(() => seen.lives === 3)
    await watcher.ask('watch', { actor: ref })
    await until(() => news.length === 2)
    expect(news[1]).toEqual({ type: 'noproc' })
    ready.resolve()
    await ref.ask('echo', 'x')
    expect(news.length).toBe(2)
  })

  test('is found under its name while it lives, by the same ref', async () => {
    const { ref, app, seen } = await staged({ name: 'reception', backoff: { min: 60_000, max: 60_000, jitter: 0 } })
    const found = await troupe.system.whereis('reception')
    expect(found?.equals(ref)).toBe(true)
    ref.tell('fail', 'first')
    await ref.ask('echo', 'x')
    expect((await troupe.system.whereis('reception'))?.equals(ref)).toBe(true)
    ref.tell('fail', 'second')
    await until(() => seen.lives === 2 && app.which()[0]?.status === 'restarting')
    expect(await troupe.system.whereis('reception')).toBeUndefined()
    await app.terminateChild('desk')
    expect(await troupe.system.whereis('reception')).toBeUndefined()
    await app.restartChild('desk')
    expect(await found?.ask('echo', 'x')).toBe('3 x')
    const again = await troupe.system.whereis('reception')
    expect([again?.equals(ref), again?.equals(found as DeskRef), again?.incarnation]).toEqual([
      true,
      true,
      ref.incarnation,
    ])
  })

  test('that is terminated refuses what waits, and all that comes', async () => {
    const { ref, app, seen } = await staged()
    const letters: SystemEvent[] = []
    troupe.system.events$.subscribe((event) => void (event.type === 'deadLetter' && letters.push(event)))
    const inHand = ref.ask('work')
    const waiting = ref.ask('echo', 'waits')
    ref.tell('note', 'waits too')
    await until(() => seen.atWork === 1)
    const terminated = app.terminateChild('desk')
    await ref.kill()
    await terminated
    await expect(inHand).rejects.toMatchObject({ code: 'ERR_ACTOR_DOWN' })
    await expect(waiting).rejects.toMatchObject({ code: 'ERR_ACTOR_DOWN' })
    expect(ref.tell('note', 'late')).toBe(false)
    await expect(ref.ask('echo', 'late')).rejects.toMatchObject({ code: 'ERR_ACTOR_DOWN' })
    await ref.ready()
    expect(letters.map((letter) => 'message' in letter && letter.message?.arg)).toEqual(['waits too', 'late'])
    await app.restartChild('desk')
    expect(await ref.ask('echo', 'x')).toBe('2 x')
  })

  test('of a supervisor that gave up is down with its refs', async () => {
    const { ref, app } = await staged({ intensity: 0 })
    const asked = ref.ask('fail', 'once')
    const waiting = ref.ask('echo', 'waits')
    await expect(asked).rejects.toMatchObject({ code: 'ERR_ACTOR_DOWN' })
    await expect(waiting).rejects.toMatchObject({ code: 'ERR_ACTOR_DOWN' })
    expect(await app.exited).toMatchObject({ error: { code: 'ERR_RESTART_LIMIT' } })
    expect(ref.tell('note', 'late')).toBe(false)
  })

  test('that ends cleanly and is transient refuses what had waited', async () => {
    const { ref, app } = await staged({ restart: 'transient' })
    ref.tell('quit')
    await expect(ref.ask('echo', 'waits')).rejects.toMatchObject({ reason: { type: 'normal' } })
    await until(() => app.which()[0]?.status === 'down')
    expect(ref.tell('note', 'late')).toBe(false)
  })

  test.each(['elsewhere', 'shared'] as const)(
    'follows restarts for an actor %s that was given its ref',
    async (far) => {
      const { ref, seen, inits } = await staged()
      const ends: string[] = []
      const customer = defineActor({
        init: (input: { desk: DeskRef }) => input.desk,
        on: {
          ask: (state, text: string, ctx) => ctx.ask(state, 'echo', text),
          tell: (state, text: string) => state.tell('note', text),
          exited: (state) => void state.exited.then((reason) => ends.push(reason.type)),
        },
      })
      const guest = await troupe.spawn(far, customer, { desk: ref })
      expect(await guest.ask('ask', 'a')).toBe('1 a')
      await guest.ask('exited')
      await guest.ask('ask', 'settled')
      const ready = deferred()
      inits.set(2, ready.promise)
      ref.tell('fail', 'now')
      await until(() => seen.lives === 2 && ends.length === 1)
      expect(await guest.ask('tell', 'told between')).toBe(true)
      const between = guest.ask('ask', 'asked between')
      ready.resolve()
      expect(await between).toBe('2 asked between')
      expect(ends).toEqual(['error'])
    },
  )
})

test('a system with `isolate` copies what a supervised actor is told at the call, between two lives too', async () => {
  const system = createSystem({ name: 'test', isolate: true })
  system.events$.subscribe(() => undefined)
  try {
    const { definition, seen, inits } = desk()
    const ready = deferred()
    inits.set(2, ready.promise)
    const keeper = defineActor({ init: () => undefined, on: { give: (_, item: { n: number }) => item } })
    const app = await system.supervise({ children: [child('desk', definition), child('keeper', keeper)] })
    const item = { n: 1 }
    const given = app.ref('keeper').ask('give', item)
    item.n = 2
    expect(await given).toEqual({ n: 1 })
    app.ref('desk').tell('fail', 'now')
    await until(() => seen.lives === 2)
    const text = app.ref('desk').ask('echo', 'x')
    ready.resolve()
    expect(await text).toBe('2 x')
    expect(app.ref('desk').tell.bind(app.ref('desk'), 'note', (() => 0) as never)).toThrow(
      expect.objectContaining({ name: 'SerializationError' }),
    )
  } finally {
    await system.stop()
  }
})

test.each(['one_for_one', 'one_for_all'] as const)(
  'restarts without end leave timers their turn: %s of one that fails as soon as it lives',
  async (strategy) => {
    const system = createSystem({ name: 'test' })
    system.events$.subscribe(() => undefined)
    let [lives, failing] = [0, true]
    const definition = defineActor.for<{ fail(): void }>()({
      init: (_: undefined, ctx) => {
        lives += 1
        // An end, so that a thread that is never left does end.
        if (failing && lives < 20_000) ctx.self.tell('fail')
      },
      on: {
        fail() {
          throw new Error('failed')
        },
      },
    })
    const options = { strategy, intensity: Infinity }
    const app = await system.supervise({ ...options, children: [child('a', definition)] })
    await new Promise((resolve) => setTimeout(resolve, 5))
    failing = false
    expect(lives).toBeLessThan(20_000)
    await app.stop()
    await system.stop()
  },
)
