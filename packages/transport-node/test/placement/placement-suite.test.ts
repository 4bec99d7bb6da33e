/** Processes, threads and hosts that several actors share keep what every placement promises. */
import type { Host, Launch, System } from '@troupe/core'
import { type PlacementSetup, placementSuite } from '@troupe/core/testing'
import { childProcess, remote, workerThread } from '@troupe/transport-node'
import { isAlive } from '../stories/support.js'

const actors = remote<typeof import('@troupe/core/testing/actors')>(import.meta.resolve('@troupe/core/testing/actors'))

/** One process for all actors of a case. */
function shared(): PlacementSetup['placement'] {
  const hosts = new WeakMap<System, Promise<Host>>()
  return (system) => {
    const host = hosts.get(system) ?? system.launch(childProcess())
    hosts.set(system, host)
    return host
  }
}

const setups: Record<string, PlacementSetup> = {
  'a child process': {
    placement: () => childProcess(),
    actors,
    isAlive: ({ pid }: Launch) => pid !== undefined && isAlive(pid),
  },
  'a thread': { placement: () => workerThread(), actors },
  'a shared process': { placement: shared(), actors },
}

describe.each(Object.keys(setups))('%s', (place) => {
  for (const { name, run } of placementSuite(setups[place] as PlacementSetup)) test(name, run)
})
