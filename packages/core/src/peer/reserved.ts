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
} as const

/** Actors are numbered from here on. */
export const FIRST_ACTOR = 16

/** Envelopes are lists of that many elements: to, name, id, value, size. */
export const STRIDE = 5
