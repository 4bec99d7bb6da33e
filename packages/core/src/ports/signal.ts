/** The part of AbortSignal that we use: core compiles without the DOM and without Node. */
export interface AbortSignalLike {
  readonly aborted: boolean
  readonly reason: unknown
  addEventListener(type: 'abort', listener: () => void): void
  removeEventListener(type: 'abort', listener: () => void): void
}

/** In the user's program this is the real AbortSignal. */
export type Signal = typeof globalThis extends { AbortSignal: { prototype: infer S } } ? S : AbortSignalLike

export interface AbortControllerLike {
  readonly signal: Signal
  abort(reason?: unknown): void
}

export function newAbortController(): AbortControllerLike {
  const { AbortController } = globalThis as unknown as { AbortController: new () => AbortControllerLike }
  return new AbortController()
}
