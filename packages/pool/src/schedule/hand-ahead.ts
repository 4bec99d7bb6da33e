/**
 * Whether a worker that is at work is handed one more: then it finds the next task without a round trip between the two.
 * Only where all are short, since what was handed over cannot go to a worker that becomes free meanwhile.
 */
import type { Work } from '../call/work.js'
import type { Attempt } from './attempt.js'
import { Claim } from './lease.js'
import type { Pace } from './pace.js'

/** Milliseconds: tasks that take less are handed ahead. */
const SHORT = 1

export function mayFollow(
  work: Work,
  hand: readonly Pick<Attempt, 'work' | 'phase' | 'since'>[],
  { room, pace, now }: { readonly room: number; readonly pace: Pace; readonly now: number },
): boolean {
  const isShort = (each: Work): boolean => (pace.expected(each) ?? Infinity) < SHORT
  if (hand.length > room || work.flow !== undefined || work instanceof Claim || !isShort(work)) return false
  // One that was short until now may be long this time.
  if (!hand.every((each) => isShort(each.work) && (each.phase !== 'working' || now - each.since <= SHORT))) return false
  // What goes over to a worker for good could not be given to another when that one dies.
  return work.options.transfer === undefined && work.repeatable
}

/** Whether another worker could still be given it: nothing of it has gone over for good. */
export function isWhole({ repeatable, options: { transfer = [] } }: Work): boolean {
  try {
    // Throws for one that has gone.
    for (const buffer of transfer) new Uint8Array(buffer)
    return repeatable
  } catch {
    return false
  }
}
