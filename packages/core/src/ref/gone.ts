import { ActorDownError } from '../errors/kinds.js'
import { NOPROC, type Reason } from '../errors/reason.js'
import { type Address, idOf } from '../message/address.js'
import type { Asker } from '../message/envelope.js'
import type { Target, Watcher } from './target.js'

/** Where a ref leads whose actor is not there any more. */
export class Gone implements Target {
  readonly address: Address
  readonly home: object
  readonly capacity = 0
  readonly open = true
  readonly ended: Reason = NOPROC
  readonly exited: Promise<Reason> = Promise.resolve(NOPROC)
  readonly #deadLetter: (target: Target, name: string, arg: unknown, why: 'down') => void

  constructor(
    address: Address,
    home: object,
    deadLetter: (target: Target, name: string, arg: unknown, why: 'down') => void,
  ) {
    this.address = address
    this.home = home
    this.#deadLetter = deadLetter
  }

  get label(): string {
    return idOf(this.address)
  }

  tell(name: string, arg: unknown): boolean {
    this.#deadLetter(this, name, arg, 'down')
    return false
  }

  ask(_name: string, _arg: unknown, asker: Asker): void {
    asker.reject(new ActorDownError(NOPROC, { actor: this.label }))
  }

  room(): Promise<void> {
    return Promise.resolve()
  }

  stop(): void {}

  kill(): void {}

  onEnd(watcher: Watcher): void {
    watcher(NOPROC)
  }

  offEnd(): void {}

  linkedBy(_other: Target, _on: boolean, heard?: () => void): void {
    heard?.()
  }
}
