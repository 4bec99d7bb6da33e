import fc from 'fast-check'

/** Cuts bytes into pieces whose sizes come round again and again from `sizes`. */
export function cutBy(sizes: readonly number[]): (bytes: Uint8Array) => Uint8Array[] {
  let turn = 0
  return (bytes) => {
    const chunks: Uint8Array[] = []
    for (let at = 0; at < bytes.length; ) {
      const size = sizes[turn++ % sizes.length] as number
      chunks.push(bytes.slice(at, at + size))
      at += size
    }
    return chunks
  }
}

/** Ways to cut a stream: one byte at a time, around a header's size, large pieces, and mixtures. */
export const cuts: fc.Arbitrary<number[]> = fc.oneof(
  fc.constant<number[]>([1]),
  fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 5 }),
  fc.array(fc.integer({ min: 1, max: 100_000 }), { minLength: 1, maxLength: 5 }),
)

export function joined(parts: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(Buffer.concat(parts))
}
