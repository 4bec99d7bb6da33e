/**
 * A queue of constant cost at both ends: an array used in a circle, doubled when it is full.
 *
 *      head            tail
 *   | . | a | b | c | . | . | . | .       mask = size - 1, indices run on and are masked
 */
export class Ring<T> {
  #slots: (T | undefined)[] = new Array<T | undefined>(16)
  #mask = 15
  #head = 0
  #tail = 0

  get length(): number {
    return this.#tail - this.#head
  }

  /** What `shift` would give. */
  get first(): T | undefined {
    return this.#slots[this.#head & this.#mask]
  }

  push(item: T): void {
    if (this.#tail - this.#head > this.#mask) this.#grow()
    this.#slots[this.#tail & this.#mask] = item
    this.#tail += 1
  }

  shift(): T | undefined {
    if (this.#head === this.#tail) return undefined
    const index = this.#head & this.#mask
    const item = this.#slots[index]
    this.#slots[index] = undefined
    this.#head += 1
    if (this.#head === this.#tail) this.#rewind()
    return item
  }

  /** Takes out the first item that `matches`; the others keep their order. Linear, and cheap near either end. */
  remove(matches: (item: T) => boolean): T | undefined {
    for (let at = this.#head; at < this.#tail; at += 1) {
      const item = this.#slots[at & this.#mask] as T
      if (!matches(item)) continue
      this.#close(at)
      return item
    }
    return undefined
  }

  /** Moves the shorter side over the slot at `at`. */
  #close(at: number): void {
    if (at - this.#head < this.#tail - at) {
      for (let next = at; next > this.#head; next -= 1) {
        this.#slots[next & this.#mask] = this.#slots[(next - 1) & this.#mask]
      }
      this.#slots[this.#head & this.#mask] = undefined
      this.#head += 1
    } else {
      for (let next = at; next < this.#tail - 1; next += 1) {
        this.#slots[next & this.#mask] = this.#slots[(next + 1) & this.#mask]
      }
      this.#tail -= 1
      this.#slots[this.#tail & this.#mask] = undefined
    }
    if (this.#head === this.#tail) this.#rewind()
  }

  #grow(): void {
    const length = this.length
    const slots = new Array<T | undefined>((this.#mask + 1) * 2)
    for (let index = 0; index < length; index += 1) slots[index] = this.#slots[(this.#head + index) & this.#mask]
    this.#slots = slots
    this.#mask = slots.length - 1
    this.#head = 0
    this.#tail = length
  }

  /** Indices start again at an empty ring, and a burst's array is given back. */
  #rewind(): void {
    this.#head = this.#tail = 0
    if (this.#mask < 1024) return
    this.#slots = new Array<T | undefined>(16)
    this.#mask = 15
  }
}
