import { idOf } from '../message/address.js'
import type { Target } from '../ref/target.js'

/** One value an actor, whichever of its targets names it. Actors of different systems are told apart. */
export class ByActor<T> {
  readonly #homes = new Map<object, Map<string, T>>()

  get({ home, address }: Target): T | undefined {
    return this.#homes.get(home)?.get(idOf(address))
  }

  set({ home, address }: Target, value: T): void {
    const values = this.#homes.get(home) ?? new Map<string, T>()
    this.#homes.set(home, values.set(idOf(address), value))
  }

  delete({ home, address }: Target): void {
    const values = this.#homes.get(home)
    if (values?.delete(idOf(address)) === true && values.size === 0) this.#homes.delete(home)
  }

  values(): T[] {
    return [...this.#homes.values()].flatMap((values) => [...values.values()])
  }

  clear(): void {
    this.#homes.clear()
  }
}
