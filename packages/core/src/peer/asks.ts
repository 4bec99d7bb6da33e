import { ProtocolError } from '../errors/kinds.js'
import { type Asker, isConsumer } from '../message/envelope.js'

/**
 * Questions on their way to one host, by number. A number stays taken until the answer is here, also when nobody waits
 * for it any more: the other side answers each exactly once, and a number used again too early would mix up answers.
 */
export class PendingAsks {
  /** What the streams that answer may still send. */
  readonly #rooms = new Map<number, { items: number; bytes: number }>()
  readonly #slots: (Asker | undefined)[] = [undefined]
  readonly #free: number[] = []

  get length(): number {
    return this.#slots.length - 1 - this.#free.length
  }

  /** Numbers from 1 on; 0 means "nobody asks". */
  add(asker: Asker): number {
    const id = this.#free.pop() ?? this.#slots.length
    this.#slots[id] = asker
    if (isConsumer(asker)) this.#rooms.set(id, { ...asker.window })
    return id
  }

  /** An item of the stream that answers question `id`. Throws ProtocolError when it had no room for it. */
  item(id: number, value: unknown, bytes: number): void {
    const [consumer, room] = [this.#slots[id], this.#rooms.get(id)]
    if (room === undefined || !isConsumer(consumer)) return
    if (room.items <= 0 || room.bytes <= 0) {
      throw new ProtocolError({ peer: 'at the other end', problem: 'more items of a stream than have room' })
    }
    room.items -= 1
    room.bytes -= bytes
    consumer.item(value, bytes)
  }

  /** It may send so much more. */
  granted(id: number, items: number, bytes: number): void {
    const room = this.#rooms.get(id)
    if (room === undefined) return
    room.items += items
    room.bytes += bytes
  }

  take(id: number): Asker | undefined {
    const asker = this.#slots[id]
    if (asker === undefined) return undefined
    this.#slots[id] = undefined
    this.#rooms.delete(id)
    this.#free.push(id)
    return asker
  }

  rejectAll(error: unknown): void {
    for (let id = 1; id < this.#slots.length; id += 1) this.take(id)?.reject(error)
  }
}
