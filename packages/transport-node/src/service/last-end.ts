/** Why a service's top supervisor has ended by itself: an error, or none for a clean end. */
import { ActorDownError, type Reason, type Supervising, type Supervisor } from '@troupe/core'
import { isClean } from '@troupe/core/internal'

/**
 * Keeps an eye on the significant children of `app`: an end by autoShutdown is as clean as theirs were. One that was
 * killed from within the program was somebody's decision, and no failure.
 */
export function watchSignificant(app: Supervising & Partial<Pick<Supervisor, 'childSpec'>>): {
  causeOf(reason: Reason): { error?: unknown }
} {
  const ends = new Map<string, Reason>()
  app.events$.subscribe((event) => {
    if (event.type === 'down' && app.childSpec?.(event.child)?.significant === true) ends.set(event.child, event.reason)
  })
  return {
    causeOf(reason) {
      if (reason.error !== undefined) return { error: reason.error }
      if (!isClean(reason)) return { error: new ActorDownError(reason, { actor: 'the supervisor' }) }
      for (const [child, end] of ends)
        if (!isClean(end) && end.type !== 'killed')
          return { error: end.error ?? new ActorDownError(end, { actor: `'${child}'` }) }
      return {}
    },
  }
}
