/** A queue as one process has it: its waiting calls, the slots that it may put in, and the items that it has not done. */
import { QueueClosedError, QueueEmptyError, QueueFullError, type Reason, type WaitOptions } from '@troupe/core'
import { Ring } from '@troupe/core/internal'
import { snapshot } from '../codec/snapshot.js'
import { NearEnd } from '../proxy/near-end.js'
import { Waiter } from '../proxy/waiter.js'

export interface Received {
  readonly ticket: number
  readonly value: unknown
}

interface Putting {
  readonly value: unknown
  readonly waiter: Waiter<void>
}

/** What a pending join is told; the near end makes the error of it. */
export const DISCARDED = 'discarded'

/** One for all puts while there is room. */
const TAKEN = Promise.resolve()

export class NearQueue extends NearEnd {
  readonly #getting = new Ring<Waiter<Received>>()
  readonly #putting = new Ring<Putting>()
  /** Of a joinable queue: got here, oldest first, and not done. */
  readonly undone: number[] = []
  #slots = 0
  /** Given at once in advance, the last time. */
  #ahead = 0
  #want = 0
  #done: number[] = []
  #back: number[] = []
  #flushing = false
  #phase: 'open' | 'closing' | 'over' = 'open'
  #why: { readonly discarded: boolean; readonly reason: Reason | undefined } = { discarded: false, reason: undefined }

  get label(): string {
    return `The queue ${this.owner.ref.id}`
  }

  put(value: unknown, options: WaitOptions): Promise<void> {
    if (this.#phase !== 'open') return Promise.reject(this.closedError())
    // Without options, as nearly always, there is nothing to check.
    if (this.#mayPass && options.timeout === undefined && options.signal === undefined) {
      this.#send(snapshot(value, 'What is put', 'value'))
      return TAKEN
    }
    const taken = snapshot(value, 'What is put', 'value')
    const waiter = new Waiter<void>(this.owner.system.waits, options, {
      gaveUp: () => {
        this.#putting.remove((each) => each.waiter === waiter)
        this.#need()
      },
      timedOut: (timeout) => new QueueFullError({ queue: this.label, timeout }),
    })
    if (waiter.settled) return waiter.promise
    this.#putting.push({ value: taken, waiter })
    this.#pass()
    return waiter.promise
  }

  /** Whether what is put now may go at once. */
  get #mayPass(): boolean {
    return this.#slots > 0 && this.#putting.length === 0 && this.owner.target.open
  }

