/** The timers of one actor, by key. One that is due becomes a message in its own mailbox, and may still be taken back. */
import { expectTimeout, wrongType } from '../errors/expect.js'
import type { Envelope, Note } from '../message/envelope.js'
import type { Clock, Timer } from '../ports/clock.js'
import { mustKnow, type Knower } from './refusing.js'

export type TimerKey = string | number

/** Goes with the message of a timer, and marks it as one that always finds room. */
export interface TimerNote extends Note {
  readonly kind: 'timer'
  readonly key: TimerKey
}

export class Timers {
  readonly #actor: Knower
  readonly #clock: Clock
  readonly #post: (envelope: Envelope) => void
  /** Undefined once the actor ends: then none is set any more. */
  #timers: Map<TimerKey, { readonly note: TimerNote; readonly alarm: Timer }> | undefined = new Map()

  /** `post` puts a message into the actor's mailbox. */
  constructor(actor: Knower, clock: Clock, post: (envelope: Envelope) => void) {
    this.#actor = actor
    this.#clock = clock
    this.#post = post
  }

  set(key: TimerKey, ms: number, name: string, arg: unknown): void {
    if (typeof key !== 'string' && typeof key !== 'number') throw wrongType('key', 'a string or a number', key)
    expectTimeout('ms', ms)
    mustKnow(this.#actor, name)
    this.clear(key)
    if (ms === Infinity || this.#timers === undefined) return
    const note: TimerNote = { kind: 'timer', key, cancelled: false }
    const alarm = this.#clock.setTimeout(() => this.#post({ ...messageOf(name, arg), note }), ms)
    alarm.unref?.()
    this.#timers.set(key, { note, alarm })
  }

  /** Takes back that timer, also when its message waits already. */
  clear(key: TimerKey): void {
    const timer = this.#timers?.get(key)
    if (timer === undefined) return
    this.#timers?.delete(key)
    this.#clock.clearTimeout(timer.alarm)
    timer.note.cancelled = true
  }

  /** The message of a timer whose turn it is, as any other; undefined when it was taken back. The timer is over. */
  due({ name, arg }: Envelope, { key, cancelled }: TimerNote): Envelope | undefined {
    if (cancelled) return undefined
    this.#timers?.delete(key)
    return messageOf(name, arg)
  }

  /** Takes all back, for good: the actor ends. */
  end(): void {
    for (const key of this.#timers?.keys() ?? []) this.clear(key)
    this.#timers = undefined
  }
}

const messageOf = (name: string, arg: unknown): Envelope => ({
  name,
  arg,
  asker: undefined,
  sender: undefined,
  bytes: 0,
})
