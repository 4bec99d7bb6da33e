/**
 * What two ends say before any frame: each proves that it knows the key without showing it, and only then do bytes
 * belong to the channel. Pure: bytes in, bytes and a verdict out. Never holds more than two parts, 73 bytes at most.
 *
 *     connecting                                        listening
 *        | 'troupe' 6 | version 1 | flags 1 | nonce 32 | ────►
 *     ◄──── | 'troupe' 6 | version 1 | flags 1 | nonce 32 |
 *        | proof 32 |                                    ────►      with a key only
 *     ◄──── | verdict 1 | proof 32 |                               the proof with a key, to who is welcome
 *
 * docs/sockets.md tells what this promises, docs/decisions/0012 why it is so.
 */
import { createHmac, timingSafeEqual } from 'node:crypto'
import { AuthenticationError, ProtocolError } from '@troupe/core'

/** Raised whenever the handshake changes its meaning. Magic and version stand first in all versions. */
export const HANDSHAKE_VERSION = 1
export const NONCE_BYTES = 32
export const PREAMBLE_BYTES = 40
export const PROOF_BYTES = 32

/** The byte with which a listening end answers; the other end tells its user why. */
export const Verdict = { welcome: 0, wrongKey: 1, keyNeeded: 2, keyUnwanted: 3, otherVersion: 4 } as const

export type Role = 'connecting' | 'listening'

export interface HandshakeOptions {
  readonly role: Role
  /** The secret that both ends know. Undefined: nobody has to prove anything. */
  readonly key: Uint8Array | undefined
  /** 32 random bytes, never used before. */
  readonly nonce: Uint8Array
  /** What ties the proofs to this very connection, equal at both ends: a value that TLS exports. */
  readonly binding?: Uint8Array | undefined
  /** The other end, for errors. */
  readonly peer: string
}

/** Bytes to send now, and how it stands. `rest` came behind the handshake and belongs to the channel. */
export type Step =
  | { readonly state: 'open'; readonly send: Uint8Array }
  | { readonly state: 'done'; readonly send: Uint8Array; readonly rest: Uint8Array }
  | { readonly state: 'refused'; readonly send: Uint8Array; readonly error: AuthenticationError | ProtocolError }

export class Handshake {
  readonly #options: HandshakeOptions
  readonly #preamble: Uint8Array
  #theirs: Uint8Array = EMPTY
  /** The part that is being received; its length tells how much of it is here. */
  #part: 'preamble' | 'proof' | 'verdict' | 'none' = 'preamble'
  #held: Uint8Array = EMPTY

  constructor(options: HandshakeOptions) {
    this.#options = options
    this.#preamble = preambleOf(options)
  }

  /** What to send before anything has come: a listening end waits, and tells strangers nothing. */
  start(): Uint8Array {
    return this.#options.role === 'connecting' ? this.#preamble : EMPTY
  }

  /** Takes what has come. To be called until the state is no longer `open`. */
  push(chunk: Uint8Array): Step {
    const sent: Uint8Array[] = []
    let rest = chunk
    for (;;) {
      const missing = this.#wanted - this.#held.length
      this.#held = joined(this.#held, rest.subarray(0, missing))
      rest = rest.subarray(missing)
      const step = this.#look(rest)
      if (step === undefined) return { state: 'open', send: joined(...sent) }
      sent.push(step.send)
      if (step.state !== 'open') return { ...step, send: joined(...sent) }
    }
  }

