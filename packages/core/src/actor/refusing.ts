/** What becomes of messages that will not be handled: who asked is told, what was told is a dead letter. */
import type { Behaviour } from '../definition/define.js'
import { ActorDownError, MailboxFullError } from '../errors/kinds.js'
import type { Reason } from '../errors/reason.js'
import { type Overflow, type Overflowed, overflowed } from '../mailbox/options.js'
import type { Envelope } from '../message/envelope.js'

/** Why a message is a dead letter. */
export type Undelivered = Overflowed | 'down' | 'unknown'

/** What refusing needs of its actor. */
export interface Refuser {
  readonly label: string
  readonly mailbox: { readonly capacity: number; readonly overflow: Overflow }
  deadLetter(name: string, arg: unknown, why: Undelivered): void
}

/** One that knows what its actor takes. */
export interface Knower extends Refuser {
  readonly behaviour: Behaviour
}

/** The actor is down, or about to be. */
export function refuse(refuser: Refuser, envelope: Envelope, reason: Reason): void {
  if (envelope.note !== undefined) return
  if (envelope.through !== undefined) return envelope.through.takeBack(envelope, reason)
  if (envelope.asker !== undefined) envelope.asker.reject(new ActorDownError(reason, { actor: refuser.label }))
  else refuser.deadLetter(envelope.name, envelope.arg, 'down')
  envelope.sender?.handled(envelope.bytes)
}

/** There is no room for it, or for another in its place. */
export function refuseFull(refuser: Refuser, envelope: Envelope): void {
  const { capacity, overflow } = refuser.mailbox
  if (envelope.asker !== undefined) envelope.asker.reject(new MailboxFullError({ actor: refuser.label, capacity }))
  else refuser.deadLetter(envelope.name, envelope.arg, overflowed(overflow))
  envelope.sender?.handled(envelope.bytes)
}

/** There is no such handler; found out here only for messages of other hosts. */
export function refuseUnknown(refuser: Knower, envelope: Envelope): void {
  if (envelope.asker !== undefined) envelope.asker.reject(unknownMessage(refuser, envelope.name))
  else refuser.deadLetter(envelope.name, envelope.arg, 'unknown')
  envelope.sender?.handled(envelope.bytes)
}

/** A generator answers with a stream, which only `stream` takes. */
export function misused(refuser: Refuser, envelope: Envelope): void {
  const { name, asker } = envelope
  if (asker === undefined) refuser.deadLetter(name, envelope.arg, 'unknown')
  else
    asker.reject(new TypeError(`'${name}' of ${refuser.label} is a stream: use stream('${name}') in the place of ask`))
  envelope.sender?.handled(envelope.bytes)
}

/** Throws TypeError for a message that the actor does not take. */
export function mustKnow(refuser: Knower, name: string): void {
  if (!refuser.behaviour.handlers.has(name)) throw unknownMessage(refuser, name)
}

function unknownMessage({ label, behaviour }: Knower, name: string): TypeError {
  const handlers = [...behaviour.handlers.keys()].map((each) => `'${each}'`).join(', ')
  return new TypeError(`${label} has no handler called '${name}': it takes ${handlers}`)
}
