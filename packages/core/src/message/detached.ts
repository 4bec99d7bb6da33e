/**
 * A handler's result that is not waited for: the actor takes its next message at once, and the asker is answered when
 * `result` settles. OTP's `noreply` with a later `reply`; used by supervisors, whose starts must not hold each other up.
 */
export class Detached {
  readonly result: PromiseLike<unknown>

  constructor(result: PromiseLike<unknown>) {
    this.result = result
  }
}
