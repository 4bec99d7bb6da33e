import { isMainThread } from 'node:worker_threads'
import { processRecord } from '@troupe/core/internal'

/** The process that started this one. */
export interface ParentProcess {
  readonly pid: number
  /** What this process is called there, when `startProcess` started it. */
  readonly childName: string | undefined
}

/** The process that started this one or, in a thread, the one that it belongs to. Undefined in a main program. */
export function parent(): ParentProcess | undefined {
  const { load, processName } = processRecord()
  if (load === undefined) return undefined
  return { pid: isMainThread ? process.ppid : process.pid, childName: processName }
}
