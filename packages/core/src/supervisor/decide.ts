/** What the end of a child means for it and for its supervisor: OTP's tables, one line a pair. */
import type { RestartType } from '../definition/child-spec.js'
import { isClean, type Reason } from '../errors/reason.js'

/** `keep`: not restarted, but its spec stays. `forget`: the spec goes too. */
export type Decision = 'restart' | 'keep' | 'forget'

const table: Readonly<Record<RestartType, Readonly<Record<'clean' | 'abnormal', Decision>>>> = {
  permanent: { clean: 'restart', abnormal: 'restart' },
  transient: { clean: 'keep', abnormal: 'restart' },
  temporary: { clean: 'forget', abnormal: 'forget' },
}

/** Whether a child that ended by itself is started anew. */
export function decide(restart: RestartType, reason: Reason): Decision {
  return table[restart][isClean(reason) ? 'clean' : 'abnormal']
}

/**
 * Whether the supervisor ends too, once a child has ended by itself and is not restarted.
 *
 * @param others whether significant children are left that run, or will.
 */
export function shutsDown(
  autoShutdown: 'never' | 'any_significant' | 'all_significant',
  ended: { readonly significant: boolean },
  others: boolean,
): boolean {
  if (autoShutdown === 'never' || !ended.significant) return false
  return autoShutdown === 'any_significant' || !others
}
