import { availableParallelism } from 'node:os'
import { cores } from '../../dist/pool/cores.js'

/** A system with those files, and no others. */
const system =
  (files: Record<string, string>) =>
  (path: string): string => {
    const text = files[path]
    if (text === undefined) throw new Error(`ENOENT ${path}`)
    return text
  }

const all = availableParallelism()

test.each<[string, Record<string, string>, number]>([
  ['nothing says so: all that Node tells', {}, all],
  ['version 2, no quota', { '/proc/self/cgroup': '0::/\n', '/sys/fs/cgroup/cpu.max': 'max 100000\n' }, all],
  ['version 2, one core', { '/proc/self/cgroup': '0::/\n', '/sys/fs/cgroup/cpu.max': '100000 100000\n' }, 1],
  ['version 2, half a core', { '/proc/self/cgroup': '0::/\n', '/sys/fs/cgroup/cpu.max': '50000 100000\n' }, 1],
  [
    'version 2, more than there are',
    { '/proc/self/cgroup': '0::/\n', '/sys/fs/cgroup/cpu.max': '99900000 100000' },
    all,
  ],
  [
    'version 2, the quota of a group further up',
    {
      '/proc/self/cgroup': '0::/system.slice/docker-1.scope\n',
      '/sys/fs/cgroup/system.slice/docker-1.scope/cpu.max': 'max 100000',
      '/sys/fs/cgroup/system.slice/cpu.max': '100000 100000',
    },
    1,
  ],
  [
    'version 1',
    {
      '/proc/self/cgroup': '12:memory:/a\n4:cpu,cpuacct:/a\n0::/a\n',
      '/sys/fs/cgroup/cpu/a/cpu.cfs_quota_us': '100000',
      '/sys/fs/cgroup/cpu/a/cpu.cfs_period_us': '100000',
    },
    1,
  ],
  [
    'version 1, no quota',
    {
      '/proc/self/cgroup': '4:cpu,cpuacct:/\n',
      '/sys/fs/cgroup/cpu/cpu.cfs_quota_us': '-1',
      '/sys/fs/cgroup/cpu/cpu.cfs_period_us': '100000',
    },
    all,
  ],
  ['nonsense', { '/proc/self/cgroup': 'what', '/sys/fs/cgroup/cpu.max': 'ever' }, all],
])('%s', (_, files, wanted) => {
  expect(cores(system(files))).toBe(wanted)
})

test('of this machine there is at least one', () => {
  expect(cores()).toBeGreaterThanOrEqual(1)
  expect(cores()).toBeLessThanOrEqual(all)
})
