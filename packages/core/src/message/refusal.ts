/** Made by `refuse`: the answer is an error, and the actor lives on. */
export interface Refusal {
  readonly '~refusal': true
}

const REFUSAL: unique symbol = Symbol.for('@troupe/refusal') as never

/**
 * Answers an ask with `error` without ending the actor: `return refuse(new RangeError('…'))`. The ask rejects with that
 * error. Returned by a generator it is the error of its stream, after its items. Of a tell there is no one to answer; the
 * refusal is dropped.
 */
export function refuse(error: unknown): Refusal {
  return { [REFUSAL]: true, error } as unknown as Refusal
}

export function isRefusal(value: unknown): value is Refusal & { readonly error: unknown } {
  return typeof value === 'object' && value !== null && REFUSAL in value
}

/** Returned by `init` when there is nothing to start: no actor, and no failure either (OTP's `ignore`). */
export interface Ignore {
  readonly '~ignore': true
}

/** Return it from `init` when there is nothing to start: the spawn rejects with ActorDownError, reason `normal`. */
export const ignore: Ignore = { [Symbol.for('@troupe/ignore')]: true } as unknown as Ignore

export function isIgnore(value: unknown): value is Ignore {
  return typeof value === 'object' && value !== null && Symbol.for('@troupe/ignore') in value
}