  get(options: WaitOptions): Promise<Received> {
    if (this.#phase === 'over') return Promise.reject(this.closedError())
    const waiter = new Waiter<Received>(this.owner.system.waits, options, {
      gaveUp: () => {
        if (this.#getting.remove((each) => each === waiter) !== undefined) this.#want -= 1
        this.#flushSoon()
      },
      timedOut: (timeout) => new QueueEmptyError({ queue: this.label, timeout }),
    })
    if (waiter.settled) return waiter.promise
    this.#getting.push(waiter)
    this.#want += 1
    this.#flushSoon()
    return waiter.promise
  }

  async getNow(): Promise<Received> {
    const received = (await this.ask('getNow', this.id)) as Received | undefined | null
    if (received === undefined || received === null) throw new QueueEmptyError({ queue: this.label, timeout: 0 })
    return received
  }

  async putNow(value: unknown): Promise<void> {
    const taken = snapshot(value, 'What is put', 'value')
    if (this.#phase === 'open' && this.#mayPass) return this.#send(taken)
    const put = await this.ask('putNow', taken)
    if (put === 'closed') throw this.closedError()
    if (put !== true) throw new QueueFullError({ queue: this.label, timeout: 0 })
  }

  done(ticket: number): void {
    this.#done.push(ticket)
    this.#flushSoon()
  }

  nack(ticket: number): void {
    this.tell('nack', { from: this.id, ticket })
  }

  /** Rejects with QueueClosedError when the owner is gone. */
  async ask(name: string, arg?: unknown, options: WaitOptions = {}): Promise<unknown> {
    this.#flush()
    try {
      return await this.owner.ref.ask(name, arg, options)
    } catch (error) {
      const { code, message } = error as { code?: unknown; message?: unknown }
      throw code === 'ERR_ACTOR_DOWN' || message === DISCARDED ? this.closedError() : error
    }
  }

  /** It was closed, and what was in it is taken: not lost with its owner, nor discarded. */
  get drained(): boolean {
    return this.#phase === 'over' && !this.#why.discarded && this.#why.reason?.type === 'normal'
  }

  get discarded(): boolean {
    return this.#why.discarded
  }

  closedError(): QueueClosedError {
    const { discarded, reason } = this.#why
    const lost = !discarded && reason !== undefined && reason.type !== 'normal'
    const why = discarded ? ', and what was in it discarded' : lost ? `: its owner is gone (${reason.type})` : ''
    return new QueueClosedError({ queue: this.label, why }, lost ? { cause: reason } : {})
  }

  // --------------------------------------------------------------------------------------------------------------

  protected receive(name: string, arg: unknown): void {
    if (name === 'item') this.#item(arg as Received)
    else if (name === 'slots') this.#given(arg as number)
    else if (name === 'recall') this.#giveBack()
    else if (name === 'failed') this.#nextGetter()?.reject(arg)
    else if (name === 'closing') this.#close()
    else if (name === 'discarded') {
      this.#why = { discarded: true, reason: undefined }
      this.#close()
    }
  }

  #item(received: Received): void {
    const waiter = this.#nextGetter()
    if (waiter !== undefined) return waiter.resolve(received)
    this.#back.push(received.ticket)
    this.#flushSoon()
  }

  #nextGetter(): Waiter<Received> | undefined {
    return this.#getting.shift()
  }

  #given(count: number): void {
    this.#slots += count
    this.#ahead = count
    this.#pass()
    if (this.#phase !== 'open') this.#giveBack()
  }

  /** What waits goes as far as there are slots, and room on the way. */
  readonly #pass = (): void => {
    while (this.#slots > 0 && this.#putting.length > 0) {
      if (!this.owner.target.open) return void this.owner.target.room().then(this.#pass)
      const { value, waiter } = this.#putting.shift() as Putting
      try {
        this.#send(value)
        waiter.resolve()
      } catch (error) {
        // It holds the end of a pipe that has moved while it waited.
        waiter.reject(error)
      }
    }
    if (this.#putting.length > 0) this.#need()
  }

  #send(value: unknown): void {
    this.owner.target.tell('put', { from: this.id, value }, undefined)
    this.#slots -= 1
    if (this.#slots === this.#ahead >> 1 && this.#ahead > 1) this.#need()
  }

  #need(): void {
    if (this.#phase === 'open') this.tell('need', { from: this.id, count: this.#putting.length, eager: true })
  }

  #giveBack(): void {
    this.tell('giveBack', { from: this.id, count: this.#slots })
    this.#slots = 0
  }

  #flushSoon(): void {
    if (this.#flushing) return
    this.#flushing = true
    void TAKEN.then(this.#flush)
  }

  readonly #flush = (): void => {
    this.#flushing = false
    if (this.#want === 0 && this.#done.length === 0 && this.#back.length === 0) return
    this.tell('take', { from: this.id, want: this.#want, done: this.#done, back: this.#back })
    this.#want = 0
    this.#done = []
    this.#back = []
  }

  #close(): void {
    if (this.#phase !== 'open') return
    this.#phase = 'closing'
    for (let next = this.#putting.shift(); next !== undefined; next = this.#putting.shift())
      next.waiter.reject(this.closedError())
    this.#giveBack()
  }

  protected ownerEnded(reason: Reason): void {
    if (!this.#why.discarded) this.#why = { discarded: false, reason }
    this.#close()
    this.#phase = 'over'
    for (let next = this.#nextGetter(); next !== undefined; next = this.#nextGetter()) next.reject(this.closedError())
  }
}
