/** The first element of an envelope: an actor's number, or one of these. */
export const To = {
  /** The answer to question `id`. */
  reply: 0,
  /** The error that answers question `id`. */
  fail: 1,
  /** From now on the number `name` stands for the string in `value`. */
  name: 2,
  /** The host itself: spawn, watch, whereis … */
  host: 3,
  /** A question with more than its argument: `[actor, chain, items, bytes, argument]`; a stream when `items` is not 0. */
  call: 4,
  /** Has a stream flow that was part of a message: `[its number, items, bytes]`. */
  pull: 5,
  /** An item of the stream that answers question `id`. Its end is a reply, its error a fail. */
  item: 6,
  /** Room for the stream that answers question `id`: `[items, bytes]`. */
  grant: 7,
} as const

/** Actors are numbered from here on. */
export const FIRST_ACTOR = 16

/** Envelopes are lists of that many elements: to, name, id, value, size. */
export const STRIDE = 5
