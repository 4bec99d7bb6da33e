/** How long to wait before a restart. OTP never waits, and can burn its whole budget in a millisecond. */
export interface Backoff {
  /** Milliseconds before the second restart in a row; the first is immediate. */
  readonly min: number
  /** Milliseconds, at most. */
  readonly max: number
  readonly factor: number
  /** From 0 to 1: so much of it, at most, is added or taken by chance, that not all come back at one moment. */
  readonly jitter: number
  /** Milliseconds that a life must last to end the row. */
  readonly resetAfter: number
}

/** As OTP does. */
export const NO_BACKOFF: Backoff = { min: 0, max: 0, factor: 1, jitter: 0, resetAfter: Infinity }

/**
 * The length of the row after a life that lasted `lived` ms; 0 for a start that failed, and for a life that was over at
 * once: neither ends the row. 1 for the first restart in a row.
 */
export function nextInRow(row: number, lived: number, { resetAfter }: Backoff): number {
  return lived > 0 && lived >= resetAfter ? 1 : row + 1
}

/**
 * Milliseconds to wait.
 *
 * @param row restarts in a row, this one included: 1 for the first.
 * @param chance from 0 to 1.
 */
export function delay(row: number, { min, max, factor, jitter }: Backoff, chance: number): number {
  if (row <= 1 || min === 0) return 0
  const wait = Math.min(max, min * factor ** (row - 2))
  return Math.min(max, wait * (1 + jitter * (2 * chance - 1)))
}
