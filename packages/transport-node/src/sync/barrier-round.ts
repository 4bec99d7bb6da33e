/** The decisions of a barrier, without effects. */
export interface Party {
  readonly from: number
  /** Of its call. */
  readonly call: number
}

export interface BarrierOrders {
  passed(party: Party, index: number): void
  broken(party: Party, why: string): void
}

export class BarrierRound {
  readonly #parties: number
  readonly #orders: BarrierOrders
  #waiting: Party[] = []
  #broken: string | undefined

  constructor(parties: number, orders: BarrierOrders) {
    this.#parties = parties
    this.#orders = orders
  }

  get waiting(): number {
    return this.#waiting.length
  }

  get broken(): boolean {
    return this.#broken !== undefined
  }

  arrive(party: Party): void {
    if (this.#broken !== undefined) return this.#orders.broken(party, this.#broken)
    this.#waiting.push(party)
    if (this.#waiting.length < this.#parties) return
    const all = this.#waiting
    this.#waiting = []
    for (const [index, each] of all.entries()) this.#orders.passed(each, index)
  }

  /** That call waits no more: as in Python, nobody gets through then. One that has passed already breaks nothing. */
  giveUp({ from, call }: Party): void {
    const waits = this.#waiting.some((each) => each.from === from && each.call === call)
    if (waits) this.abort('a party gave up')
  }

  /** A process that takes part is gone; `clean` when in order, which harms only a round that it waits in. */
  leave(from: number, clean: boolean): void {
    const waits = this.#waiting.some((each) => each.from === from)
    this.#waiting = this.#waiting.filter((each) => each.from !== from)
    if (waits || !clean) this.abort('a party died')
  }

  abort(why: string): void {
    this.#broken ??= why
    this.#breakAll(this.#broken)
  }

  reset(): void {
    this.#breakAll('it was reset')
    this.#broken = undefined
  }

  #breakAll(why: string): void {
    const all = this.#waiting
    this.#waiting = []
    for (const each of all) this.#orders.broken(each, why)
  }
}
