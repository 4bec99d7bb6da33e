/**
 * What a neighbour may have this process hold for it. A host that we started is bounded by its memory and ours; one that
 * came in from elsewhere by these counts, and is ended alone when it goes beyond.
 */
import { ProtocolError } from '../errors/kinds.js'
import { MAX_MESSAGE } from '../message/data.js'

export interface Limits {
  /** Hosts behind it that were heard of. */
  readonly hosts: number
  /** Questions of its hosts that have not been answered. */
  readonly questions: number
  /** Links that its actors have made with ours. */
  readonly links: number
  /** Bytes of messages of which only a part has come. */
  readonly parts: number
  /** Bytes for it that its channel has not taken; a message that has begun may go beyond. */
  readonly unread: number
}

/** Who came in by a door. */
export const GUEST_LIMITS: Limits = {
  hosts: 256,
  questions: 256 * 1024,
  links: 16 * 1024,
  parts: 2 * MAX_MESSAGE,
  unread: 256 * 1024 * 1024,
}

/** Who was started here, or chosen to be a host of this system. */
export const HOST_LIMITS: Limits = {
  hosts: Infinity,
  questions: Infinity,
  links: Infinity,
  parts: 2 * MAX_MESSAGE,
  unread: Infinity,
}

type Held = 'hosts' | 'questions' | 'links' | 'parts'

export class Allowance {
  readonly #limits: Limits
  readonly #held: Record<Held, number> = { hosts: 0, questions: 0, links: 0, parts: 0 }

  constructor(limits: Limits) {
    this.#limits = limits
  }

  /** @throws ProtocolError beyond the limit; the neighbour is to be ended. */
  take(what: Held, count = 1): void {
    this.#held[what] += count
    if (this.#held[what] > this.#limits[what]) throw exceeded(WORDS[what], this.#limits[what])
  }

  free(what: Held, count = 1): void {
    this.#held[what] -= count
  }

  /** What is wrong with so many bytes that wait for it; undefined when nothing is. */
  unread(bytes: number): ProtocolError | undefined {
    const { unread } = this.#limits
    return bytes > unread ? exceeded('bytes that it does not read', unread) : undefined
  }
}

const WORDS = {
  hosts: 'hosts',
  questions: 'questions at once',
  links: 'links at once',
  parts: 'bytes of blocks that never end',
}

const exceeded = (what: string, limit: number): ProtocolError =>
  new ProtocolError({ peer: 'at the other end', problem: `more than ${limit} ${what}` })
