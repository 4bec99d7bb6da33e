/** Which neighbour leads to which host. Frames for others are passed on as bytes, never decoded. */
import { ProtocolError } from '../errors/kinds.js'
import { NOPROC, type Reason } from '../errors/reason.js'
import { Flag, type Frame, Kind } from '../wire/frame.js'
import type { Neighbour } from './neighbour.js'
import { Peer, type PeerHost } from './peer.js'

export class Router {
  readonly #local: PeerHost
  readonly #routes = new Map<number, Neighbour>()
  /** Hosts with a channel to us; all others are behind them. */
  readonly #neighbours = new Set<number>()
  readonly #peers = new Map<number, Peer>()
  /** The neighbour that leads to the root, and so to every host without a route of its own. */
  #up: Neighbour | undefined

  constructor(local: PeerHost) {
    this.#local = local
  }

  /** From now on `host` is reached over `neighbour`; `up` when it leads to the root. */
  connect(host: number, neighbour: Neighbour, up = false): Peer {
    neighbour.host = host
    this.#routes.set(host, neighbour)
    this.#neighbours.add(host)
    if (up) this.#up = neighbour
    neighbour.attach((frame) => this.#receive(frame, neighbour))
    return this.peer(host) as Peer
  }

  /** `host` lives behind `neighbour`, further away. Throws ProtocolError for ourselves, and for one that lives elsewhere. */
  learn(host: number, neighbour: Neighbour): void {
    const known = this.#routes.get(host)
    if (host === this.#local.host || (known !== undefined && known !== neighbour)) {
      throw new ProtocolError({ peer: `behind which host ${host} is said to be`, problem: 'that host lives elsewhere' })
    }
    this.#routes.set(host, neighbour)
  }

  /** Whether news of `host` may come from `neighbour`: it leads there, or to the root. */
  leads(neighbour: Neighbour, host: number): boolean {
    return (this.#routes.get(host) ?? this.#up) === neighbour
  }

  /** Our end of the way to `host`; undefined when no way leads there (any more). */
  peer(host: number): Peer | undefined {
    const known = this.#peers.get(host)
    if (known !== undefined) return known
    const neighbour = this.#routes.get(host) ?? this.#up
    if (neighbour === undefined) return undefined
    neighbour.allowance.take('hosts')
    const peer = new Peer(this.#local, host, neighbour)
    this.#peers.set(host, peer)
    return peer
  }

  *peers(): Generator<Peer> {
    yield* this.#peers.values()
  }

  /** Our peers at the other ends of our own channels. */
  *neighbours(): Generator<Peer> {
    for (const host of this.#neighbours) {
      const peer = this.peer(host)
      if (peer !== undefined) yield peer
    }
  }

  /** The host that `neighbour` leads to is gone, and with it all behind it. Returns their numbers. */
  disconnect(neighbour: Neighbour): number[] {
    const lost = [...this.#routes].filter(([, route]) => route === neighbour).map(([host]) => host)
    for (const host of lost) {
      this.#routes.delete(host)
      this.#neighbours.delete(host)
    }
    return lost
  }

  down(host: number, reason: Reason, silent: boolean): void {
    const peer = this.#peers.get(host)
    if (this.#peers.delete(host)) peer?.neighbour.allowance.free('hosts')
    this.#routes.delete(host)
    peer?.down(reason, silent)
  }

  #receive(frame: Frame, from: Neighbour): void {
    const { origin } = frame
    if ((this.#routes.get(origin) ?? this.#up) !== from || origin === this.#local.host) {
      throw new ProtocolError({ peer: `host ${frame.origin}`, problem: 'a frame in the name of another host' })
    }
    if (frame.destination === this.#local.host) return this.peer(frame.origin)?.receive(frame)
    const route = this.#routes.get(frame.destination) ?? this.#up
    if (route === from) return
    if (route !== undefined) route.queue.send(frame.bytes, overtakes(frame))
    else this.peer(frame.origin)?.note('hostDown', { host: frame.destination, reason: NOPROC, silent: false })
  }
}

const overtakes = ({ kind, flags }: Frame): boolean => kind !== Kind.block && (flags & Flag.inOrder) === 0
