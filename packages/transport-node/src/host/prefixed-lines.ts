/**
 * Bytes in, whole lines out, each behind a label. A line may come in any number of pieces; nothing is decoded, and in
 * UTF-8 no other character holds the byte of a line's end, so one that is cut is whole again.
 */
export class PrefixedLines {
  readonly #label: Buffer
  /** The pieces of a line that has not ended yet. */
  #rest: Buffer[] = []
  #size = 0

  constructor(label: string) {
    this.#label = Buffer.from(`[${label}] `)
  }

  /** The lines that `chunk` ends. */
  add(chunk: Buffer): Buffer {
    const out: Buffer[] = []
    let from = 0
    for (let end = chunk.indexOf(NEWLINE); end !== -1; end = chunk.indexOf(NEWLINE, from)) {
      this.#keep(chunk.subarray(from, end + 1))
      out.push(this.#line())
      from = end + 1
    }
    this.#keep(chunk.subarray(from))
    if (this.#size >= LONGEST) out.push(this.end())
    return Buffer.concat(out)
  }

  /** An unfinished last line, ended; nothing when there is none. */
  end(): Buffer {
    if (this.#size === 0) return Buffer.alloc(0)
    this.#keep(Buffer.of(NEWLINE))
    return this.#line()
  }

  #keep(piece: Buffer): void {
    if (piece.length === 0) return
    this.#rest.push(piece)
    this.#size += piece.length
  }

  #line(): Buffer {
    const line = Buffer.concat([this.#label, ...this.#rest])
    this.#rest = []
    this.#size = 0
    return line
  }
}

const NEWLINE = 10
/** Bytes of a line without end that are kept before it is cut. */
const LONGEST = 1_048_576
