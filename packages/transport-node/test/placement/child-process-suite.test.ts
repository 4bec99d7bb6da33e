/** A child process keeps what every placement promises. */
import { placementSuite } from '@troupe/core/testing'
import { childProcess, remote } from '@troupe/transport-node'
import { isAlive } from '../stories/support.js'

const actors = remote<typeof import('@troupe/core/testing/actors')>(import.meta.resolve('@troupe/core/testing/actors'))

describe('a child process', () => {
  const setup = {
    placement: () => childProcess(),
    actors,
    isAlive: ({ pid }: { pid: number | undefined }) => isAlive(pid!),
  }
  for (const { name, run } of placementSuite(setup)) test(name, run)
})
