/**
 * Streams in the messages between two hosts. One that leaves waits until the receiver pulls it, and lives no longer than
 * its message: until the question is answered, or the actor that was told has ended.
 */
import { AbortError } from '../errors/kinds.js'
import type { Consumer } from '../message/envelope.js'
import type { Inflow } from '../stream/inflow.js'
import { Outflow, type Source, sourceOf } from '../stream/outflow.js'
import { Incoming } from './incoming.js'

interface Exported {
  /** The message that it is part of: question `ask`, or what `actor` was told when that is 0. */
  readonly carrier: { readonly actor: number; readonly ask: number }
  readonly stream: AsyncIterable<unknown>
  outflow: Outflow | undefined
}

export class CarriedStreams {
  readonly #pull: (number: number) => Inflow
  readonly #exported = new Map<number, Exported>()
  /** The message being packed; actor 0 for what carries no streams. */
  readonly #carrier = { actor: 0, ask: 0 }
  /** Its first stream. */
  #first = 1
  #next = 1

  /** `pull` has the stream of that number flow from the other host. */
  constructor(pull: (number: number) => Inflow) {
    this.#pull = pull
  }

  /** Streams that wait here, or flow. */
  get length(): number {
    return this.#exported.size
  }

  /** What is written from now on is part of question `ask` to that actor, or of what it is told. Actor 0: of nothing. */
  carriedBy(actor: number, ask: number): void {
    this.#carrier.actor = actor
    this.#carrier.ask = ask
    this.#first = this.#next
  }

  /** The message being packed never leaves: its streams are still their owner's. Returns `error`, which is why. */
  takeBack(error: unknown): unknown {
    for (let number = this.#first; number < this.#next; number += 1) this.#exported.delete(number)
    return error
  }

  /** What travels for `stream`. Throws where none can. */
  write(stream: AsyncIterable<unknown>): unknown {
    if (this.#carrier.actor === 0) throw new TypeError('a stream travels only as part of a message to an actor')
    const number = this.#next
    this.#next += 1
    this.#exported.set(number, { carrier: { ...this.#carrier }, stream, outflow: undefined })
    return [STREAM, number]
  }

  /** The stream that travelled so; undefined for what is none. */
  read(fields: unknown): Incoming | undefined {
    if (!Array.isArray(fields) || fields[0] !== STREAM || !Number.isInteger(fields[1])) return undefined
    const number = fields[1] as number
    return new Incoming(() => this.#pull(number))
  }

  /** Has that stream flow to `consumer`, which is rejected when it is over, or flows already. */
  pulled(number: number, consumer: Consumer): void {
    const exported = this.#exported.get(number)
    if (exported === undefined || exported.outflow !== undefined) return consumer.reject(over())
    let source: Source
    try {
      source = sourceOf(exported.stream) as Source
    } catch (error) {
      this.#exported.delete(number)
      return consumer.reject(error)
    }
    const outflow = new Outflow(source, consumer, {
      schedule: (step) => void SOON.then(step),
      threw: (error) => error,
      // Its source is not ours to interrupt: it is closed.
      abort: () => false,
      over: () => this.#exported.delete(number),
    })
    exported.outflow = outflow
    outflow.start()
  }

  /** That question has been answered: whatever came with it is over. */
  answered(ask: number): void {
    if (this.#exported.size > 0) this.#close(({ carrier }) => carrier.ask === ask)
  }

  actorDown(actor: number): void {
    if (this.#exported.size > 0) this.#close(({ carrier }) => carrier.actor === actor)
  }

  end(): void {
    this.#close(() => true)
  }

  #close(concerns: (exported: Exported) => boolean): void {
    for (const [number, exported] of this.#exported) {
      if (!concerns(exported)) continue
      this.#exported.delete(number)
      if (exported.outflow === undefined) void closeUnused(exported.stream)
      else void exported.outflow.end(over())
    }
  }
}

const STREAM = 'stream'

const over = (): AbortError => new AbortError({ what: 'The stream, whose message is over,' })

const SOON = Promise.resolve()

/** Its `finally` must run, though nobody asked for an item. */
async function closeUnused(stream: AsyncIterable<unknown>): Promise<void> {
  try {
    await sourceOf(stream)?.return?.()
  } catch {
    // Nobody is left to be told.
  }
}
