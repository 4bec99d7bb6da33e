/**
 * A protocol is an actor's handlers without state and ctx: what may be told and asked, and what comes back.
 * Inference only; nothing here exists at run time. Why each conditional stands as it does: docs/decisions/0004.
 */
import type { Refusal } from '../message/refusal.js'

type Yields<T = any> = AsyncIterable<T> | Generator<T, any, any>

/** Whether a handler's result is a stream. `any` and `never` are plain replies. */
export type IsStream<R> = 0 extends 1 & R
  ? false
  : [R] extends [never]
    ? false
    : [R] extends [Proxied]
      ? false
      : [R] extends [Yields]
        ? true
        : false

/** What travels as itself, though it can be iterated: queues, connections. */
export interface Proxied {
  readonly '~proxied': true
}

/** Its text is what the compiler's message shows. */
export interface Hint<Text extends string> {
  readonly '~hint': Text
}

/** What an asker gets of a handler's result: awaited, and without refusals, which reject. */
export type ReplyOf<R> = Exclude<Awaited<R>, Refusal>

/** What an asker sees of a handler's result: a stream's items, or the reply. */
export type Told<R> = IsStream<R> extends true ? (R extends Yields<infer T> ? AsyncIterable<T> : never) : ReplyOf<R>

type Names<P, Stream> = {
  [K in keyof P]: 0 extends 1 & P[K]
    ? K
    : P[K] extends (...args: any) => infer R
      ? IsStream<R> extends Stream
        ? K
        : never
      : never
}[keyof P] &
  string

/** Names that `tell` and `ask` take. */
export type AskName<P> = Names<P, false>
/** Names that `stream` takes. */
export type StreamName<P> = Names<P, true>

/** A handler takes one message: it stands second, options third, so that neither can be taken for the other. */
export type RestOf<F, O> = 0 extends 1 & F
  ? [arg?: any, options?: O]
  : F extends (...args: infer A) => unknown
    ? A extends readonly []
      ? [arg?: undefined, options?: O]
      : A extends readonly [unknown?]
        ? [...A, options?: O]
        : [arg: Hint<'a handler takes one message: put the values in an object'>]
    : never

/** `RestOf` by name; a table, because a conditional on `P[K]` would fit no ref of an unknown protocol. */
export type Rests<P, O> = { [K in keyof P]: RestOf<P[K], O> }

/** What `ask` resolves with, by name. */
export type Replies<P> = {
  [K in keyof P]: 0 extends 1 & P[K] ? any : P[K] extends (...args: any) => infer R ? ReplyOf<R> : never
}

/** What `stream` gives, by name. */
export type Items<P> = {
  [K in keyof P]: 0 extends 1 & P[K] ? any : P[K] extends (...args: any) => Yields<infer T> ? T : never
}

/**
 * The protocol as it is compared. Without `-?` the compiler trusts a variance measured on methods, and a ref of narrower
 * arguments would pass.
 */
export type Strict<P> = 0 extends 1 & P
  ? any
  : { [K in keyof P]-?: P[K] extends (...args: infer A) => infer R ? (...args: A) => R : P[K] }
