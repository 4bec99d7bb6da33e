import type { NewEvent } from '../events/observer.js'
import type { HostDown } from './hosts.js'
import { unexplained } from './started-host.js'

/** As events name an actor. */
export interface Named {
  readonly id: string
  readonly name?: string
  readonly child?: string
}

/** What the end of a host is to be told of as: of those who lived there nothing else tells. */
export function endEvents(down: HostDown, residents: readonly Named[]): NewEvent[] {
  const { reason, shared } = down
  const common = shared === true ? crashOf({ id: String(down.host) }, down) : []
  const each = residents.flatMap((resident): NewEvent[] => [
    ...(shared === true ? [] : crashOf(resident, down)),
    { type: 'down', ...resident, reason },
  ])
  return [...common, ...each]
}

function crashOf(who: Named, { reason, silent, reported }: HostDown): NewEvent[] {
  const error = silent && reported !== true ? unexplained(reason, who.id) : undefined
  return error === undefined ? [] : [{ type: 'crashed', ...who, error }]
}
