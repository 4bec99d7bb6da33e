/** Arguments and results of named functions, overloads included. Inference only; see docs/decisions/0004. */

/** Arguments and result of each signature. Of overloads the last four count. */
export type SignaturesOf<F> = F extends {
  (...args: infer A1): infer R1
  (...args: infer A2): infer R2
  (...args: infer A3): infer R3
  (...args: infer A4): infer R4
}
  ? [A1, R1] | [A2, R2] | [A3, R3] | [A4, R4]
  : never

/** The lists of arguments that a function takes. */
export type ArgsOf<F> =
  SignaturesOf<F> extends infer S ? (S extends [infer A extends unknown[], unknown] ? Readonly<A> : never) : never
