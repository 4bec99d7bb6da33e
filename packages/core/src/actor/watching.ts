/** What one actor watches: turns the end of each watched actor into one note in the watcher's own mailbox. */
import type { WatchToken } from '../definition/context.js'
import { wrongType } from '../errors/expect.js'
import type { Reason } from '../errors/reason.js'
import type { Envelope, Note } from '../message/envelope.js'
import type { RefBase } from '../ref/actor-ref.js'
import { targetOf } from '../ref/ref.js'
import { isSameActor, type Target, type Watcher } from '../ref/target.js'

/** News of an end, as it lies in the watcher's mailbox. */
export interface DownNote extends Note {
  readonly kind: 'down'
  readonly token: WatchToken
  readonly ref: RefBase
  readonly reason: Reason
}

interface Watch {
  readonly target: Target
  readonly watcher: Watcher
  /** The news, once they wait in the mailbox. */
  note: DownNote | undefined
}

export class Watching {
  readonly #post: (envelope: Envelope) => void
  readonly #watches = new Map<WatchToken, Watch>()
  /** A handler that outlives its actor may watch still: nobody would take that back. */
  #ended = false

  /** `post` puts a note into the watcher's mailbox. */
  constructor(post: (envelope: Envelope) => void) {
    this.#post = post
  }

  watch(ref: RefBase): WatchToken {
    const target = targetOf(ref)
    if (target === undefined) throw wrongType('ref', 'an ActorRef', ref)
    const token = {} as WatchToken
    if (this.#ended) return token
    const watch: Watch = {
      target,
      note: undefined,
      watcher: (reason) => {
        watch.note = { kind: 'down', token, ref, reason, cancelled: false }
        this.#post({ name: '', arg: undefined, asker: undefined, sender: undefined, bytes: 0, note: watch.note })
      },
    }
    this.#watches.set(token, watch)
    if (target.ended === undefined) target.onEnd(watch.watcher)
    else watch.watcher({ type: 'noproc' })
    return token
  }

  unwatch(watch: WatchToken | RefBase): void {
    if (this.#watches.has(watch as WatchToken)) return this.#cancel(watch as WatchToken)
    const target = targetOf(watch)
    if (target === undefined) return
    for (const [token, { target: watched }] of this.#watches) {
      if (isSameActor(watched, target)) this.#cancel(token)
    }
  }

  /** The note has been handled: the watch is over. */
  done({ token }: DownNote): void {
    this.#watches.delete(token)
  }

  /** Takes all watches back, when the watcher itself ends. */
  end(): void {
    this.#ended = true
    for (const token of this.#watches.keys()) this.#cancel(token)
  }

  #cancel(token: WatchToken): void {
    const watch = this.#watches.get(token)
    this.#watches.delete(token)
    if (watch === undefined) return
    if (watch.note === undefined) watch.target.offEnd(watch.watcher)
    else watch.note.cancelled = true
  }
}
