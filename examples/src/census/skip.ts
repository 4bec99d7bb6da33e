/** Why a file is left out of the census: each reason is counted, none ends the run. */
export type SkipReason = 'binary' | 'unreadable' | 'too large' | 'not a file' | 'not lexable'

export interface Skipped {
  path: string
  skip: SkipReason
}
