/**
 * Chunks, cut anywhere, to frames. Holds at most one frame of at most MAX_PAYLOAD bytes: a length beyond that is
 * refused before anything is allocated. A frame that lies whole in its chunk is not copied.
 */
import { ProtocolError } from '../errors/kinds.js'
import { type Frame, HEADER_BYTES, Kind, MAX_PAYLOAD, readUint32 } from './frame.js'

export class FrameDecoder {
  readonly #onFrame: (frame: Frame) => void
  /** A frame that is not whole yet, and how much of it is here. */
  #partial: Uint8Array | undefined
  #have = 0

  constructor(onFrame: (frame: Frame) => void) {
    this.#onFrame = onFrame
  }

  /** True between two frames: a channel that ends elsewhere was cut. */
  get atBorder(): boolean {
    return this.#partial === undefined
  }

  /** @throws ProtocolError for bytes that are no frame; the decoder must not be used any more. */
  push(chunk: Uint8Array): void {
    let at = 0
    while (at < chunk.length) {
      if (this.#partial !== undefined) at = this.#fill(this.#partial, chunk, at)
      else if (chunk.length - at < HEADER_BYTES) at = this.#fill(this.#begin(HEADER_BYTES), chunk, at)
      else {
        const size = sizeOf(chunk, at)
        if (chunk.length - at < size) at = this.#fill(this.#begin(size), chunk, at)
        else {
          this.#emit(chunk.subarray(at, at + size))
          at += size
        }
      }
    }
  }

  #begin(size: number): Uint8Array {
    this.#have = 0
    return (this.#partial = new Uint8Array(size))
  }

  #fill(partial: Uint8Array, chunk: Uint8Array, at: number): number {
    const taken = Math.min(partial.length - this.#have, chunk.length - at)
    partial.set(chunk.subarray(at, at + taken), this.#have)
    this.#have += taken
    if (this.#have === partial.length) this.#complete(partial)
    return at + taken
  }

  /** What is full may have been a header only; then the frame's length is known now. */
  #complete(partial: Uint8Array): void {
    const size = sizeOf(partial, 0)
    this.#partial = undefined
    if (size === partial.length) return this.#emit(partial)
    const whole = this.#begin(size)
    whole.set(partial)
    this.#have = partial.length
  }

  #emit(bytes: Uint8Array): void {
    this.#onFrame({
      kind: bytes[4] as number,
      flags: bytes[5] as number,
      origin: readUint32(bytes, 8),
      destination: readUint32(bytes, 12),
      bytes,
    })
  }
}

function sizeOf(bytes: Uint8Array, at: number): number {
  const length = readUint32(bytes, at)
  const kind = bytes[at + 4] as number
  if (length > MAX_PAYLOAD) throw broken(`a frame of ${length} bytes, more than ${MAX_PAYLOAD}`)
  if (kind < Kind.hello || kind > Kind.control) throw broken(`a frame of unknown kind ${kind}`)
  return HEADER_BYTES + length
}

const broken = (problem: string): ProtocolError => new ProtocolError({ peer: 'at the other end', problem })
