/** What a process may hold of resident memory: measured now and then from outside, so that a busy process is too. */
import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { type Clock, TroupeError } from '@troupe/core'

/** How long after one measurement the next is taken, in milliseconds. */
export const MEASURE_EVERY: number = 250

/** The resident memory of a process in MiB; undefined for one that is gone, or whose memory nobody tells. */
export type MemoryReader = (pid: number) => Promise<number | undefined>

/** How this system tells the memory of a process; undefined where it does not. */
export function memoryReader(platform: string = process.platform, proc = '/proc'): MemoryReader | undefined {
  if (platform === 'darwin') return readByPs
  if (platform !== 'linux' || !existsSync(`${proc}/self/status`)) return undefined
  return async (pid) => rssOf(await readFile(`${proc}/${pid}/status`, 'latin1').catch(() => ''))
}

/** Where there is no /proc: a short process for each measurement. */
export const readByPs: MemoryReader = (pid) =>
  new Promise((resolve) => {
    execFile('ps', ['-o', 'rss=', '-p', String(pid)], (_, stdout) => resolve(mibOf(stdout.trim())))
  })

/** The limit of one process. */
export interface MemoryLimit {
  readonly clock: Clock
  readonly label: string
  /** MiB. */
  readonly limit: number
  readonly read: MemoryReader
}

/** Measures in a while, keeping no program alive until then, and tells an error when it is too much. */
export function measureLater(
  { clock, label, limit, read }: MemoryLimit,
  pid: number,
  tell: (tooMuch: TroupeError | undefined) => void,
): void {
  const measure = async (): Promise<void> => {
    const rss = await read(pid)
    tell(rss === undefined || rss <= limit ? undefined : tooMuch({ process: label, pid, rss: Math.ceil(rss), limit }))
  }
  const timer = clock.setTimeout(() => void measure(), MEASURE_EVERY)
  timer.unref?.()
}

const tooMuch = (details: { process: string; pid: number; rss: number; limit: number }): TroupeError =>
  new TroupeError('ERR_OUT_OF_MEMORY', { details })

/** A process that has ended and is not taken notice of yet has no such line. */
const rssOf = (status: string): number | undefined => mibOf(/^VmRSS:\s*(\d+) kB$/m.exec(status)?.[1])

const mibOf = (kib: string | undefined): number | undefined =>
  kib === undefined || kib === '' ? undefined : Number(kib) / 1_024
