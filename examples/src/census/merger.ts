/** The merger: an actor that adds up what walker and pool have found, one message at a time. */
import { type ActorDefinition, defineActor } from '@troupe/core'
import type { Facts } from './examine.js'
import { pathInside } from './path-inside.js'
import type { Skipped } from './skip.js'
import { addTo, createTotals, type Totals } from './totals.js'

export interface Merger {
  add(found: Facts | Skipped): void
  totals(): Totals
}

/** Its input is the folder of the census. */
export const merger: ActorDefinition<string, Merger> = defineActor.for<Merger>()({
  init: (folder: string) => ({ folder, totals: createTotals() }),
  on: {
    add: ({ folder, totals }, found) => addTo(totals, { ...found, path: pathInside(folder, found.path) }),
    totals: ({ totals }) => totals,
  },
})
