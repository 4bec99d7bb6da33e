/** What travels by itself between two hosts: refs, proxies, streams, and buffers that are handed over. */
import { findBadMember, notData, PORTABLE } from '../message/data.js'
import { isMoved, movedFields, readMoved } from '../message/moved.js'
import type { Portables } from '../ports/codec.js'
import { CarriedProxies } from './proxies.js'
import type { CarriedStreams } from './carried.js'
import type { Neighbour } from './neighbour.js'

export class PeerPortables implements Portables {
  readonly #host: number
  readonly #neighbour: Neighbour
  readonly #refs: Portables
  readonly #streams: CarriedStreams
  readonly #proxies: CarriedProxies
  /** Of the message being packed. */
  #moving: { readonly parcel: number | undefined; readonly buffers: readonly ArrayBuffer[] } | undefined

  constructor(given: { host: number; neighbour: Neighbour; refs: Portables; streams: CarriedStreams }) {
    this.#host = given.host
    this.#neighbour = given.neighbour
    this.#refs = given.refs
    this.#streams = given.streams
    this.#proxies = new CarriedProxies(given.refs)
  }

  /**
   * Hands over the buffers of a message that is packed next, until `packed`. They are gone then, so it is looked at first.
   *
   * @throws SerializationError when it is not data, TypeError for buffers that cannot be handed over; nothing has happened.
   */
  moving(value: unknown, buffers: readonly ArrayBuffer[], what: string): void {
    if (findBadMember(value) !== undefined) throw notData(value, undefined, what)
    // A router passes bytes on, and nothing else.
    const parcel = this.#neighbour.host === this.#host ? this.#neighbour.parcels.send(buffers) : undefined
    this.#moving = { parcel, buffers }
  }

  packed(): void {
    this.#moving = undefined
  }

  write(value: object): unknown {
    if (isMoved(value)) return movedFields(value, this.#moving?.parcel, this.#moving?.buffers ?? [])
    if (!(PORTABLE in value)) return this.#streams.write(value as AsyncIterable<unknown>)
    return this.#proxies.write(value) ?? this.#refs.write(value)
  }

  read(fields: unknown): unknown {
    const known = this.#streams.read(fields) ?? readMoved(fields, (parcel) => this.#neighbour.parcels.take(parcel))
    return known ?? this.#proxies.read(fields) ?? this.#refs.read(fields)
  }

  appended(sent: boolean): void {
    this.#proxies.packed(sent)
  }

  /** The host is gone. */
  end(): void {
    this.#streams.end()
    this.#proxies.end()
  }
}
