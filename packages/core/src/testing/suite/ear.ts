import type { Channel } from '../../ports/channel.js'

/** Opens one end of a channel, keeps what it hears, and lets a case await it. */
export class Ear {
  readonly chunks: Uint8Array[] = []
  /** Buffers that were handed over, each after so many bytes. */
  readonly moved: { readonly parcel: number; readonly buffers: readonly ArrayBuffer[]; readonly after: number }[] = []
  bytes = 0
  drains = 0
  /** How often `send` said that it is full. */
  fulls = 0
  closes = 0
  /** What was told when nothing may be: from within a call, or after the end. */
  readonly wrong: string[] = []
  #within: string | undefined
  readonly #waiting = new Set<() => void>()
  readonly #channel: Channel

  constructor(channel: Channel) {
    this.#channel = channel
  }

  open(): this {
    this.call('open', () =>
      this.#channel.open({
        onData: (chunk) => {
          this.chunks.push(chunk)
          this.bytes += chunk.length
          this.#heard('data')
        },
        onMove: (parcel, buffers) => {
          this.moved.push({ parcel, buffers, after: this.bytes })
          this.#heard('move')
        },
        onDrain: () => {
          this.drains += 1
          this.#heard('drain')
        },
        onClose: () => {
          this.closes += 1
          this.#heard('close')
        },
      }),
    )
    return this
  }

  /** One call of the channel, from within which nothing may be told. */
  call<T>(name: string, action: () => T): T {
    this.#within = name
    try {
      return action()
    } finally {
      this.#within = undefined
    }
  }

  send(bytes: Uint8Array): boolean {
    const more = this.call('send', () => this.#channel.send(bytes))
    if (!more) this.fulls += 1
    return more
  }

  /** Resolves once `holds`; looked at whenever something is heard. The case's deadline bounds it. */
  until(holds: () => boolean): Promise<void> {
    if (holds()) return Promise.resolve()
    return new Promise((resolve) => {
      const look = (): void => {
        if (!holds()) return
        this.#waiting.delete(look)
        resolve()
      }
      this.#waiting.add(look)
    })
  }

  /** Sends all in pieces, as a frame queue does: nothing while the channel is full. */
  async sendAll(all: Uint8Array, piece: number): Promise<void> {
    const scratch = new Uint8Array(piece)
    for (let at = 0; at < all.length; at += piece) {
      const part = all.subarray(at, at + piece)
      scratch.set(part)
      const before = this.drains
      const more = this.send(scratch.subarray(0, part.length))
      // The caller may overwrite it as soon as send returns.
      scratch.fill(0xee)
      if (!more && at + piece < all.length) await this.until(() => this.drains > before || this.closes > 0)
    }
  }

  get received(): Uint8Array {
    const all = new Uint8Array(this.bytes)
    let at = 0
    for (const chunk of this.chunks) {
      all.set(chunk, at)
      at += chunk.length
    }
    return all
  }

  #heard(what: string): void {
    if (this.#within !== undefined) this.wrong.push(`${what} was told from within ${this.#within}`)
    if (this.closes > 0 && what === 'data') this.wrong.push('bytes came after the end')
    if (this.closes > 1 && what === 'close') this.wrong.push('the end was told twice')
    for (const look of [...this.#waiting]) look()
  }
}

/** Bytes in which a hole, a repeat and a change of order all show. */
export function patterned(length: number, seed = 0): Uint8Array {
  const words = new Uint32Array(Math.ceil(length / 4))
  let state = Math.imul(seed + 1, 0x9e37_79b1)
  for (let at = 0; at < words.length; at += 1) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0
    words[at] = state
  }
  return new Uint8Array(words.buffer, 0, length)
}

/** The first place at which two runs of bytes differ; undefined when they are the same. */
export function firstDifference(got: Uint8Array, expected: Uint8Array): number | undefined {
  const length = Math.min(got.length, expected.length)
  for (let at = 0; at < length; at += 1) if (got[at] !== expected[at]) return at
  return got.length === expected.length ? undefined : length
}
