/**
 * A reply of many parts should not fail as a whole because one of them is no data. Its maker may attach how to mend it,
 * which costs nothing unless the packer has refused.
 */
const SALVAGE: unique symbol = Symbol.for('@troupe/salvage') as never

/** Gives the reply without the parts that `problem` finds an error in. */
export type Mend<R> = (problem: (part: unknown) => Error | undefined) => R

export function salvageable<R extends object>(reply: R, mend: Mend<R>): R {
  return Object.defineProperty(reply, SALVAGE, { value: mend, enumerable: false })
}

/** The mended reply; undefined for one that knows no mending. */
export function salvage(reply: unknown, problem: (part: unknown) => Error | undefined): unknown {
  if (typeof reply !== 'object' || reply === null || !(SALVAGE in reply)) return undefined
  return (reply[SALVAGE] as Mend<unknown>)(problem)
}
