import { expectFunction, wrongType } from '../errors/expect.js'
import type { Reason } from '../errors/reason.js'
import { type MailboxOptions, mailboxOptions } from '../mailbox/options.js'
import type { Ignore, Refusal } from '../message/refusal.js'
import type { RefBase } from '../ref/actor-ref.js'
import type { IsStream, Told } from '../ref/protocol.js'
import type { Context } from './context.js'
import type { ActorDefinition } from './spawn.js'

/** What `onDown` is told. */
export interface Down {
  readonly ref: RefBase
  readonly reason: Reason
}

/** What `onExit` is told. */
export interface Exit {
  readonly ref: RefBase
  readonly reason: Reason
}

/** What a definition may say beside `init` and `on`. What a hook throws is a crash of the actor. */
export interface Hooks<S, C> {
  /** A watched actor ended. Takes its turn among the messages, after all that the actor had sent. */
  onDown?(state: S, down: Down, ctx: C): unknown
  /**
   * A linked actor ended, after `ctx.trapExit(true)`. Takes its turn among the messages, after all that the actor had sent.
   * A signal that is trapped without this hook is dropped.
   */
  onExit?(state: S, exit: Exit, ctx: C): unknown
  /**
   * The actor is being stopped; its children are gone already. Awaited, no longer than the `timeout` of the stop. Never
   * after a kill or a crash.
   */
  onStop?(state: S, reason: Reason, ctx: C): unknown
  /** How many messages may wait. Default: 10,000, and asks wait for room. */
  mailbox?: MailboxOptions
}

type Yields<T = any> = AsyncIterable<T> | Generator<T, any, any>
type Init<S> = S | Ignore | Promise<S | Ignore>

/** `_` without a type is never: that handler takes no argument. */
type Strip<F> = F extends (state: never, ...rest: infer A) => infer R
  ? A extends readonly [] | readonly [never, unknown?]
    ? () => Told<R>
    : A extends readonly [unknown?]
      ? (...args: A) => Told<R>
      : A extends readonly [...infer Head extends [unknown?], unknown?]
        ? (...args: Head) => Told<R>
        : never
  : never

/** The protocol of a set of handlers. `H extends infer T` keeps the private state out of the `.d.ts`. */
export type ProtocolOf<H> = H extends infer T ? { [K in keyof T]: Strip<T[K]> } : never

type HandlersOf<S> = { readonly [name: string]: (state: S, arg: never, ctx: Context) => unknown }

type Handler<S, F, C> = F extends (...args: infer A) => infer R
  ? (
      state: S,
      arg: A extends readonly [] ? undefined : A[0],
      ctx: C,
    ) => IsStream<R> extends true
      ? Yields<R extends AsyncIterable<infer T> ? T : never>
      : Awaited<R> | Refusal | Promise<Awaited<R> | Refusal>
  : never

/** The type of `defineActor`. */
export interface DefineActor {
  /**
   * Makes an actor of `init`, which gives the state, and `on`, one handler a message. Write `init` first: the state's
   * type comes from it. Handlers may be async; one message is handled at a time. A generator handler is a stream, taken
   * by `ref.stream`: other messages are handled between its steps.
   *
   * @throws TypeError, RangeError for a definition that is no such thing.
   */
  <I, S, H>(
    definition: {
      init: (input: I, ctx: Context) => Init<S>
      on: H & HandlersOf<NoInfer<S>>
    } & Hooks<NoInfer<S>, Context>,
  ): ActorDefinition<I, ProtocolOf<H>>
  /** The same for a protocol written as an interface: for actors that name each other, and for typed `ctx.self`. */
  for<P>(): <I, S>(
    definition: {
      init: (input: I, ctx: Context<P>) => Init<S>
      on: { [K in keyof P]: Handler<NoInfer<S>, P[K], Context<P>> }
    } & Hooks<NoInfer<S>, Context<P>>,
  ) => ActorDefinition<I, P>
}

