/** Text to bytes and back: core is compiled without the types of either. */
interface Text {
  readonly TextEncoder: new () => { encode(text: string): Uint8Array }
  readonly TextDecoder: new () => { decode(bytes: Uint8Array): string }
}

export function encodeText(text: string): Uint8Array {
  return new (globalThis as unknown as Text).TextEncoder().encode(text)
}

export function decodeText(bytes: Uint8Array): string {
  return new (globalThis as unknown as Text).TextDecoder().decode(bytes)
}
