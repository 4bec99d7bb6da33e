import { TroupeError } from '../errors/troupe-error.js'
import type { Ref } from '../ref/ref.js'

/** Who is called what in the system; kept at its root. A name is taken from the start until its actor has ended. */
export class Names {
  /** `host` claims it for an actor that it starts, as long as there is no ref. */
  readonly #byName = new Map<string, { id: string | undefined; ref: Ref | undefined; host: number }>()
  readonly #byId = new Map<string, string>()

  /** Takes the name for an actor that is being started. Throws TroupeError (ERR_NAME_TAKEN). */
  claim(name: string, host: number): void {
    const holder = this.#byName.get(name)
    if (holder !== undefined) {
      throw new TroupeError('ERR_NAME_TAKEN', { details: { name, actor: holder.id ?? 'an actor being started' } })
    }
    this.#byName.set(name, { id: undefined, ref: undefined, host })
  }

  give(name: string, ref: Ref): void {
    this.#byName.set(name, { id: ref.id, ref, host: 0 })
    this.#byId.set(ref.id, name)
  }

  find(name: string): Ref | undefined {
    return this.#byName.get(name)?.ref
  }

  /** Gives back a name that `host` has claimed for an actor that did not start. */
  release(name: string, host: number): void {
    if (this.#isClaimedBy(name, host)) this.#byName.delete(name)
  }

  /** Throws TroupeError (ERR_NAME_TAKEN) when `host` has not claimed the name, or the actor has got it already. */
  mustBeClaimedBy(name: string, host: number): void {
    const actor = this.#byName.get(name)?.id ?? 'nobody of the host that gives it'
    if (!this.#isClaimedBy(name, host)) throw new TroupeError('ERR_NAME_TAKEN', { details: { name, actor } })
  }

  /** Frees what that actor was called. */
  free(id: string): void {
    const name = this.#byId.get(id)
    this.#byId.delete(id)
    if (name !== undefined) this.#byName.delete(name)
  }

  /** Frees the names of all actors on a host that is gone, and those that it had claimed for others. */
  freeHost(host: number): void {
    for (const [name, holder] of [...this.#byName]) {
      if (holder.id === undefined && holder.host === host) this.#byName.delete(name)
    }
    for (const id of [...this.#byId.keys()]) if (id.startsWith(`${host}.`)) this.free(id)
  }

  #isClaimedBy(name: string, host: number): boolean {
    const holder = this.#byName.get(name)
    return holder !== undefined && holder.id === undefined && holder.host === host
  }
}
