/**
 * The first frame each way. Both ends send theirs at once and read on only when the other's fits, so messages may
 * follow a hello without a round trip in between.
 */
import { ProtocolError } from '../errors/kinds.js'
import { frameOf, Kind } from './frame.js'
import { decodeJson, encodeJson } from './json.js'

/** Raised whenever frames, envelopes or control change their meaning. */
export const PROTOCOL_VERSION = 1

export interface Hello {
  readonly troupe: number
  /** The codec's name; both ends must use the same. */
  readonly codec: string
  /** The sender's number in the system; 0 while it has none. */
  readonly host: number
  /** The number that the receiver is to take; 0 when it has one. */
  readonly you: number
  readonly system: string
  readonly pid: number
  /** Reserved for trace context (W3C traceparent); ignored when not understood. */
  readonly trace?: string
}

export function helloFrame(hello: Omit<Hello, 'troupe'>): Uint8Array {
  const head = { kind: Kind.hello, flags: 0, origin: hello.host, destination: hello.you }
  return frameOf(head, encodeJson({ troupe: PROTOCOL_VERSION, ...hello }))
}

/** @throws ProtocolError when it is no hello, or of a version or codec that does not fit; it says which. */
export function readHello(payload: Uint8Array, codec: string): Hello {
  const hello = decodeJson(payload) as unknown as Hello | undefined
  if (hello === undefined || typeof hello.troupe !== 'number') throw refused('its first frame is no hello')
  if (hello.troupe !== PROTOCOL_VERSION) {
    throw refused(`it speaks version ${hello.troupe} of the protocol, we speak ${PROTOCOL_VERSION}`)
  }
  if (hello.codec !== codec) throw refused(`it uses the codec '${hello.codec}', we use '${codec}'`)
  for (const key of ['host', 'you', 'pid'] as const) {
    if (!isUint32(hello[key])) throw refused(`its hello has no whole number for '${key}'`)
  }
  if (typeof hello.system !== 'string' || hello.system.length > MAX_NAME) throw refused('its system has no name')
  return hello
}

/** What a system is called takes no more characters. */
const MAX_NAME = 1_024

/** As frames carry the numbers of hosts. */
const isUint32 = (value: unknown): boolean => typeof value === 'number' && value >>> 0 === value

const refused = (problem: string): ProtocolError => new ProtocolError({ peer: 'at the other end', problem })
