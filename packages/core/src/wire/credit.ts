import { frameOf, Kind, readUint32, writeUint32 } from './frame.js'

/** Room given back to a sender: for one actor, or with actor 0 for the pair of hosts. */
export interface Grant {
  readonly actor: number
  readonly messages: number
  readonly bytes: number
}

const GRANT_BYTES = 12

export function creditFrame(origin: number, destination: number, grants: readonly Grant[]): Uint8Array {
  const payload = new Uint8Array(grants.length * GRANT_BYTES)
  grants.forEach(({ actor, messages, bytes }, index) => {
    writeUint32(payload, index * GRANT_BYTES, actor)
    writeUint32(payload, index * GRANT_BYTES + 4, messages)
    writeUint32(payload, index * GRANT_BYTES + 8, bytes)
  })
  return frameOf({ kind: Kind.credit, flags: 0, origin, destination }, payload)
}

export function* readGrants(payload: Uint8Array): Generator<Grant> {
  for (let at = 0; at + GRANT_BYTES <= payload.length; at += GRANT_BYTES) {
    yield {
      actor: readUint32(payload, at),
      messages: readUint32(payload, at + 4),
      bytes: readUint32(payload, at + 8),
    }
  }
}
