/** A reply some of whose buffers are handed over to whoever asked, where the placement can, instead of being copied. */
interface HandedOver {
  readonly value: unknown
  readonly buffers: readonly ArrayBuffer[]
}

const HANDED_OVER: unique symbol = Symbol.for('@troupe/handed-over') as never

/** For a handler's result: `return handOver(image, [image.data.buffer])`. The buffers must not be used afterwards. */
export function handOver(value: unknown, buffers: readonly ArrayBuffer[]): unknown {
  return { [HANDED_OVER]: true, value, buffers }
}

export function isHandedOver(value: unknown): value is HandedOver {
  return typeof value === 'object' && value !== null && HANDED_OVER in value
}
