import { type Observer, portableEvent } from '../events/observer.js'
import type { Neighbour } from '../peer/neighbour.js'
import type { Peer } from '../peer/peer.js'
import type { Router } from '../peer/router.js'

/** A host, as far as its way up is concerned. */
export interface Lower {
  readonly router: Router
  readonly observer: Observer
  readonly root: Peer | undefined
}

/** Opens the way to the root, by the neighbour that leads there; all events go up it. */
export function connectUp(lower: Lower, { neighbour, host }: { neighbour: Neighbour; host: number }): void {
  lower.router.connect(host, neighbour, true)
  lower.observer.forward = (event) => {
    try {
      lower.root?.note('event', portableEvent(event))
    } catch {
      // A dead letter whose message cannot leave this thread: told without the message.
      if (event.type === 'deadLetter') lower.root?.note('event', { ...event, message: undefined, count: 1 })
    }
  }
}
