/** Results and arguments of named functions, overloads included. Inference only; see docs/decisions/0004. */
import type { Hint } from '@troupe/core'
import type { AnyFunction, ArgsOf, SignaturesOf } from '@troupe/transport-node'

type IsUnion<T, U = T> = T extends unknown ? ([U] extends [T] ? false : true) : never

/** Overloaded: what was written, to find the result; else the list itself, so that excess properties are found. */
export type Chosen<F, A> = IsUnion<ArgsOf<F>> extends true ? A : ArgsOf<F>

/** What a function gives for the arguments `A`, awaited: of overloads the first that takes them. */
export type ResultOf<F, A> = F extends {
  (...args: infer A1): infer R1
  (...args: infer A2): infer R2
  (...args: infer A3): infer R3
  (...args: infer A4): infer R4
}
  ? Awaited<
      A extends Readonly<A1>
        ? R1
        : A extends Readonly<A2>
          ? R2
          : A extends Readonly<A3>
            ? R3
            : A extends Readonly<A4>
              ? R4
              : never
    >
  : never

/** Those signatures that one argument suits. */
type Single<F> =
  SignaturesOf<F> extends infer S
    ? S extends [infer A extends unknown[], infer R]
      ? A extends readonly []
        ? [undefined, R]
        : A extends readonly [unknown?, ...infer More]
          ? [] extends More
            ? [A[0], R]
            : never
          : never
      : never
    : never

/** What each item of a `map` must be. */
export type ItemArg<F> = [Single<F>] extends [never]
  ? Hint<'the task takes more than one argument: use starmap'>
  : Single<F>[0]

/** What each item of a `map` becomes. */
export type ItemResult<F> = Single<F> extends infer S ? (S extends [unknown, infer R] ? Awaited<R> : never) : never

/** An item of what a generator gives. */
export type Each<R> = R extends AsyncIterable<infer T> | Iterable<infer T> ? T : never

export type { AnyFunction, ArgsOf, SignaturesOf }
