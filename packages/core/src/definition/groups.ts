import type { ActorRef, RefBase } from '../ref/actor-ref.js'

/**
 * Actors under one name, many at a time (OTP's pg): to find all who do a job, wherever they live. A group is there while
 * it has members, and an actor is one until it ends. Kept at the root of the system; `join` and `leave` are not waited
 * for, and are in order with a later `members()` of the same host.
 *
 * All throw TroupeError (ERR_SYSTEM_STOPPED) once the system has ended, and TypeError for what is no group or no ref.
 */
export interface Groups {
  /** Makes the actor a member. Joins are counted: who has joined twice must leave twice. */
  join(group: string, ref: RefBase): void
  /** Takes one join back. Does nothing for an actor that is no member. */
  leave(group: string, ref: RefBase): void
  /** The living members in the order in which they joined, each once, however often it did; `[]` for no such group. */
  members<P = any>(group: string): Promise<ActorRef<P>[]>
}