  /** The other end has ended before it was done. */
  ended(): ProtocolError {
    return this.#broken(
      this.#part === 'preamble' && this.#held.length === 0
        ? 'it closed the connection without a word'
        : 'it closed the connection amid the handshake',
    )
  }

  get #wanted(): number {
    if (this.#part === 'preamble') return PREAMBLE_BYTES
    if (this.#part === 'proof') return PROOF_BYTES
    // The proof follows only a welcome.
    return this.#options.key !== undefined && this.#held[0] === Verdict.welcome ? 1 + PROOF_BYTES : 1
  }

  /** What follows from the part at hand; undefined while too little of it is here. */
  #look(rest: Uint8Array): Step | undefined {
    switch (this.#part) {
      case 'preamble':
        return this.#lookAtPreamble(rest)
      case 'proof':
        return this.#held.length < PROOF_BYTES ? undefined : this.#lookAtProof(rest)
      case 'verdict':
        return this.#held.length === 0 ? undefined : this.#lookAtVerdict(rest)
      default:
        throw new Error('The handshake is over')
    }
  }

  #lookAtPreamble(rest: Uint8Array): Step | undefined {
    const { key, role } = this.#options
    const held = this.#held
    // At the first wrong byte: a stranger must not be waited for.
    const strange = held.findIndex((byte, index) => index < MAGIC.length && byte !== MAGIC[index])
    if (strange >= 0) return this.#refuse(EMPTY, this.#broken(`it does not speak Troupe: it began with ${shown(held)}`))
    const version = held[MAGIC.length]
    if (version !== undefined && version !== HANDSHAKE_VERSION) {
      const problem = `it speaks version ${version} of the handshake, we speak ${HANDSHAKE_VERSION}`
      return this.#refuse(this.#answer(Verdict.otherVersion), this.#broken(problem))
    }
    if (held.length < PREAMBLE_BYTES) return undefined
    this.#theirs = held
    if (Buffer.compare(held.subarray(-NONCE_BYTES), this.#options.nonce) === 0) {
      return this.#refuse(EMPTY, this.#broken('it sends back what we sent'))
    }
    const keyed = ((held[MAGIC.length + 1] as number) & KEYED) !== 0
    if (keyed !== (key !== undefined)) {
      return this.#refuse(this.#answer(keyed ? Verdict.keyUnwanted : Verdict.keyNeeded), this.#unlike(keyed))
    }
    if (role === 'connecting') return this.#await('verdict', key === undefined ? EMPTY : this.#proof('connecting', key))
    if (key === undefined) return this.#done(this.#answer(Verdict.welcome), rest)
    // An honest proof needs the nonce that it has not seen yet.
    if (rest.length > 0) return this.#refuse(EMPTY, this.#broken('it went on before it was answered'))
    return this.#await('proof', this.#preamble)
  }

  #lookAtProof(rest: Uint8Array): Step {
    const key = this.#options.key as Uint8Array
    if (!timingSafeEqual(this.#held, this.#proof('connecting', key))) {
      return this.#refuse(Uint8Array.of(Verdict.wrongKey), this.#wrongKey())
    }
    return this.#done(joined(Uint8Array.of(Verdict.welcome), this.#proof('listening', key)), rest)
  }

  #lookAtVerdict(rest: Uint8Array): Step | undefined {
    const { key } = this.#options
    const verdict = this.#held[0] as number
    if (verdict !== Verdict.welcome) return this.#refuse(EMPTY, this.#turnedAway(verdict))
    if (key === undefined) return this.#done(EMPTY, rest)
    if (this.#held.length === 1 && rest.length > 0) return { state: 'open', send: EMPTY }
    if (this.#held.length < 1 + PROOF_BYTES) return undefined
    if (timingSafeEqual(this.#held.subarray(1), this.#proof('listening', key))) return this.#done(EMPTY, rest)
    return this.#refuse(EMPTY, this.#wrongKey())
  }

  #await(part: 'proof' | 'verdict', send: Uint8Array): Step {
    this.#part = part
    this.#held = EMPTY
    return { state: 'open', send }
  }

  #done(send: Uint8Array, rest: Uint8Array): Step {
    this.#end()
    return { state: 'done', send, rest }
  }

  #refuse(send: Uint8Array, error: AuthenticationError | ProtocolError): Step {
    this.#end()
    return { state: 'refused', send, error }
  }

  #end(): void {
    this.#part = 'none'
    this.#held = EMPTY
  }

  /** A verdict before any proof, behind our preamble; the connecting end gives none. */
  #answer(verdict: number): Uint8Array {
    return this.#options.role === 'connecting' ? EMPTY : joined(this.#preamble, Uint8Array.of(verdict))
  }

  /** The role is part of it, so that no proof can be sent back as the other's. */
  #proof(role: Role, key: Uint8Array): Uint8Array {
    const ours = this.#options.role === 'connecting'
    return createHmac('sha256', key)
      .update(`troupe ${HANDSHAKE_VERSION} ${role}\n`)
      .update(ours ? this.#preamble : this.#theirs)
      .update(ours ? this.#theirs : this.#preamble)
      .update(this.#options.binding ?? EMPTY)
      .digest()
  }

  #turnedAway(verdict: number): AuthenticationError | ProtocolError {
    if (verdict === Verdict.wrongKey) return this.#wrongKey()
    if (verdict === Verdict.keyNeeded) return this.#unlike(true)
    if (verdict === Verdict.keyUnwanted) return this.#unlike(false)
    return this.#broken(
      verdict === Verdict.otherVersion ? 'it speaks another version of the handshake' : `it answered ${verdict}`,
    )
  }

  #wrongKey(): AuthenticationError {
    return this.#denied('the keys of the two ends differ', 'Give both ends the same `authKey`')
  }

  /** One end has a key and the other has none. */
  #unlike(theirs: boolean): AuthenticationError {
    return theirs
      ? this.#denied('it asks for a key, and this end has none', 'Give this end the same `authKey`')
      : this.#denied('this end asks for a key, and the other has none', 'Give it the same `authKey`')
  }

  #denied(problem: string, cure: string): AuthenticationError {
    return new AuthenticationError({ peer: this.#options.peer, problem, cure })
  }

  #broken(problem: string): ProtocolError {
    return new ProtocolError({ peer: this.#options.peer, problem })
  }
}

const EMPTY = new Uint8Array()
const MAGIC = Buffer.from('troupe', 'latin1')
/** The flag of an end that has a key. */
const KEYED = 1

function preambleOf({ key, nonce }: HandshakeOptions): Uint8Array {
  if (nonce.length !== NONCE_BYTES)
    throw new RangeError(`Expected a nonce of ${NONCE_BYTES} bytes, got ${nonce.length}`)
  return joined(MAGIC, Uint8Array.of(HANDSHAKE_VERSION, key === undefined ? 0 : KEYED), nonce)
}

function joined(...parts: readonly Uint8Array[]): Uint8Array {
  return Buffer.concat(parts)
}

/** What a stranger said first, fit to be printed. */
function shown(bytes: Uint8Array): string {
  return JSON.stringify(Buffer.from(bytes.subarray(0, 16)).toString('latin1'))
}
