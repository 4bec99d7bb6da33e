import { type Asker, type Consumer, isConsumer } from '../message/envelope.js'

/**
 * Questions on their way to one host, by number. A number stays taken until the answer is here, also when nobody waits
 * for it any more: the other side answers each exactly once, and a number used again too early would mix up answers.
 */
export class PendingAsks {
  readonly #slots: (Asker | undefined)[] = [undefined]
  readonly #free: number[] = []

  get length(): number {
    return this.#slots.length - 1 - this.#free.length
  }

  /** Numbers from 1 on; 0 means "nobody asks". */
  add(asker: Asker): number {
    const id = this.#free.pop() ?? this.#slots.length
    this.#slots[id] = asker
    return id
  }

  /** Who takes the stream that answers question `id`. */
  consumer(id: number): Consumer | undefined {
    const asker = this.#slots[id]
    return isConsumer(asker) ? asker : undefined
  }

  take(id: number): Asker | undefined {
    const asker = this.#slots[id]
    if (asker === undefined) return undefined
    this.#slots[id] = undefined
    this.#free.push(id)
    return asker
  }

  rejectAll(error: unknown): void {
    for (let id = 1; id < this.#slots.length; id += 1) this.take(id)?.reject(error)
  }
}
