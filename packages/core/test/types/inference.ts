/** Compiled, never run: what the types give, and what they refuse. */
import {
  type ActorDefinition,
  type ActorRef,
  defineActor,
  type Host,
  type Launcher,
  type ProtocolIn,
  type Reason,
  refuse,
  type RemoteActor,
  type ReplyOf,
  type System,
} from '@troupe/core'

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false
/** Compiles only for `true`. */
const holds = <T extends true>(): T => true as T

export const counter = defineActor({
  init: (input: { start: number }) => ({ n: input.start, secret: 'state' }),
  on: {
    add(state, by: number) {
      state.n += by
      return state.n
    },
    get: (state) => state.n,
    async later(state, text: string) {
      return `${text}${state.n}`
    },
    maybe(state, by?: number) {
      return by ?? state.n
    },
    refusing(state, item: string) {
      if (item === '') return refuse(new RangeError('no item'))
      return state.n
    },
    context(_, _arg, ctx) {
      ctx.exit()
    },
  },
})

holds<Equal<keyof ProtocolIn<typeof counter>, 'add' | 'get' | 'later' | 'maybe' | 'refusing' | 'context'>>()
holds<Equal<ReplyOf<Promise<number | ReturnType<typeof refuse>>>, number>>()

export async function inferred(system: System): Promise<void> {
  const ref = await system.spawn(counter, { start: 1 })
  const added = await ref.ask('add', 2)
  holds<Equal<typeof added, number>>()
  const got = await ref.ask('get')
  holds<Equal<typeof got, number>>()
  const later = await ref.ask('later', 'x', { timeout: 5 })
  holds<Equal<typeof later, string>>()
  const kept = await ref.ask('refusing', 'tea')
  holds<Equal<typeof kept, number>>()
  const told = ref.tell('add', 2)
  holds<Equal<typeof told, boolean>>()
  ref.tell('context')
  await ref.ask('maybe')
  await ref.ask('maybe', 3)
  await ref.ask('get', undefined, { timeout: 5, signal: new AbortController().signal })
  const maybe: number | undefined = undefined
  await ref.ask('get', undefined, { timeout: maybe })
  ref.tell('add', 2, { transfer: [new ArrayBuffer(8)] })
}

export async function refused(system: System): Promise<void> {
  const ref = await system.spawn(counter, { start: 1 })
  // @ts-expect-error: no handler of that name
  ref.tell('sub', 2)
  // @ts-expect-error: a wrong argument
  ref.tell('add', '2')
  // @ts-expect-error: no argument
  ref.tell('add')
  // @ts-expect-error: one argument too many
  ref.tell('get', 1)
  // @ts-expect-error: options stand third, so that they are never taken for the message
  await ref.ask('get', { timeout: 5 })
  // @ts-expect-error: a misspelt option
  await ref.ask('get', undefined, { timeOut: 5 })
  // @ts-expect-error: a timeout that is none
  await ref.ask('get', undefined, { timeout: '5' })
  // @ts-expect-error: the input is missing
  await system.spawn(counter)
  // @ts-expect-error: a wrong input
  await system.spawn(counter, { start: '1' })
  // @ts-expect-error: a misspelt option
  await system.spawn(counter, { start: 1 }, { nam: 'x' })
  // @ts-expect-error: a function is no actor
  await system.spawn(() => 1)
}

export async function placed(
  system: System,
  elsewhere: Launcher,
  named: RemoteActor<{ start: number }, Ping>,
): Promise<void> {
  await system.spawn(named, { start: 1 }, { on: elsewhere })
  await system.spawn(named, { start: 1 })
  // @ts-expect-error: a local definition stays here
  await system.spawn(counter, { start: 1 }, { on: elsewhere })
  // @ts-expect-error: a wrong input of a remote name
  await system.spawn(named, { start: '1' }, { on: elsewhere })
  const host: Host = await system.launch(elsewhere, { name: 'x', timeout: 5, signal: AbortSignal.timeout(5) })
  await system.spawn(named, { start: 1 }, { on: host })
  const reason: Reason = await host.stop({ timeout: 5 })
  void [reason, host.exited, host.kill()]
  // @ts-expect-error: a local definition stays here
  await system.spawn(counter, { start: 1 }, { on: host })
  // @ts-expect-error: a host launches none itself
  await system.launch(host)
  // @ts-expect-error: a misspelt option
  await system.launch(elsewhere, { label: 'x' })
}

