/**
 * The decisions of a queue, without effects: who gets which item, and who may put one. Getters say how many items they
 * wait for; putters hold slots, as Python's semaphore has them, and put what they have a slot for without a word. Items that
 * were sent are leased until they are done, so that the death of a getter loses none.
 */

import { Ring } from '@troupe/core/internal'

/** What the line has others do. */
export interface Orders {
  /** `holder` gets that item. */
  item(holder: number, ticket: number, value: unknown): void
  /** `holder` may put so many more. */
  slots(holder: number, count: number): void
  /** `holder` is to give back the slots that it does not need. */
  recall(holder: number): void
  /** Everything put has been taken, and nothing more can come. */
  over(): void
  /** Everything put has been done. */
  done(): void
}

export type OnConsumerCrash = 'requeue' | 'done'

interface Item {
  readonly ticket: number
  readonly value: unknown
}

interface Holder {
  slots: number
  /** Items that wait there for a slot. */
  needs: number
  /** It would use more than it needs now. */
  eager: boolean
  recalled: boolean
  /** Items asked for, and sent, since it came. */
  wanted: number
  sent: number
  readonly leases: Map<number, Item>
}

/** Slots that one putter is given in advance, at most. */
const MOST_AHEAD = 256

export class Line {
  readonly #capacity: number
  readonly #onCrash: OnConsumerCrash
  readonly #orders: Orders
  readonly #holders = new Map<number, Holder>()
  /** What came back stands before all others, oldest first. */
  #returned: Item[] = []
  #items = new Ring<Item>()
  /** Whose turn it is to get: one entry for each item asked for. */
  readonly #getters: number[] = []
  /** Whose turn it is to be given a slot. */
  readonly #putters = new Set<number>()
  readonly #putsNow = new Ring<{ readonly value: unknown; readonly told: (put: boolean) => void }>()
  #granted = 0
  #leased = 0
  #unfinished = 0
  #tickets = 0
  #phase: 'open' | 'closing' | 'over' = 'open'

  constructor(capacity: number, onCrash: OnConsumerCrash, orders: Orders) {
    this.#capacity = capacity
    this.#onCrash = onCrash
    this.#orders = orders
  }

  get size(): number {
    return this.#returned.length + this.#items.length
  }

  get full(): boolean {
    return this.size >= this.#capacity
  }

  get unfinished(): number {
    return this.#unfinished
  }

  get phase(): 'open' | 'closing' | 'over' {
    return this.#phase
  }

