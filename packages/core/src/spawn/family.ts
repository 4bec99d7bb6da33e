import type { Cell } from '../actor/cell.js'
import type { Children } from '../actor/children.js'
import { ActorDownError } from '../errors/kinds.js'
import { KILLED, SHUTDOWN } from '../errors/reason.js'

/** Whose child a new actor is, and whether the two are linked. */
export interface Family {
  readonly parent: Cell | undefined
  readonly children: Children
  readonly linked: boolean
}

/** One that is ending has nobody left to end what it would start. Throws ActorDownError. */
export function mustLive(parent: Cell | undefined): void {
  if (parent === undefined || parent.phase === 'starting' || parent.phase === 'running') return
  const reason = parent.ended ?? (parent.phase === 'killing' ? KILLED : SHUTDOWN)
  throw new ActorDownError(reason, { actor: `the parent, ${parent.label},` })
}
