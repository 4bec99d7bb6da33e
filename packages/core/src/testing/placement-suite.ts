/**
 * What every placement promises: that an actor there is as any other, and that its end is told after all that it had
 * sent. Each promise is a case, with a system of its own.
 */
import { defineActor } from '../definition/define.js'
import { ActorDownError, SerializationError, TimeoutError } from '../errors/kinds.js'
import type { Reason } from '../errors/reason.js'
import type { Ending } from './actors.js'
import type { ActorRef } from '../ref/actor-ref.js'
import { type Case, makeCase, pause, type SuiteOptions } from './suite/case.js'
import { check, checkThat, failureOf } from './suite/check.js'
import { Ground, type PlacementSetup } from './suite/ground.js'

export interface PlacementSuiteOptions extends SuiteOptions {
  /** Whether code in a host can end it with an exit code, by `process.exit`. Default true. */
  readonly exits?: boolean | undefined
}

/** Cases for a placement. */
export function placementSuite(setup: PlacementSetup, options: PlacementSuiteOptions = {}): readonly Case[] {
  const { exits = true } = options
  const endings: readonly Ending[] = exits ? ['stop', 'throw', 'exit'] : ['stop', 'throw']
  const each = (name: string, body: (ground: Ground) => Promise<void>): Case =>
    makeCase(name, options, async (scope) => body(await Ground.lay(setup, scope)))

  return [
    each('spawn gives the ref of an actor in another host, which answers', async (ground) => {
      const ref = await ground.spawn('counter', { start: 5 })
      checkThat(!ref.id.startsWith('1.'), `an id of another host than this one, got ${ref.id}`)
      check('tell', ref.tell('add', 2), true)
      check('The answer', await ref.ask('get'), 7)
    }),
    each('a thousand messages are handled in order, and so are those that come back', async (ground) => {
      const { probe } = ground
      const ref = await ground.spawn('echo', undefined)
      for (let n = 0; n < 1_000; n += 1) await send(ref, 'pass', { to: probe.ref, value: n })
      await ground.until(() => probe.received.length >= 1_000)
      check('What came back', probe.received, numbers(1_000))
    }),
    each('data of every size and many kinds comes back as it was', async (ground) => {
      const ref = await ground.spawn('echo', undefined)
      const kinds = [
        new Map([['a', new Set([1n])]]),
        new Date(5),
        /a/g,
        Float64Array.of(1.5),
        undefined,
        { deep: [null] },
      ]
      check('Many kinds', await ref.ask('back', kinds), kinds)
      const big = new Uint8Array(700_000).map((_, at) => at % 251)
      const back = (await ref.ask('back', { big })) as { big: Uint8Array }
      checkThat(
        back.big.length === big.length && back.big.every((byte, at) => byte === at % 251),
        'big data to come back',
      )
    }),
    each('a message is a snapshot, taken at the call', async (ground) => {
      const ref = await ground.spawn('echo', undefined)
      const message = { list: [1] }
      const answer = heeded(ref.ask('back', message))
      message.list.push(2)
      check('The answer', await answer, { list: [1] })
    }),
    each('what is no data is refused at the call, and harms no other message', async (ground) => {
      const ref = await ground.spawn('echo', undefined)
      const error = await failureOf('ask with a function', () => ref.ask('back', { close: () => 1 }))
      checkThat(hasCode(error, SerializationError), `a SerializationError, got ${String(error)}`)
      check('The next answer', await ref.ask('back', 'fine'), 'fine')
    }),
    each('a ref passes through, is equal to the one at hand, and works where it arrives', async (ground) => {
      const [first, second] = [await ground.spawn('echo', undefined), await ground.spawn('counter', { start: 1 })]
      const back = (await first.ask('back', { ref: second })) as { ref: typeof second }
      check('equals', back.ref.equals(second), true)
      check('The answer over it', await back.ref.ask('add', 1), 2)
      await first.ask('count', { to: ground.probe.ref, count: 10 })
      await ground.until(() => ground.probe.received.length >= 10)
      check('What came over the ref that was sent', ground.probe.received, numbers(10))
    }),
    each('an ask that times out rejects, and the actor lives on', async (ground) => {
      const ref = await ground.spawn('stopper', ground.probe.ref)
      const error = await failureOf('ask', () => ref.ask('work', 100, { timeout: 1 }))
      checkThat(hasCode(error, TimeoutError), `a TimeoutError, got ${String(error)}`)
      check('The next answer', await ref.ask('work', 0), 'done')
    }),
    each('a throw ends the actor: class, fields and cause are kept, in answer and reason', async (ground) => {
      const ref = await ground.spawn('crasher', 'later')
      const error = await failureOf('ask', () => ref.ask('crash', 'enough'))
      checkThat(hasCode(error, ActorDownError), `an ActorDownError, got ${String(error)}`)
      checkCrash('The cause of the answer', (error as Error).cause, 'enough')
      const reason = await ref.exited
      check('The type of the reason', reason.type, 'error')
      checkCrash('The error of the reason', (reason as { error?: unknown }).error, 'enough')
      await ground.allGone()
    }),
    ...(exits ? [each('an exit ends the actor, with its code as the reason', exitsWithCode)] : []),
    each('stop finishes the message in hand, runs onStop, and gives the reason', async (ground) => {
      const { probe } = ground
      const ref = await ground.spawn('stopper', probe.ref)
      const answer = heeded(ref.ask('work', 20))
      check('What it does', await probe.next(), 'at work')
      check('The reason', (await ref.stop()).type, 'shutdown')
      check('The answer', await answer, 'done')
      await ground.until(() => probe.received.length >= 3)
      check('What it told', probe.received, ['at work', 'done', 'stopped'])
      await ground.allGone()
    }),
    each('kill ends what never returns, and runs no onStop', async (ground) => {
      const { probe } = ground
      const ref = await ground.spawn('spinner', probe.ref)
      const answer = failureOf('ask', () => ref.ask('hang'))
      check('What it does', await probe.next(), 'hanging')
      check('The reason', (await ref.kill()).type, 'killed')
      checkThat(hasCode(await answer, ActorDownError), 'the ask to reject')
      await ground.allGone()
      check('What it told', probe.received, ['hanging'])
    }),
    ...endings.map((ending) =>
      each(`what was sent before the end arrives before DOWN, by ${ending}`, (ground) => talksToTheEnd(ground, ending)),
    ),
    each('DOWN comes once per watch, after the end of the channel and of what is behind it', async (ground) => {
      const downs: { reason: Reason; problems: readonly string[] }[] = []
      const watcher = await ground.system.spawn(
        defineActor({
          init: () => undefined,
          on: { see: (_, ref: ActorRef<any>, ctx) => void [ctx.watch(ref), ctx.watch(ref)] },
          onDown: (_, { reason }) => void downs.push({ reason, problems: ground.stillThere() }),
        }),
      )
      const ref = await ground.spawn('crasher', 'later')
      await watcher.ask('see', ref)
      ref.tell('crash', 'enough')
      await ref.exited
      check('What was there still when its end was told', ground.stillThere(), [])
      await ground.until(() => downs.length >= 2)
      await ground.allGone()
      await pause(20)
      check('How often DOWN came', downs.length, 2)
      check(
        'What was there still when DOWN came',
        downs.map(({ problems }) => problems),
        [[], []],
      )
      check(
        'Their reasons',
        downs.map(({ reason }) => reason.type),
        ['error', 'error'],
      )
    }),
    each('a start that fails in init rejects with its error, and leaves nothing', async (ground) => {
      const error = await failureOf('spawn', () => ground.spawn('crasher', 'throw', { name: 'front' }))
      checkThat(hasCode(error, ActorDownError), `an ActorDownError, got ${String(error)}`)
      checkCrash('The cause', (error as Error).cause, 'in init')
      await ground.leavesNothing('front')
    }),
    each('a start that takes too long is given up, and leaves nothing', async (ground) => {
      const error = await failureOf('spawn', () => ground.spawn('crasher', 'hang', { name: 'front', timeout: 50 }))
      checkThat(hasCode(error, TimeoutError), `a TimeoutError, got ${String(error)}`)
      await ground.leavesNothing('front')
    }),
    each('a sender to an actor that is slow stops, and goes on when it has handled', stopsAndGoesOn),
    each('a name is found, is not given twice, and is free again after the end', async (ground) => {
      const ref = await ground.spawn('counter', { start: 1 }, { name: 'front' })
      check('whereis', (await ground.system.whereis('front'))?.equals(ref), true)
      const error = await failureOf('a second spawn', () => ground.spawn('counter', { start: 1 }, { name: 'front' }))
      check('Its error', (error as { code?: unknown }).code, 'ERR_NAME_TAKEN')
      await ref.stop()
      await ground.leavesNothing('front')
    }),
    each('the end of the system settles what is asked, and leaves nothing', async (ground) => {
      const { probe } = ground
      const [hanging, idle] = [await ground.spawn('spinner', probe.ref), await ground.spawn('counter', { start: 1 })]
      const answer = failureOf('ask', () => hanging.ask('hang'))
      await probe.next()
      await ground.system.stop({ timeout: 100 })
      checkThat(hasCode(await answer, ActorDownError), 'the ask to reject')
      await Promise.all([hanging.exited, idle.exited])
      await ground.allGone()
    }),
  ]
}