/**
 * Makes an actor definition: `defineActor({ init, on })`, or `defineActor.for<Protocol>()({ init, on })`.
 *
 * @throws TypeError, RangeError for a definition that is no such thing.
 */
export const defineActor: DefineActor = Object.assign(define, { for: () => define }) as unknown as DefineActor

/** A definition as the actor's cell runs it. */
export interface Behaviour {
  readonly kind: 'definition'
  init(input: unknown, ctx: Context): unknown
  readonly handlers: ReadonlyMap<string, HandlerFunction>
  /** Names of the handlers that are generators. A definition of an older copy of this package has none. */
  readonly generators?: ReadonlySet<string>
  readonly onDown: ((state: unknown, down: Down, ctx: Context) => unknown) | undefined
  /** A definition of an older copy of this package has none. */
  readonly onExit?: ((state: unknown, exit: Exit, ctx: Context) => unknown) | undefined
  readonly onStop: ((state: unknown, reason: Reason, ctx: Context) => unknown) | undefined
  readonly mailbox: ReturnType<typeof mailboxOptions>
  /** Of supervisors: ends the children in order, before `onStop`. */
  readonly endChildren?: (state: unknown) => Promise<void>
  /** Milliseconds that it may take to stop with its parent, when not as many as an actor. */
  readonly shutdown?: number
}

/** The end of another actor, and which hook is told of it. */
export interface News {
  readonly hook: 'onDown' | 'onExit'
  readonly told: Down | Exit
}

export type HandlerFunction = (state: unknown, arg: unknown, ctx: Context) => unknown

const DEFINITION: unique symbol = Symbol.for('@troupe/definition') as never

/** What `defineActor` made, in any copy of this package. */
export function isDefinition(value: unknown): value is Behaviour {
  return typeof value === 'object' && value !== null && DEFINITION in value
}

/** What `define` takes, without its types. */
export interface Given {
  init: (input: any, ctx: Context) => unknown
  on: Record<string, (state: any, arg: any, ctx: Context) => unknown>
  onDown?: (state: any, down: Down, ctx: Context) => unknown
  onExit?: (state: any, exit: Exit, ctx: Context) => unknown
  onStop?: (state: any, reason: Reason, ctx: Context) => unknown
  mailbox?: MailboxOptions
}

/** For actors of Troupe's own that end their children themselves: supervisors and pools. */
export function defineKeeper(
  given: Given & { endChildren: (state: any) => Promise<void>; shutdown?: number },
): Behaviour {
  const { endChildren, shutdown, ...rest } = given
  return { ...define(rest), endChildren, ...(shutdown === undefined ? {} : { shutdown }) }
}

function define(given: Given): Behaviour {
  if (typeof given !== 'object' || given === null) throw wrongType('definition', 'an object', given)
  for (const key of Object.keys(given)) {
    if (!KEYS.has(key))
      throw new TypeError(`Unknown key \`${key}\` in an actor definition: expected ${[...KEYS].join(', ')}`)
  }
  expectFunction('init', given.init)
  if (typeof given.on !== 'object' || given.on === null) throw wrongType('on', 'an object of handlers', given.on)
  for (const [name, handler] of Object.entries(given.on)) expectFunction(`on.${name}`, handler)
  for (const hook of ['onDown', 'onExit', 'onStop'] as const)
    if (given[hook] !== undefined) expectFunction(hook, given[hook])
  return {
    kind: 'definition',
    [DEFINITION]: true,
    init: given.init,
    handlers: new Map(Object.entries(given.on)),
    generators: new Set(Object.keys(given.on).filter((name) => isGenerator(given.on[name]))),
    onDown: given.onDown,
    onExit: given.onExit,
    onStop: given.onStop,
    mailbox: mailboxOptions(given.mailbox),
  } as unknown as Behaviour
}

/** By tag: it may come from another realm. */
const isGenerator = (handler: unknown): boolean => /GeneratorFunction/.test(Object.prototype.toString.call(handler))

const KEYS = new Set(['init', 'on', 'onDown', 'onExit', 'onStop', 'mailbox'])
