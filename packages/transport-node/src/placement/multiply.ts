import { processRecord } from '@troupe/core/internal'

/** @throws Error while an announced module is being evaluated in this worker. */
export function mustNotMultiply(): void {
  const [url] = processRecord().evaluating
  if (url === undefined) return
  throw new Error(
    `${url} starts a process while it is being loaded in one: it would multiply without end. Start processes from a function that the parent calls`,
  )
}
