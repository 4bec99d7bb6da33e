/**
 * A value that stands for something which an actor keeps, such as a queue: Python's proxy. In a message it travels as that
 * actor's ref and a few fields, and becomes a proxy again where it arrives, as the kinds in the process record say.
 */
import { PORTABLE } from './data.js'

const PROXY: unique symbol = Symbol.for('@troupe/proxy') as never

/** What a proxy says when a message takes it along. */
export interface Departure {
  /** Names what it becomes, in the process record. */
  readonly kind: string
  /** The ref of the actor that keeps what it stands for. */
  readonly owner: object
  /** Data that goes with it. */
  readonly fields: unknown
  /** The message is on its way. `forget` is to be called once it is known to have arrived. */
  left?(forget: () => void): void
  /** The message could not be packed: nothing leaves. */
  stays?(): void
  /** The host that it went to has ended before anybody called `forget`. */
  lost?(): void
}

/** Makes a proxy of what travelled; `owner` may be gone already. Throws for fields that no departure has. */
export type ProxyKind = (owner: object, fields: unknown) => object

/** Has `value` travel as `depart` says. */
export function travelAs(value: object, depart: () => Departure): void {
  // A brand and no ref behind it: codecs leave it to the portables of their hosts.
  Object.defineProperty(value, PORTABLE, { value: undefined })
  Object.defineProperty(value, PROXY, { value: depart })
}

/** Throws what its owner says of a proxy that cannot leave. Undefined for what is none. */
export function departureOf(value: object): Departure | undefined {
  return PROXY in value ? (value as { [PROXY]: () => Departure })[PROXY]() : undefined
}
