/**
 * Who waits for whom, carried by questions that are asked from within a handler: the handlings that wait for the answer,
 * outermost first. An actor that is asked by a chain in which its own handling stands would wait for itself.
 */
export type Chain = readonly string[]

const CHAIN: unique symbol = Symbol.for('@troupe/chain') as never

/** Options of a question that carry `chain`; hidden, since whoever asks from outside of a handler starts a new one. */
export function withChain<O extends object>(options: O | undefined, chain: Chain): O {
  return { ...options, [CHAIN]: chain } as unknown as O
}

export function chainOf(options: object | undefined): Chain | undefined {
  return (options as { [CHAIN]?: Chain } | undefined)?.[CHAIN]
}
