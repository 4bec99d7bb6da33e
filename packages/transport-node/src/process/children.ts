import { processRecord } from '@troupe/core/internal'
import type { Process } from './process.js'

/** The processes that `startProcess` has started in this one and that are alive; Python's `active_children`. */
export function children(): Process[] {
  return [...(processRecord().started?.running ?? [])] as Process[]
}
