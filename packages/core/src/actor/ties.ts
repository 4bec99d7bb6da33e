import type { News } from '../definition/define.js'
import type { RefBase } from '../ref/actor-ref.js'
import type { Target } from '../ref/target.js'
import { type ExitNote, Links, type Signalled } from './links.js'
import { type DownNote, Watching } from './watching.js'

export type EndNote = DownNote | ExitNote

/** What the ends of others mean to one actor: whom it watches, and whom it is linked to. */
export class Ties {
  readonly watching: Watching
  readonly links: Links

  constructor(self: Target, host: { refOf(target: Target): RefBase }, signalled: Signalled) {
    this.watching = new Watching((envelope) => signalled.post(envelope))
    this.links = new Links(self, (target) => host.refOf(target), signalled)
  }

  /** The note has its turn: what it tells, unless it was taken back. */
  take(note: EndNote): News | undefined {
    const { kind, ref, reason, cancelled } = note
    if (kind === 'down') this.watching.done(note)
    else this.links.done(note)
    return cancelled ? undefined : { hook: kind === 'down' ? 'onDown' : 'onExit', told: { ref, reason } }
  }

  /** The actor has ended: nothing is told any more. */
  end(): void {
    this.watching.end()
    this.links.end()
  }
}
