/**
 * The cores that this process may use: what the scheduler's affinity leaves, and of that no more than the quota of the
 * control groups that it is in, as containers set it. Node counts the quota only in its later versions.
 */
import { readFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'

/** @param read gives the text of a file; throws where there is none. */
export function cores(read: (path: string) => string = (path) => readFileSync(path, 'utf8')): number {
  return Math.max(1, Math.min(availableParallelism(), Math.ceil(quota(read))))
}

/** In cores; Infinity where nobody limits it. */
function quota(read: (path: string) => string): number {
  const groups = textOf(read, '/proc/self/cgroup').trim().split('\n')
  const quotas = groups.flatMap((group) => {
    const [, controllers = '', path = '/'] = /^\d+:([^:]*):(.*)$/.exec(group) ?? []
    if (controllers === '') return above(path).map((at) => versionTwo(textOf(read, `/sys/fs/cgroup${at}/cpu.max`)))
    if (!controllers.split(',').includes('cpu')) return []
    return above(path).map((at) => versionOne(read, `/sys/fs/cgroup/cpu${at}`))
  })
  return Math.min(Infinity, ...quotas)
}

/** The group and all that it is in: each may have a quota. Where a container sees only its own, that is the root. */
function above(path: string): string[] {
  const parts = path.split('/').filter((part) => part !== '' && part !== '..')
  return ['', ...parts.map((_, index) => `/${parts.slice(0, index + 1).join('/')}`)]
}

/** `max 100000`, or two numbers: microseconds of each period. */
function versionTwo(text: string): number {
  const [used, period] = text.trim().split(' ').map(Number)
  return coresOf(used, period)
}

function versionOne(read: (path: string) => string, group: string): number {
  return coresOf(
    Number(textOf(read, `${group}/cpu.cfs_quota_us`) || -1),
    Number(textOf(read, `${group}/cpu.cfs_period_us`) || -1),
  )
}

function coresOf(used: number | undefined, period: number | undefined): number {
  if (used === undefined || period === undefined || !(used > 0) || !(period > 0)) return Infinity
  return used / period
}

function textOf(read: (path: string) => string, path: string): string {
  try {
    return read(path)
  } catch {
    return ''
  }
}
