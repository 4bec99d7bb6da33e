/** How far a run is and how fast it goes, counted from its start. */
export interface Pace {
  done: number
  total: number
  perSecond: number
  /** milliseconds to go; undefined until there is a rate to tell it from */
  leftMs: number | undefined
}

export function pace(done: number, total: number, elapsedMs: number): Pace {
  const perMs = elapsedMs > 0 ? done / elapsedMs : 0
  // Files can appear while the run goes on: there is never less than nothing left.
  const left = Math.max(0, total - done)
  return { done, total, perSecond: Math.round(perMs * 1_000), leftMs: perMs > 0 ? left / perMs : undefined }
}