/** A case that fails before it looks at an answer has it settle unheard. */
function heeded<T>(answer: Promise<T>): Promise<T> {
  answer.catch(() => undefined)
  return answer
}

const numbers = (count: number): number[] => Array.from({ length: count }, (_, n) => n)

async function send(to: ActorRef<any>, name: string, message: unknown): Promise<void> {
  while (!to.tell(name, message)) await to.ready()
}

/** By code: the class may be of another copy of this package. */
function hasCode(error: unknown, Class: { readonly name: string }): boolean {
  return (error as { name?: unknown } | undefined)?.name === Class.name
}

function checkCrash(what: string, error: unknown, message: string): void {
  const { name, code, left, cause } = error as Error & { code?: unknown; left?: unknown }
  const got = { name, message: (error as Error).message, code, left, cause: String(cause) }
  check(what, got, { name: 'RangeError', message, code: 'ERR_CRASH', left: [1], cause: 'TypeError: the cause' })
}

async function exitsWithCode(ground: Ground): Promise<void> {
  const ref = await ground.spawn('exiter', undefined)
  check('The answer', await ref.ask('ping'), 'pong')
  const error = await failureOf('ask', () => ref.ask('exit', 7))
  checkThat(hasCode(error, ActorDownError), `an ActorDownError, got ${String(error)}`)
  const { type, code } = (await ref.exited) as Reason & { code?: unknown }
  check('The reason', { type, code }, { type: 'exit', code: 7 })
  await ground.allGone()
}

