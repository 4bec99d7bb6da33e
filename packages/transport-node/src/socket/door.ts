/**
 * The listening half of a socket. Each connection is alone until it has proven that it may come in: it has a deadline,
 * a bound on what it may say, and a place among few; whatever it does, the others do not notice.
 */
import { createServer, type Server, type Socket } from 'node:net'
import { AuthenticationError, type EndpointEvents, type Listening } from '@troupe/core'
import { introduceTo } from './introduce.js'
import { EVERY_SOCKET, hostAndPort, labelOf, type SocketPlace } from './options.js'
import { type Secure, secureAsServer } from './secure.js'
import { listenPrivately } from './unix-path.js'

/** @throws (rejects) what the system says when the place cannot be had. */
export async function openDoor(place: SocketPlace, events: EndpointEvents): Promise<Listening> {
  const door = new Door(place, events)
  await door.listen()
  return door
}

class Door implements Listening {
  readonly #place: SocketPlace
  readonly #events: EndpointEvents
  readonly #server: Server
  readonly #secure: Secure | undefined
  /** Those who are not in, and not gone. */
  readonly #strangers = new Set<Socket>()
  #state: 'open' | 'closed' = 'open'
  #port: number | undefined

  constructor(place: SocketPlace, events: EndpointEvents) {
    this.#place = place
    this.#events = events
    this.#secure = place.tls === undefined ? undefined : secureAsServer(place.tls)
    this.#server = createServer(EVERY_SOCKET, (raw) => this.#accept(raw))
  }

  get label(): string {
    return labelOf(this.#place, this.#port)
  }

  get port(): number | undefined {
    return this.#port
  }

  async listen(): Promise<void> {
    const { where } = this.#place
    if (where.kind === 'unix') await listenPrivately(this.#server, where.path)
    else this.#port = await listenAt(this.#server, where.host, where.port)
    // The system decides what keeps the process alive.
    this.#server.unref()
    this.#server.on('error', (error) => this.#events.onRefused(error, this.label))
  }

  async close(): Promise<void> {
    if (this.#state === 'closed') return
    this.#state = 'closed'
    // Frees the place at once; its callback would wait for the channels too.
    this.#server.close()
    for (const raw of this.#strangers) raw.destroy()
  }

  #accept(raw: Socket): void {
    const from = this.#nameOf(raw)
    raw.unref()
    raw.on('error', () => undefined)
    if (this.#strangers.size >= this.#place.backlog) {
      raw.destroy()
      return this.#refused(new AuthenticationError({ peer: from, ...CROWDED }), from)
    }
    this.#strangers.add(raw)
    raw.on('close', () => this.#strangers.delete(raw))
    introduceTo(raw, this.#place, 'listening', from, this.#secure).then(
      (channel) => {
        this.#strangers.delete(raw)
        if (this.#state === 'closed') channel.destroy()
        else this.#events.onChannel(channel, from)
      },
      (error: Error) => this.#refused(error, from),
    )
  }

  #refused(error: Error, from: string): void {
    if (this.#state === 'open') this.#events.onRefused(error, from)
  }

  #nameOf({ remoteAddress, remotePort }: Socket): string {
    const { where, tls } = this.#place
    if (where.kind === 'unix') return labelOf(this.#place)
    return `${tls === undefined ? 'tcp' : 'tls'}:${hostAndPort(remoteAddress, remotePort)}`
  }
}

const CROWDED = {
  problem: 'too many others are waiting to come in',
  cure: 'Try again later, or raise `backlog`',
}

/** @returns the port that was given. */
function listenAt(server: Server, host: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen({ host, port }, () => {
      server.off('error', reject)
      resolve((server.address() as { port: number }).port)
    })
  })
}