  enter(holder: number): void {
    if (this.#holders.has(holder)) return
    this.#holders.set(holder, {
      slots: 0,
      needs: 0,
      eager: false,
      recalled: false,
      wanted: 0,
      sent: 0,
      leases: new Map(),
    })
  }

  /** It is gone: what it held is free, what it had not done is returned, or counts as done. */
  leave(holder: number): void {
    const held = this.#holders.get(holder)
    if (held === undefined) return
    this.#holders.delete(holder)
    this.#granted -= held.slots
    this.#putters.delete(holder)
    this.#leased -= held.leases.size
    for (const item of held.leases.values()) {
      if (this.#onCrash === 'requeue') this.#return(item)
      else this.#finish()
    }
    this.#move()
  }

  /** Puts what the holder has a slot for. */
  put(holder: number, value: unknown): void {
    const held = this.#holders.get(holder)
    if (held === undefined || held.slots === 0) return
    held.slots -= 1
    this.#granted -= 1
    this.#add(value)
    this.#move()
  }

  /** The holder waits with so many items for a slot; `eager` when it would like more in advance. */
  need(holder: number, count: number, eager: boolean): void {
    const held = this.#holders.get(holder)
    if (held === undefined) return
    held.needs = count
    held.eager = eager
    if (count > 0 || eager) this.#putters.add(holder)
    else this.#putters.delete(holder)
    this.#move()
  }

  giveBack(holder: number, count: number): void {
    const held = this.#holders.get(holder)
    if (held === undefined) return
    const slots = Math.min(count, held.slots)
    held.slots -= slots
    held.recalled = false
    this.#granted -= slots
    this.#move()
  }

  /** The holder wants that many more items (fewer, when negative). */
  want(holder: number, count: number): void {
    const held = this.#holders.get(holder)
    if (held === undefined) return
    held.wanted += count
    for (let more = count; more > 0; more -= 1) this.#getters.push(holder)
    for (let fewer = count; fewer < 0; fewer += 1) {
      const last = this.#getters.lastIndexOf(holder)
      if (last !== -1) this.#getters.splice(last, 1)
    }
    this.#move()
  }

  finish(holder: number, ticket: number): void {
    if (this.#release(holder, ticket) === undefined) return
    this.#finish()
    this.#move()
  }

  /** The holder did not need it after all, or could not do it. `unasked`: nobody there wanted it any more. */
  handBack(holder: number, ticket: number, unasked: boolean): void {
    const item = this.#release(holder, ticket)
    if (item === undefined) return
    const held = this.#holders.get(holder) as Holder
    if (unasked) held.sent -= 1
    this.#return(item)
    this.#move()
  }

  /** An item at once, or none. */
  takeNow(holder: number): Item | undefined {
    const held = this.#holders.get(holder)
    const item = held === undefined ? undefined : this.#shift()
    if (held === undefined || item === undefined) return undefined
    held.leases.set(item.ticket, item)
    this.#leased += 1
    this.#move()
    return item
  }

  /**
   * Takes `value` without waiting for items to be taken: `told` whether there was room. Slots that others have and do not need
   * are called back before that is decided.
   */
  putNow(value: unknown, told: (put: boolean) => void): void {
    this.#putsNow.push({ value, told })
    this.#move()
  }

  close(): void {
    if (this.#phase !== 'open') return
    this.#phase = 'closing'
    this.#move()
  }

  /** Forgets all items. */
  discard(): void {
    this.#phase = 'closing'
    this.#returned = []
    this.#items = new Ring()
    this.#holders.clear()
    this.#granted = this.#leased = 0
    this.#move()
  }

  // --------------------------------------------------------------------------------------------------------------

  #move(): void {
    this.#serve()
    this.#putNow()
    if (this.#phase === 'open') this.#grant()
    else if (this.#phase === 'closing' && this.size === 0 && this.#granted === 0 && this.#leased === 0) {
      this.#phase = 'over'
      this.#orders.over()
    }
  }

  #serve(): void {
    while (this.size > 0 && this.#getters.length > 0) {
      const holder = this.#getters.shift() as number
      const held = this.#holders.get(holder)
      if (held === undefined || held.sent >= held.wanted) continue
      const item = this.#shift() as Item
      held.sent += 1
      held.leases.set(item.ticket, item)
      this.#leased += 1
      this.#orders.item(holder, item.ticket, item.value)
    }
  }

  #putNow(): void {
    for (let first = this.#putsNow.first; first !== undefined; first = this.#putsNow.first) {
      const room = this.#phase === 'open' && this.size + this.#granted < this.#capacity
      // Somebody may give one back.
      if (!room && this.#phase === 'open' && !this.full && this.#callBack()) return
      this.#putsNow.shift()
      if (room) this.#add(first.value)
      first.told(room)
      if (room) this.#serve()
    }
  }

  /** One slot each in turn to those who wait with an item, then some in advance to those who put much. */
  #grant(): void {
    for (const holder of this.#putters) {
      const held = this.#holders.get(holder) as Holder
      const free = this.#capacity - this.size - this.#granted
      if (free <= 0) return this.#recall()
      const ahead = Math.min(MOST_AHEAD, Math.floor(free / (2 * this.#holders.size)))
      const count = Math.min(free, held.needs > 0 ? 1 : 0) + (held.eager ? Math.max(0, ahead - held.slots) : 0)
      held.needs = Math.max(0, held.needs - count)
      held.eager = false
      this.#putters.delete(holder)
      // Its next item waits behind those of the others.
      if (held.needs > 0) this.#putters.add(holder)
      if (count === 0) continue
      held.slots += count
      this.#granted += count
      this.#orders.slots(holder, count)
    }
  }

  /** Somebody waits for a slot while others may hold some in advance. */
  #recall(): void {
    const waits = [...this.#putters].some((holder) => (this.#holders.get(holder) as Holder).needs > 0)
    if (waits && !this.full) this.#callBack()
  }

  /** Calls slots back from those who do not need them; false when nobody has any. */
  #callBack(): boolean {
    let some = false
    for (const [holder, held] of this.#holders) {
      if (held.slots === 0 || held.needs > 0) continue
      some = true
      if (held.recalled) continue
      held.recalled = true
      this.#orders.recall(holder)
    }
    return some
  }

  #add(value: unknown): void {
    this.#tickets += 1
    this.#unfinished += 1
    this.#items.push({ ticket: this.#tickets, value })
  }

  #shift(): Item | undefined {
    return this.#returned.shift() ?? this.#items.shift()
  }

  #release(holder: number, ticket: number): Item | undefined {
    const leases = this.#holders.get(holder)?.leases
    const item = leases?.get(ticket)
    if (item === undefined) return undefined
    leases?.delete(ticket)
    this.#leased -= 1
    return item
  }

  #return(item: Item): void {
    const at = this.#returned.findIndex(({ ticket }) => ticket > item.ticket)
    this.#returned.splice(at === -1 ? this.#returned.length : at, 0, item)
  }

  #finish(): void {
    this.#unfinished -= 1
    if (this.#unfinished === 0) this.#orders.done()
  }
}