async function talksToTheEnd(ground: Ground, ending: Ending): Promise<void> {
  const log: (number | string)[] = []
  const listener = await ground.system.spawn(
    defineActor({
      init: () => undefined,
      on: { note: (_, n: number) => void log.push(n), see: (_, ref: ActorRef<any>, ctx) => void ctx.watch(ref) },
      onDown: () => void log.push('DOWN'),
    }),
  )
  const ref = await ground.spawn('talker', listener)
  await listener.ask('see', ref)
  ref.tell('talk', { count: 2_000, ending })
  await ground.until(() => log.includes('DOWN'))
  await ground.allGone()
  check('What came, up to DOWN', log, [...numbers(2_000), 'DOWN'])
}

async function stopsAndGoesOn(ground: Ground): Promise<void> {
  const { probe, system } = ground
  let open = (): void => undefined
  const opened = new Promise<void>((resolve) => {
    open = resolve
  })
  const gate = await system.spawn(defineActor({ init: () => undefined, on: { enter: () => opened } }))
  const ref = await ground.spawn('slow', { gate, to: probe.ref })
  let taken = 0
  for (let tries = 0; tries < 100; tries += 1) if (ref.tell('take', taken)) taken += 1
  // Its mailbox of 20, and the one in hand.
  checkThat(taken >= 20 && taken <= 22, `20 to 22 messages to be taken while nothing is handled, got ${taken}`)
  await pause(20)
  check('tell while it is full', ref.tell('take', -1), false)
  const ready = ref.ready()
  open()
  await ready
  for (let n = taken; n < 200; n += 1) await send(ref, 'take', n)
  await ground.until(() => probe.received.length >= 200)
  check('What was handled', probe.received, numbers(200))
}
