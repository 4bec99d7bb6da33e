/** Text to bytes and back, for the rare frames that must be readable before a codec is agreed on. */
interface Text {
  readonly TextEncoder: new () => { encode(text: string): Uint8Array }
  readonly TextDecoder: new () => { decode(bytes: Uint8Array): string }
}

export function encodeJson(value: unknown): Uint8Array {
  const { TextEncoder } = globalThis as unknown as Text
  return new TextEncoder().encode(JSON.stringify(value))
}

/** An object, or undefined for bytes that are none. */
export function decodeJson(bytes: Uint8Array): Record<string, unknown> | undefined {
  const { TextDecoder } = globalThis as unknown as Text
  try {
    const value: unknown = JSON.parse(new TextDecoder().decode(bytes))
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined
  } catch {
    return undefined
  }
}
