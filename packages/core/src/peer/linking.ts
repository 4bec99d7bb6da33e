/** Tells another host that an actor of this one links itself to one of that host, or takes the link back. */
import type { Asker } from '../message/envelope.js'
import type { Portables } from '../ports/codec.js'
import type { Ref } from '../ref/ref.js'
import type { Target } from '../ref/target.js'
import { readWireRef } from '../ref/wire-ref.js'

/** `actor` lives in that host, `by` here. `heard` is told once that host knows of a link that is taken back. */
export interface Linking {
  readonly actor: number
  readonly by: Target
  readonly on: boolean
  readonly heard: (() => void) | undefined
}

/** What it needs of the way to that host. */
export interface LinkWay {
  note(name: string, value: unknown): void
  request(name: string, value: unknown, asker: Asker): void
}

/** What it needs of this host. */
export interface LinkHost<W> {
  refOf(target: Target): Ref
  readonly refs: Portables
  serve(way: W, name: string, value: unknown, asker: Asker | undefined): void
}

/** In order with what is sent there. */
export function tellLink<W extends LinkWay>(way: W, host: LinkHost<W>, { actor, by, on, heard }: Linking): void {
  const ref = host.refOf(by)
  if (!on) return way.request('unlink', { actor, by: ref }, new Heard(heard))
  way.note('link', { actor, by: ref })
  // As if that host had asked already: who has linked himself may end before it can, and it is to know why.
  host.serve(way, 'watch', readWireRef(host.refs.write(ref)).address.actor, undefined)
}

/** However it is answered, nothing of the link is left over there. */
class Heard implements Asker {
  settled = false
  readonly abandoned = false
  onAbandon: ((asker: Asker, reason: unknown) => void) | undefined
  readonly #heard: (() => void) | undefined

  constructor(heard: (() => void) | undefined) {
    this.#heard = heard
  }

  resolve(): void {
    if (this.settled) return
    this.settled = true
    this.#heard?.()
  }

  reject(): void {
    this.resolve()
  }
}
