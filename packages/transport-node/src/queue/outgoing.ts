import type { ActorRef } from '@troupe/core'
import { targetOf, type Target } from '@troupe/core/internal'

/** What is told one near end: in order, and held here while the way there is full. */
export class Outgoing {
  readonly #target: Target
  readonly #undeliverable: (ticket: number) => void
  #held: { readonly name: string; readonly arg: unknown }[] = []

  /** `undeliverable` is told of an item that cannot travel there, as one that holds the moved end of a pipe. */
  constructor(ref: ActorRef<any>, undeliverable: (ticket: number) => void) {
    this.#target = targetOf(ref) as Target
    this.#undeliverable = undeliverable
  }

  send(name: string, arg: unknown): void {
    if (this.#held.length === 0 && this.#target.open) return this.#tell(name, arg)
    this.#held.push({ name, arg })
    if (this.#held.length === 1) void this.#target.room().then(this.#pass)
  }

  readonly #pass = (): void => {
    while (this.#held.length > 0) {
      if (!this.#target.open) return void this.#target.room().then(this.#pass)
      const { name, arg } = this.#held.shift() as { name: string; arg: unknown }
      this.#tell(name, arg)
    }
  }

  #tell(name: string, arg: unknown): void {
    try {
      this.#target.tell(name, arg, undefined)
    } catch (error) {
      const { ticket } = arg as { ticket: number }
      this.#undeliverable(ticket)
      this.#target.tell('failed', error, undefined)
    }
  }
}
