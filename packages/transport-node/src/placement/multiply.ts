import type { HostUse } from '@troupe/core'
import { processRecord } from '@troupe/core/internal'

/**
 * A module that starts a process for itself while it is evaluated in one would do so there too, and so on. Not so in a
 * main program, which nobody has started; nor in a host of several actors that starts one of its own kind for one actor
 * only: there the next is refused, and until then the others in it are not to suffer from the load of one.
 *
 * @param use what the process that is to be started is for.
 * @throws Error while an announced module is being evaluated in this worker.
 */
export function mustNotMultiply(use: HostUse): void {
  const { evaluating, load, shared } = processRecord()
  const [url] = evaluating
  if (url === undefined || load === undefined || (shared === true && use === 'sole')) return
  throw new Error(
    `${url} starts a process while it is being loaded in one: it would multiply without end. Start processes from a function that the parent calls`,
  )
}
