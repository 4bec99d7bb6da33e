/** The decisions of a lock or semaphore, without effects: who holds how many permits, and whose turn is next. */
export interface PermitOrders {
  /** `abandoned`: a holder died with the permit. */
  granted(holder: number, abandoned: boolean): void
}

export class Permits {
  readonly #orders: PermitOrders
  readonly #most: number
  #free: number
  /** Of the free ones, those whose holder died. */
  #abandoned = 0
  /** In the order in which they got their first. */
  readonly #held = new Map<number, number>()
  readonly #waiting: number[] = []

  constructor(count: number, orders: PermitOrders) {
    this.#most = count
    this.#free = count
    this.#orders = orders
  }

  get free(): number {
    return this.#free
  }

  acquire(holder: number): void {
    this.#waiting.push(holder)
    this.#serve()
  }

  /** It does not wait any more; one that is on its way to it comes back by `release`. */
  withdraw(holder: number): void {
    const at = this.#waiting.lastIndexOf(holder)
    if (at !== -1) this.#waiting.splice(at, 1)
  }

  tryAcquire(holder: number): { readonly abandoned: boolean } | undefined {
    return this.#free > 0 && this.#waiting.length === 0 ? { abandoned: this.#take(holder) } : undefined
  }

  /** As Python's lock, by anybody: who holds none frees one of whoever has held longest. False when none is held. */
  release(holder: number): boolean {
    const from = this.#held.has(holder) ? holder : this.#held.keys().next().value
    if (from === undefined || this.#free >= this.#most) return false
    const left = (this.#held.get(from) ?? 1) - 1
    if (left === 0) this.#held.delete(from)
    else this.#held.set(from, left)
    this.#free += 1
    this.#serve()
    return true
  }

  /** It is gone, and what it held is free. */
  leave(holder: number): void {
    for (let at = this.#waiting.indexOf(holder); at !== -1; at = this.#waiting.indexOf(holder))
      this.#waiting.splice(at, 1)
    const held = this.#held.get(holder) ?? 0
    this.#held.delete(holder)
    this.#free += held
    this.#abandoned += held
    this.#serve()
  }

  #serve(): void {
    while (this.#free > 0 && this.#waiting.length > 0) {
      const holder = this.#waiting.shift() as number
      this.#orders.granted(holder, this.#take(holder))
    }
  }

  #take(holder: number): boolean {
    this.#free -= 1
    this.#held.set(holder, (this.#held.get(holder) ?? 0) + 1)
    if (this.#abandoned === 0) return false
    this.#abandoned -= 1
    return true
  }
}
