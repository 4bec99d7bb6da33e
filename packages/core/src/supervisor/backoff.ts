/** How long to wait before a restart. OTP waits never, and can burn its whole budget in a millisecond. */
export interface Backoff {
  /** Milliseconds before the second restart in a row; the first is immediate. */
  readonly min: number
  /** Milliseconds, at most. */
  readonly max: number
  readonly factor: number
}

/** @param failures restarts in a row that did not last, this one included: 1 for the first. */
export function delay(failures: number, { min, max, factor }: Backoff): number {
  return failures <= 1 ? 0 : Math.min(max, min * factor ** (failures - 2))
}
