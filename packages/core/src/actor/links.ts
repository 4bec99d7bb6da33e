/**
 * Whom one actor is linked to: the end of either is an exit signal to the other, which ends it too, or is news to it when
 * it traps exits. Each side watches the other by itself; of links that are made and taken back the two tell each other.
 */
import { expectBoolean, wrongType } from '../errors/expect.js'
import { isClean, NOPROC, type Reason } from '../errors/reason.js'
import type { Envelope, Note } from '../message/envelope.js'
import type { RefBase } from '../ref/actor-ref.js'
import { targetOf } from '../ref/ref.js'
import { isSameActor, type Target, type Watcher } from '../ref/target.js'
import { ByActor } from './by-actor.js'

/** A trapped exit signal, as it lies in the mailbox. */
export interface ExitNote extends Note {
  readonly kind: 'exit'
  readonly target: Target
  readonly ref: RefBase
  readonly reason: Reason
}

/** Where exit signals go. */
export interface Signalled {
  /** Puts a note into the mailbox. */
  post(envelope: Envelope): void
  /** Ends the actor with the reason of the one that it was linked to. */
  fail(reason: Reason): void
}

interface Link {
  readonly target: Target
  readonly watcher: Watcher
  /** Made by `ctx.spawn`, and by nothing else: the child knows nothing of it, and a clean end of the child is no signal. */
  spawned: boolean
}

/** A link to a ref that outlives its actor. */
interface LastingLink {
  /** To which it is, once that is known, and what takes note of its end. */
  life?: Target
  over?: Watcher
  /** The link that this one repeats, until it is known whether it is to the same life. */
  before?: LastingLink | undefined
}

export class Links {
  readonly #self: Target
  readonly #refOf: (target: Target) => RefBase
  readonly #signalled: Signalled
  readonly #links = new ByActor<Link>()
  /** Links taken back of which the other side has not heard yet: a link that it tells of meanwhile is an older one. */
  readonly #unlinking = new ByActor<object>()
  /** By the ref that outlives the actor. */
  readonly #lasting = new ByActor<LastingLink>()
  readonly #notes = new Set<ExitNote>()
  #trapping = false
  /** A handler that outlives its actor may link still: nobody would take that back. */
  #ended = false

  constructor(self: Target, refOf: (target: Target) => RefBase, signalled: Signalled) {
    this.#self = self
    this.#refOf = refOf
    this.#signalled = signalled
  }

  /** Links, also those that the other side has yet to hear are taken back, and news that wait. For whoever looks for leaks. */
  get pending(): number {
    return this.#links.values().length + this.#unlinking.values().length + this.#notes.size
  }

  /** From now on signals are news. Those that came before have done what they do. */
  trap(on: boolean): void {
    this.#trapping = expectBoolean('on', on)
  }

  link(ref: RefBase): void {
    const target = expectRef(ref)
    if (this.#ended) return
    if (target.lasting === true) void this.#linkLife(target, ref)
    else this.#linkTo(target, ref)
  }

  /** The link is to the life at the call. */
  async #linkLife(target: Target, ref: RefBase): Promise<void> {
    const made: LastingLink = { before: this.#lasting.get(target) }
    this.#lasting.set(target, made)
    const life = await target.lifeNow?.().catch(() => undefined)
    if (this.#lasting.get(target) !== made) return
    unwatch(made.before)
    made.before = undefined
    if (life === undefined) {
      this.#lasting.delete(target)
      return this.#signal(target, ref, target.ended ?? NOPROC)
    }
    made.life = life
    made.over = () => {
      if (this.#lasting.get(target) === made) this.#lasting.delete(target)
    }
    life.onEnd(made.over)
    this.#linkTo(life, ref)
  }

  #linkTo(target: Target, ref: RefBase): void {
    if (isSameActor(target, this.#self)) return
    const link = this.#links.get(target)
    if (link?.spawned === false) return
    if (target.ended !== undefined) return this.#signal(target, ref, NOPROC)
    this.#unlinking.delete(target)
    this.#add(target, false, ref)
    target.linkedBy(this.#self, true)
  }

  unlink(ref: RefBase): void {
    const target = expectRef(ref)
    const lives = unwatch(this.#lasting.get(target))
    this.#lasting.delete(target)
    for (const life of lives) this.#unlinkFrom(life)
    this.#unlinkFrom(target)
  }

  #unlinkFrom(target: Target): void {
    for (const note of this.#notes) {
      if (!isSameActor(note.target, target) && !isSameActor(expectRef(note.ref), target)) continue
      note.cancelled = true
      this.#notes.delete(note)
    }
    const link = this.#remove(target)
    if (link === undefined || link.spawned) return
    const token = {}
    this.#unlinking.set(link.target, token)
    link.target.linkedBy(this.#self, false, () => {
      if (this.#unlinking.get(link.target) === token) this.#unlinking.delete(link.target)
    })
  }

  /** The other side has made a link, or taken it back. */
  linkedBy(other: Target, on: boolean): void {
    if (!on) this.#remove(other)
    else if (!this.#ended && this.#unlinking.get(other) === undefined) this.#add(other, false)
  }

  /** A child that has started; it may have ended meanwhile. */
  adopt(child: Target): void {
    if (!this.#ended && this.#links.get(child) === undefined) this.#add(child, true)
  }

  /** The note has its turn. */
  done(note: ExitNote): void {
    this.#notes.delete(note)
  }

  /** Takes all links back on this side; the others hear of the end by their watch. */
  end(): void {
    this.#ended = true
    for (const { target, watcher } of this.#links.values()) target.offEnd(watcher)
    this.#links.clear()
    this.#unlinking.clear()
    for (const made of this.#lasting.values()) unwatch(made)
    this.#lasting.clear()
    this.#notes.clear()
  }

  /** One link a pair: that of a spawn becomes one as any other. */
  #add(target: Target, spawned: boolean, ref?: RefBase): void {
    const known = this.#links.get(target)
    if (known !== undefined) {
      known.spawned &&= spawned
      return
    }
    const link: Link = {
      target,
      spawned,
      watcher: (reason) => {
        this.#links.delete(target)
        if (!link.spawned || this.#trapping || !isClean(reason)) this.#signal(target, ref, reason)
      },
    }
    this.#links.set(target, link)
    target.onEnd(link.watcher)
  }

  #remove(target: Target): Link | undefined {
    const link = this.#links.get(target)
    if (link === undefined) return undefined
    this.#links.delete(target)
    link.target.offEnd(link.watcher)
    return link
  }

  #signal(target: Target, ref: RefBase | undefined, reason: Reason): void {
    if (this.#trapping) {
      const note: ExitNote = { kind: 'exit', target, ref: ref ?? this.#refOf(target), reason, cancelled: false }
      this.#notes.add(note)
      this.#signalled.post({ name: '', arg: undefined, asker: undefined, sender: undefined, bytes: 0, note })
    } else if (reason.type !== 'normal') this.#signalled.fail(reason)
  }
}

/** Takes no note of the ends of those lives any more; gives them. */
function unwatch(made: LastingLink | undefined): Target[] {
  const lives: Target[] = []
  for (let link = made; link !== undefined; link = link.before) {
    if (link.life === undefined) continue
    if (link.over !== undefined) link.life.offEnd(link.over)
    lives.push(link.life)
  }
  return lives
}

function expectRef(ref: unknown): Target {
  const target = targetOf(ref)
  if (target === undefined) throw wrongType('ref', 'an ActorRef', ref)
  return target
}
