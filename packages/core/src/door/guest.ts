/**
 * A system that has come in over an endpoint: for as long as its channel holds, this process is one of its hosts. What it
 * spawns here is its own, and ends with the channel.
 */
import { ProtocolError } from '../errors/kinds.js'
import { ROOT_HOST } from '../message/address.js'
import { GUEST_LIMITS } from '../peer/allowance.js'
import { Neighbour } from '../peer/neighbour.js'
import type { Channel } from '../ports/channel.js'
import type { Clock, Timer } from '../ports/clock.js'
import type { Codec } from '../ports/codec.js'
import type { Hello } from '../wire/hello.js'

/** How long who has come in may take to say what it wants, in milliseconds. */
const HELLO_TIMEOUT = 5_000

/** A system in which this process has a share: one of the guest's hosts. */
export interface Member {
  /** Has all that lives here stop, and says so. */
  leave(): void
  flush(): void
  /** The way to the rest of it is gone: ends all that lives here. Resolves when nothing is left. */
  disconnected(): Promise<void>
}

export interface GuestGiven {
  readonly channel: Channel
  readonly codec: Codec
  readonly clock: Clock
  /** Makes this process the host that the guest says; `onEnding` is told when it is to end. */
  readonly join: (hello: Hello, neighbour: Neighbour, onEnding: () => void) => Member
  /** It is gone, and nothing of it is left here; `error` when it broke the protocol. */
  readonly onGone: (error: ProtocolError | undefined) => void
}

export class Guest {
  readonly #given: GuestGiven
  readonly #neighbour: Neighbour
  /** Until it has said hello; then, until it is gone though it was asked to leave. */
  #timer: Timer
  #member: Member | undefined
  #silent = false

  constructor(given: GuestGiven) {
    this.#given = given
    this.#timer = given.clock.setTimeout(() => this.#tooLate(), HELLO_TIMEOUT)
    this.#timer.unref?.()
    const events = {
      onHello: (hello: Hello) => this.#join(expectGuest(hello)),
      onClose: (error: ProtocolError | undefined) => void this.#gone(error),
    }
    this.#neighbour = new Neighbour(given.channel, given.codec, events, GUEST_LIMITS)
  }

  /** Ends what it has here, tells it so, and closes; kills after `timeout` milliseconds. */
  leave(timeout: number): void {
    if (this.#member === undefined) return this.#given.channel.destroy()
    if (timeout !== Infinity) {
      const { clock, channel } = this.#given
      this.#timer = clock.setTimeout(() => channel.destroy(), timeout)
      this.#timer.unref?.()
    }
    this.#member.leave()
  }

  #join(hello: Hello): void {
    const { clock, join } = this.#given
    clock.clearTimeout(this.#timer)
    const member = join(hello, this.#neighbour, () =>
      clock.setImmediate(() => {
        member.flush()
        this.#neighbour.queue.close()
      }),
    )
    this.#member = member
  }

  #tooLate(): void {
    this.#silent = true
    this.#given.channel.destroy()
  }

  async #gone(error: ProtocolError | undefined): Promise<void> {
    const { clock, onGone } = this.#given
    clock.clearTimeout(this.#timer)
    await this.#member?.disconnected()
    const silence = (): ProtocolError =>
      new ProtocolError({ peer: 'who came in', problem: `no hello within ${HELLO_TIMEOUT} ms` })
    onGone(error ?? (this.#silent ? silence() : undefined))
  }
}

/** Numbers that make this process a host of the guest's system. Throws ProtocolError. */
function expectGuest(hello: Hello): Hello {
  const { host, you } = hello
  if (host > 0 && you > ROOT_HOST && host !== you) return hello
  throw new ProtocolError({ peer: 'at the other end', problem: `it calls itself host ${host}, and us host ${you}` })
}
