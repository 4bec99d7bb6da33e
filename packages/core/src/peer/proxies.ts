/** Proxies in the messages to one host, and in those from it. */
import { type Departure, departureOf, type ProxyKind } from '../message/proxy.js'
import type { Portables } from '../ports/codec.js'
import { processRecord } from '../process/record.js'

export class CarriedProxies {
  readonly #refs: Portables
  /** Of the message being packed. */
  #packing = new Map<object, Departure>()
  /** On their way, and not known to have arrived. */
  readonly #underWay = new Set<Departure>()

  constructor(refs: Portables) {
    this.#refs = refs
  }

  /** What travels for `value`; undefined for what is no proxy. */
  write(value: object): unknown {
    const departure = departureOf(value)
    if (departure === undefined) return undefined
    if (departure.left !== undefined && this.#packing.has(value))
      throw new TypeError('It is in the message twice, and can move only once')
    this.#packing.set(value, departure)
    return [PROXY, departure.kind, this.#refs.write(departure.owner), departure.fields]
  }

  /**
   * The proxy that travelled so; undefined for fields of something else.
   *
   * @throws TypeError for a kind that this process does not know.
   */
  read(fields: unknown): unknown {
    if (!Array.isArray(fields) || fields[0] !== PROXY) return undefined
    const [, kind, owner, rest] = fields as [string, unknown, unknown, unknown]
    const make = processRecord().proxies?.get(String(kind)) as ProxyKind | undefined
    if (make === undefined) throw new TypeError(`A message holds a ${String(kind)}, which this process does not know`)
    return make(this.#refs.read(owner) as object, rest)
  }

  /** The message being packed is complete, or never leaves. */
  packed(sent: boolean): void {
    if (this.#packing.size === 0) return
    const departures = this.#packing
    this.#packing = new Map()
    for (const departure of departures.values()) {
      if (!sent) {
        departure.stays?.()
        continue
      }
      if (departure.lost !== undefined) this.#underWay.add(departure)
      departure.left?.(() => this.#underWay.delete(departure))
    }
  }

  /** The host is gone. */
  end(): void {
    for (const departure of this.#underWay) departure.lost?.()
    this.#underWay.clear()
  }
}

const PROXY = 'proxy'
