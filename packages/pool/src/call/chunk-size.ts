/** Python's rule for known lengths: four chunks a worker, so that one slow chunk holds up little. */
export function chunkSizeFor(items: number, workers: number): number {
  return Math.max(1, Math.ceil(items / (workers * 4)))
}

/** Milliseconds that a chunk of a source without a known length takes: long beside its way, short for whoever waits. */
const TARGET = 5
/** So that a source is pulled little ahead, however short its tasks are: each costs little of its way then. */
const MOST = 32

/** For items that take `ms` each, as measured; undefined while that is not known. */
export function adaptiveChunkSize(ms: number | undefined): number {
  if (ms === undefined) return 1
  return Math.max(1, Math.min(MOST, Math.round(TARGET / Math.max(ms, TARGET / MOST))))
}