/** Two that name each other, without a circle of inferred types. */
interface Ping {
  serve(to: ActorRef<Pong>): void
  score(): number
}
interface Pong {
  back(from: ActorRef<Ping>): Promise<string>
}

export const ping: ActorDefinition<{ start: number }, Ping> = defineActor.for<Ping>()({
  init: (input: { start: number }) => input.start,
  on: {
    async serve(_, to, ctx) {
      const reply = await to.ask('back', ctx.self)
      holds<Equal<typeof reply, string>>()
    },
    score: (state) => state,
  },
})

export const pong = defineActor.for<Pong>()({
  init: () => 0,
  on: {
    async back(_, from, ctx) {
      const score = await ctx.ask(from, 'score')
      holds<Equal<typeof score, number>>()
      // @ts-expect-error: its own ref takes what its protocol says
      ctx.self.tell('serve')
      return 'pong'
    },
  },
})

interface Alarm {
  ring(what: string): void
  beat(): void
  maybe(n?: number): void
}

export const alarm = defineActor.for<Alarm>()({
  init: (_: undefined, ctx) => {
    ctx.setTimer('first', 100, 'beat')
  },
  on: {
    ring(_, what, ctx) {
      ctx.setTimer('again', 100, 'ring', what)
      ctx.setTimer(1, 100, 'beat')
      ctx.setTimer(1, 100, 'beat', undefined)
      ctx.setTimer('maybe', 100, 'maybe')
      ctx.setTimer('maybe', 100, 'maybe', 3)
      ctx.clearTimer('again')
      ctx.stash()
      ctx.unstash()
      // @ts-expect-error: no handler of that name
      ctx.setTimer('again', 100, 'sing')
      // @ts-expect-error: a wrong argument
      ctx.setTimer('again', 100, 'ring', 3)
      // @ts-expect-error: no argument
      ctx.setTimer('again', 100, 'ring')
      // @ts-expect-error: one argument too many
      ctx.setTimer('again', 100, 'beat', 3)
      // @ts-expect-error: a message takes no options here
      ctx.setTimer('again', 100, 'ring', what, { timeout: 3 })
      // @ts-expect-error: an object is no key
      ctx.setTimer({}, 100, 'beat')
    },
    beat() {},
    maybe() {},
  },
})

/** Without a protocol at hand any name and argument are taken. */
export const untyped = defineActor({
  init: () => 0,
  on: {
    ring(_, what: string, ctx) {
      ctx.setTimer('again', 100, 'ring', what)
      ctx.setTimer('again', 100, 'beat')
    },
  },
})

// @ts-expect-error: a handler of the protocol is missing
defineActor.for<Ping>()({ init: () => 0, on: { score: () => 1 } })
// @ts-expect-error: a handler answers with something else
defineActor.for<Ping>()({ init: () => 0, on: { serve() {}, score: () => 'one' } })
// @ts-expect-error: a refusal is allowed in the place of any reply, another type is not
defineActor.for<Pong>()({ init: () => 0, on: { back: () => 1 } })
export const refusing = defineActor.for<Pong>()({ init: () => 0, on: { back: () => refuse(new Error('no')) } })

export async function grouped(system: System, ref: ActorRef<Ping>): Promise<void> {
  holds<Equal<ReturnType<typeof system.groups.join>, void>>()
  system.groups.join('players', ref)
  const players = await system.groups.members<Ping>('players')
  const score = await players[0]?.ask('score')
  holds<Equal<typeof score, number | undefined>>()
  const unknown = await system.groups.members('players')
  unknown[0]?.tell('anything', 3)
  // @ts-expect-error: a name is no ref
  system.groups.leave('players', 'ping')
}

/** A ref of more handlers goes where fewer are asked for; one of narrower arguments does not. */
export function assigned(
  full: ActorRef<Ping & Pong>,
  narrow: ActorRef<{ add(by: 1): void }>,
  any: ActorRef<any>,
): void {
  const fewer: ActorRef<Pong> = full
  const unknown: ActorRef<unknown> = full
  const everywhere: ActorRef<Ping> = any
  // @ts-expect-error: it takes 1 only
  const wider: ActorRef<{ add(by: number): void }> = narrow
  // @ts-expect-error: a handler is missing
  const more: ActorRef<Ping & Pong> = fewer
  void [unknown, everywhere, wider, more]
}
