import type { Strategy } from '../definition/supervise.js'

/** Whom a restart of `failed` concerns, in the order of start: OTP's strategies. Those beside it are stopped first. */
export function affected<T>(strategy: Strategy, children: readonly T[], failed: T): readonly T[] {
  if (strategy === 'one_for_one') return [failed]
  return strategy === 'one_for_all' ? children : children.slice(children.indexOf(failed))
}
