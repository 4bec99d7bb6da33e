/**
 * The actors of `placementSuite`, as a module that a host can load:
 * `remote<typeof import('@troupe/core/testing/actors')>(import.meta.resolve('@troupe/core/testing/actors'))`.
 */
import type { Context } from '../definition/context.js'
import { defineActor } from '../definition/define.js'
import type { ActorDefinition } from '../definition/spawn.js'
import type { ActorRef } from '../ref/actor-ref.js'

/** A probe's ref. */
export type Note = ActorRef<{ note(message: any): void }>

interface Echo {
  back(value: any): any
  /** Tells `value` to `to`, waiting for room. */
  pass(message: { to: Note; value: unknown }): void
  /** Tells each of the numbers below `count` to `to`, waiting for room. */
  count(message: { to: Note; count: number }): void
}

/** Answers with what it is given, and passes it on. */
export const echo: ActorDefinition<undefined, Echo> = defineActor.for<Echo>()({
  init: () => undefined,
  on: {
    back: (_, value: unknown) => value as never,
    pass: (_, { to, value }) => send(to, value),
    async count(_, { to, count }) {
      for (let n = 0; n < count; n += 1) await send(to, n)
    },
  },
})

interface Counter {
  add(by: number): number
  get(): number
}

export const counter: ActorDefinition<{ start: number }, Counter> = defineActor.for<Counter>()({
  init: ({ start }: { start: number }) => ({ n: start }),
  on: {
    add(state, by) {
      state.n += by
      return state.n
    },
    get: (state) => state.n,
  },
})

interface Crasher {
  ping(): string
  crash(message: string): void
}

/** Ends by a throw: in `init` when it is told so, or when asked to. */
export const crasher: ActorDefinition<'later' | 'throw' | 'hang', Crasher> = defineActor.for<Crasher>()({
  init: (when: 'later' | 'throw' | 'hang'): undefined | Promise<undefined> => {
    if (when === 'throw') throw crash('in init')
    return when === 'hang' ? new Promise(() => undefined) : undefined
  },
  on: {
    ping: () => 'pong',
    crash(_, message) {
      throw crash(message)
    },
  },
})

interface Exiter {
  ping(): string
  exit(code: number): void
}

/** Ends its process or thread, in hosts that can. */
export const exiter: ActorDefinition<undefined, Exiter> = defineActor.for<Exiter>()({
  init: () => undefined,
  on: { ping: () => 'pong', exit: (_, code) => exit(code) },
})

interface Spinner {
  ping(): string
  hang(): void
}

/** Never ends what it has begun. */
export const spinner: ActorDefinition<Note, Spinner> = defineActor.for<Spinner>()({
  init: (to: Note) => to,
  on: {
    ping: () => 'pong',
    hang(to) {
      to.tell('note', 'hanging')
      return new Promise(() => undefined)
    },
  },
  onStop: (to) => void to.tell('note', 'stopped'),
})

export type Ending = 'stop' | 'throw' | 'exit'

interface Talker {
  talk(message: { count: number; ending: Ending }): void
}

/** Tells `count` numbers to `to`, and ends at once after the last. */
export const talker: ActorDefinition<Note, Talker> = defineActor.for<Talker>()({
  init: (to: Note) => to,
  on: {
    async talk(to, { count, ending }, ctx: Context) {
      for (let n = 0; n < count; n += 1) await send(to, n)
      if (ending === 'throw') throw crash('after the last')
      if (ending === 'exit') exit(3)
      ctx.exit()
    },
  },
})

interface Stopper {
  work(ms: number): string
}

/** Tells when it works, and when it is stopped. */
export const stopper: ActorDefinition<Note, Stopper> = defineActor.for<Stopper>()({
  init: (to: Note) => to,
  on: {
    async work(to, ms, ctx) {
      await send(to, 'at work')
      await ctx.sleep(ms)
      await send(to, 'done')
      return 'done'
    },
  },
  onStop: (to) => void to.tell('note', 'stopped'),
})

interface Slow {
  take(n: number): void
}

/** Handles a message only once `gate` has let it through, then tells it to `to`. */
export const slow: ActorDefinition<{ gate: ActorRef<{ enter(): void }>; to: Note }, Slow> = defineActor.for<Slow>()({
  init: (input: { gate: ActorRef<{ enter(): void }>; to: Note }) => input,
  on: {
    async take({ gate, to }, n) {
      await gate.ask('enter')
      await send(to, n)
    },
  },
  mailbox: { capacity: 20 },
})

async function send(to: Note, value: unknown): Promise<void> {
  while (!to.tell('note', value)) await to.ready()
}

const crash = (message: string): Error =>
  Object.assign(new RangeError(message, { cause: new TypeError('the cause') }), { code: 'ERR_CRASH', left: [1] })

/** The runtime's own; core knows of none. */
function exit(code: number): never {
  const { process } = globalThis as unknown as { process: { exit(code: number): never } }
  return process.exit(code)
}
