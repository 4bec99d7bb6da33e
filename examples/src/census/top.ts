/** The entries with the greatest values; equal ones by name, so that the answer never depends on who came first. */
export function top<K extends string, T>(
  count: number,
  entries: Iterable<[K, T]>,
  valueOf: (value: T) => number,
): [K, T][] {
  const greatestFirst = ([a, left]: [K, T], [b, right]: [K, T]) => valueOf(right) - valueOf(left) || (a < b ? -1 : 1)
  return [...entries].sort(greatestFirst).slice(0, count)
}
