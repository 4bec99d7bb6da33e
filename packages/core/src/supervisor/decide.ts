/** Whether a child that ended by itself is started anew: OTP's table, one line a pair. */
import { isClean, type Reason } from '../errors/reason.js'

/** `permanent`: always restarted. `transient`: unless it ended cleanly. `temporary`: never. */
export type RestartType = 'permanent' | 'transient' | 'temporary'

/** `keep`: not restarted, but its spec stays. `forget`: the spec goes too. */
export type Decision = 'restart' | 'keep' | 'forget'

const table: Readonly<Record<RestartType, Readonly<Record<'clean' | 'abnormal', Decision>>>> = {
  permanent: { clean: 'restart', abnormal: 'restart' },
  transient: { clean: 'keep', abnormal: 'restart' },
  temporary: { clean: 'forget', abnormal: 'forget' },
}

export function decide(restart: RestartType, reason: Reason): Decision {
  return table[restart][isClean(reason) ? 'clean' : 'abnormal']
}
