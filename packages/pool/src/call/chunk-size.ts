/** Python's rule for known lengths: four chunks a worker, so that one slow chunk holds up little. */
export function chunkSizeFor(items: number, workers: number): number {
  return Math.max(1, Math.ceil(items / (workers * 4)))
}
